import { frameVariances } from '../change/channelNoise.ts';
import { excess } from './excess.ts';
import { localLevel } from './localLevel.ts';
import type { SpikeFrame, SpikeOptions, SpikeState, SpikeWork } from './spikeState.ts';

/** Share of its highest excess down to which a spike is measured for its width. */
const WIDTH_AT = 0.3;
/** A spike ends where its excess is below this share, or not above the noise by this many standard deviations. */
const FOOT = 0.05;
const FOOT_SIGMA = 2.5;
/** Fewer channels have no neighbours to be compared with. */
const FEWEST = 8;

/**
 * Finds spikes: in this frame only, a few channels wide, above what stood there before and above their neighbours.
 * What stands out again in the next frame is none; so a spike costs a real, narrow change one frame, and no more.
 * Then takes the frame into what is remembered, without its spikes.
 *
 * @param state - of {@link createSpikeState}.
 * @param frame - `values` [n]; `variances` [n], null for counts and when not known; `bad` [n], 1 = do not use.
 * @param work - of {@link createSpikeWork}; receives the result.
 */
export function findSpikes(state: SpikeState, frame: SpikeFrame, work: SpikeWork, options: SpikeOptions): void {
  const { values, bad } = frame;
  const { reference, seen } = state;
  const { unusable, level, sigmas } = work;
  const n = values.length;
  work.spikes.fill(0);
  work.standing.fill(0);
  work.count = work.strongest = 0;
  for (let i = 0; i < n; i++) unusable[i] = bad[i] === 1 || seen[i] === 0 ? 1 : 0;
  if (n >= FEWEST) {
    const counts = options.noise === 'counts' || options.noise === 'scaledCounts';
    localLevel({ values, reference, unusable, variances: frame.variances, counts }, work.fit, level);
    if (options.noise === 'estimated') {
      frameVariances(values, level, work.frameNoise, work.variances);
      // Where the spectrum evolves, it goes further from what is expected than its roughness tells.
      for (let i = 0; i < n; i++) work.variances[i] = Math.max(work.variances[i]!, state.squares[i]!);
    }
    if (frame.variances !== null) work.variances.set(frame.variances);
    for (let i = 0; i < n; i++)
      sigmas[i] = unusable[i] === 1 ? 0 : sigmaOf(values[i]!, level[i]!, i, seen[i]!, work, options);
    for (let i = 0; i < n; i++) if (sigmas[i]! >= options.threshold) i = judge(state, values, i, work, options);
  }
  state.hit.set(work.standing);
  learn(state, frame, work, options.memory);
}

function sigmaOf(
  value: number,
  level: number,
  i: number,
  frames: number,
  { variances }: SpikeWork,
  { noise }: SpikeOptions,
): number {
  return excess(value, level, variances[i]!, frames, noise === 'estimated' ? 'given' : noise);
}

/** Judges what stands out from channel i on. @returns its last channel. */
function judge(state: SpikeState, values: Float64Array, i: number, work: SpikeWork, options: SpikeOptions): number {
  const { level, sigmas } = work;
  const above = (k: number) => values[k]! - level[k]!;
  let peak = i;
  let last = i;
  while (last + 1 < values.length && sigmas[last + 1]! >= options.threshold)
    if (above(++last) > above(peak)) peak = last;
  const height = above(peak);
  const [left, right] = stretch(peak, sigmas, (k) => above(k) >= WIDTH_AT * height);
  if (right - left + 1 > options.width) return last;
  const [from, to] = stretch(peak, sigmas, (k) => above(k) >= FOOT * height);
  last = Math.max(last, to);
  if (!standsAside(values, peak, from, to, work, options)) return last;
  work.standing.fill(1, from, to + 1);
  for (let k = Math.max(from - 1, 0); k <= Math.min(to + 1, values.length - 1); k++)
    if (state.hit[k] === 1) {
      state.seen.fill(0, from, to + 1);
      return last;
    }
  work.spikes.fill(1, from, to + 1);
  work.count += to - from + 1;
  if (sigmas[peak]! > work.strongest) {
    work.strongest = sigmas[peak]!;
    work.from = from;
    work.to = to;
  }
  return last;
}

/** The channels around `peak` that belong to it. */
function stretch(peak: number, sigmas: Float64Array, belongs: (k: number) => boolean): readonly [number, number] {
  let left = peak;
  let right = peak;
  while (left > 0 && sigmas[left - 1]! >= FOOT_SIGMA && belongs(left - 1)) left--;
  while (right + 1 < sigmas.length && sigmas[right + 1]! >= FOOT_SIGMA && belongs(right + 1)) right++;
  return [left, right];
}

/** Whether the peak is above the two channels on either side of [from, to] as well: a step of the level is no spike. */
function standsAside(
  values: Float64Array,
  peak: number,
  from: number,
  to: number,
  work: SpikeWork,
  options: SpikeOptions,
): boolean {
  for (const side of [from - 2, to + 1]) {
    if (side < 0 || side + 2 > values.length) continue;
    if (work.unusable[side] === 1 || work.unusable[side + 1] === 1) continue;
    const mean = 0.5 * (values[side]! + values[side + 1]!);
    if (sigmaOf(values[peak]!, mean, peak, Infinity, work, options) < options.threshold) return false;
  }
  return true;
}

function learn(
  { reference, squares, seen }: SpikeState,
  { values, bad }: SpikeFrame,
  { spikes, unusable, fit }: SpikeWork,
  memory: number,
): void {
  for (let i = 0; i < values.length; i++) {
    if (bad[i] === 1 || spikes[i] === 1) continue;
    seen[i] = Math.min(seen[i]! + 1, memory);
    reference[i]! += (values[i]! - reference[i]!) / seen[i]!;
    const distance = unusable[i] === 1 ? 0 : values[i]! - fit.level[i]!;
    squares[i]! += (distance * distance - squares[i]!) / seen[i]!;
  }
}
