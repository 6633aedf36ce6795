import { nextUniform, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { createInformation } from './information.ts';
import { streamMean, type Alteration, type Peak, type Sample } from './streamMean.ts';
import { between, eitherSign } from './streamDrift.ts';

/** What may happen to a sample. */
export const CHANGES = [
  'new_peak',
  'new_peak_shoulder',
  'new_phase_3peaks',
  'new_peak_ramp',
  'new_peak_weak',
  'peak_loss',
  'peak_decay',
  'phase_transform',
  'amorphisation',
] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** A change of a sample: where, and how it proceeds. */
export interface Change {
  readonly kind: ChangeKind;
  /** Centres of the peaks concerned, channels. */
  readonly positions: readonly number[];
  /** `after` frames after the first changed one, which is 0. */
  at(after: number): Alteration;
}

/** Gaussian sigma of peaks, channels. */
export const SIGMA = [2, 3.6] as const;
/** Information per frame, nuisances unknown, of a change that is complete at once; and of the weak one, of a ramp at its end. */
const INFORMATION = [0.14, 0.24] as const;
const WEAK = 0.03;
const RAMP = 0.5;
const RAMP_FRAMES = 300;
/** Share of a transforming sample that transforms in the end. */
const TRANSFORMED = 0.45;
/** Background gained at every channel when everything has become amorphous, as a share of b0. */
const HALO = 0.18;
/** Least distance of a new peak from its neighbours and from the ends, channels. */
const CLEARANCE = 12;

/** Draws a change of a kind for a sample. */
export function makeChange(kind: ChangeKind, sample: Sample, state: RandomState): Change {
  const still = sample.peaks.map(() => 1);
  const strength = between(state, ...INFORMATION);
  const sigma = (): number => between(state, ...SIGMA);
  const added = (peaks: readonly Peak[], information: number, progress: (after: number) => number): Change => {
    const full = scaledTo(information, sample, (factor) => ({ added: rescaled(peaks, factor), left: still, halo: 0 }));
    return {
      kind,
      positions: peaks.map(([centre]) => centre),
      at: (after) => ({ added: rescaled(peaks, full * progress(after)), left: still, halo: 0 }),
    };
  };
  switch (kind) {
    case 'new_peak':
      return added([[freePlace(sample, [], state), 1, sigma()]], strength, () => 1);
    case 'new_peak_weak':
      return added([[freePlace(sample, [], state), 1, sigma()]], WEAK, () => 1);
    case 'new_peak_ramp':
      return added([[freePlace(sample, [], state), 1, sigma()]], RAMP, (after) =>
        Math.min(1, (after + 1) / RAMP_FRAMES),
      );
    case 'new_peak_shoulder': {
      const [centre, , width] = anyPeak(sample, state)[0];
      return added([[centre + eitherSign(state) * between(state, 1.6, 2) * width, 1, sigma()]], strength, () => 1);
    }
    case 'new_phase_3peaks':
      return added(newLines(3, sample, state), strength, () => 1);
    case 'peak_loss': {
      const [[centre], which] = anyPeak(sample, state);
      const without = (lost: number): Alteration => ({ added: [], left: still.with(which, 1 - lost), halo: 0 });
      const share = Math.min(0.9, scaledTo(strength, sample, without));
      return { kind, positions: [centre], at: () => without(share) };
    }
    case 'peak_decay': {
      const [[centre], which] = anyPeak(sample, state);
      const constant = between(state, 400, 700);
      const at = (after: number): Alteration => ({
        added: [],
        left: still.with(which, 1 - relaxed(after, constant)),
        halo: 0,
      });
      return { kind, positions: [centre], at };
    }
    case 'phase_transform': {
      const [[centre, height], which] = anyPeak(sample, state);
      const lines = rescaled(newLines(2, sample, state), height);
      const constant = between(state, 250, 400);
      const at = (after: number): Alteration => {
        const share = TRANSFORMED * relaxed(after, constant);
        return { added: rescaled(lines, share), left: still.with(which, 1 - share), halo: 0 };
      };
      return { kind, positions: [centre, ...lines.map(([place]) => place)], at };
    }
    case 'amorphisation': {
      const constant = between(state, 600, 900);
      const at = (after: number): Alteration => {
        const share = relaxed(after, constant);
        return { added: [], left: still.map(() => 1 - share), halo: HALO * sample.background[0] * share };
      };
      return { kind, positions: sample.peaks.map(([place]) => place), at };
    }
  }
}

/** How much of a relaxation of that time constant is over, both in frames; the first changed frame has begun. */
const relaxed = (after: number, constant: number): number => 1 - Math.exp(-(after + 1) / constant);

const rescaled = (peaks: readonly Peak[], factor: number): Peak[] =>
  peaks.map(([centre, height, sigma]) => [centre, height * factor, sigma]);

function anyPeak({ peaks }: Sample, state: RandomState): [peak: Peak, index: number] {
  const index = Math.floor(nextUniform(state) * peaks.length);
  return [peaks[index]!, index];
}

/** Lines of a phase that was not there, of unlike heights around 1. */
function newLines(count: number, sample: Sample, state: RandomState): Peak[] {
  const places: number[] = [];
  while (places.length < count) places.push(freePlace(sample, places, state));
  return places.map((place) => [place, between(state, 0.5, 1.2), between(state, ...SIGMA)]);
}

/** A place clear of every peak; in a crowded spectrum, as clear as can be had in a few draws. */
function freePlace({ channels, peaks }: Sample, taken: readonly number[], state: RandomState): number {
  const others = [...peaks.map(([centre]) => centre), ...taken];
  for (let clearance = CLEARANCE; ; clearance *= 0.98) {
    const place = between(state, CLEARANCE, channels - CLEARANCE);
    if (others.every((other) => Math.abs(other - place) >= clearance)) return place;
  }
}

/** The factor at which a change carries so much information per frame: half the Fisher information goes with its square. */
function scaledTo(information: number, sample: Sample, altered: (factor: number) => Alteration): number {
  const conditions = { intensity: 1, shift: 0, slope: 0 };
  const changed = streamMean(sample, conditions, altered(0.1), new Float64Array(sample.channels));
  return 0.1 * Math.sqrt(information / createInformation(sample)(conditions, changed).orthogonal);
}
