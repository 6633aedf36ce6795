import { median } from '../array/median.ts';

/** Channels per block. */
const BLOCK = 64;
/** Channels on each side whose level may have drifted here. */
const REACH = 2;
/** Part of the fall within that reach by which the top of a sharp line may grow, as it drifts from between two channels onto one. */
const DRIFT = 0.15;
/** Scatters beyond which a channel does not speak for its block. */
const CLIP = 4;
const ROUNDS = 3;
/** Squared mean of a reference over its variance from which it is not just noise about zero. */
const OFF_ZERO = 0.05;

/** What {@link localLevel} is told of the data. */
export interface LevelData {
  /** [n] this frame. */
  readonly values: Float64Array;
  /** [n] mean of the frames before. */
  readonly reference: Float64Array;
  /** [n] 1 = do not use, neither now nor before. */
  readonly unusable: Uint8Array;
  /** [n] of this frame; null when not known. */
  readonly variances: Float64Array | null;
  /** Values are counts, or counts times a gain: their level is a multiple of the reference's. */
  readonly counts: boolean;
}

/** Scratch of {@link localLevel}. */
export interface LevelWork {
  readonly level: Float64Array;
  readonly used: Uint8Array;
  readonly deviations: readonly Float64Array[];
}

export function createLevelWork(n: number): LevelWork {
  const deviations = Array.from({ length: BLOCK + 1 }, (_, count) => new Float64Array(count));
  return {
    level: new Float64Array(n),
    used: new Uint8Array(n),
    deviations,
  };
}

/**
 * The level a channel would have without a spike: from its neighbours now and from what stood there before. In blocks
 * of 64 channels this frame is fitted by gain times reference plus offset, channels far off left out. The largest of
 * the levels within two channels is taken, and 15 % of their range on top, so that a drift of the axis makes no spike
 * of a steep flank or a sharp line.
 *
 * @param work - of {@link createLevelWork}.
 * @param out - [n] receives the levels; 0 where a block has no usable channel.
 */
export function localLevel(data: LevelData, work: LevelWork, out: Float64Array): void {
  const n = data.values.length;
  const { level } = work;
  for (let from = 0; from < n; from += BLOCK) fitBlock(data, from, Math.min(from + BLOCK, n), work);
  for (let i = 0; i < n; i++) {
    let most = level[i]!;
    let least = most;
    const to = Math.min(i + REACH, n - 1);
    for (let j = Math.max(i - REACH, 0); j <= to; j++) {
      const each = level[j]!;
      if (each > most) most = each;
      else if (each < least) least = each;
    }
    out[i] = most + DRIFT * (most - least);
  }
}

function fitBlock(data: LevelData, from: number, to: number, work: LevelWork): void {
  const { values, reference, unusable, counts } = data;
  const { level, used } = work;
  for (let i = from; i < to; i++) used[i] = 1 - unusable[i]!;
  for (let round = 1; ; round++) {
    let count = 0;
    let v = 0;
    let r = 0;
    let rr = 0;
    let rv = 0;
    for (let i = from; i < to; i++) {
      if (used[i] === 0) continue;
      const before = reference[i]!;
      count++;
      v += values[i]!;
      r += before;
      rr += before * before;
      rv += before * values[i]!;
    }
    if (count === 0) return void level.fill(0, from, to);
    v /= count;
    r /= count;
    rr = Math.max(rr / count - r * r, 0);
    const slope = rr > 1e-12 * r * r ? Math.max((rv / count - r * v) / rr, 0) : 0;
    for (let i = from; i < to; i++) level[i] = unusable[i] === 1 ? v : v + slope * (reference[i]! - r);
    if (round === ROUNDS || leaveOut(data, from, to, leastScatter(data, from, to, used, count), work) === 0) {
      // Noise in the reference flattens the fit, and a drifting line is left out of it: a multiple of the reference is neither.
      const gain = r > 0 && (counts || r * r > OFF_ZERO * rr) ? v / r : 0;
      if (gain > 0)
        for (let i = from; i < to; i++) if (unusable[i] === 0) level[i] = Math.max(level[i]!, gain * reference[i]!);
      return;
    }
  }
}

/** Square root of the mean variance, so that a few counts on nothing are not called far off. */
function leastScatter(
  { values, variances, counts }: LevelData,
  from: number,
  to: number,
  used: Uint8Array,
  count: number,
): number {
  const of = variances ?? (counts ? values : null);
  if (of === null) return 0;
  let sum = 0;
  for (let i = from; i < to; i++) if (used[i] === 1) sum += of[i]!;
  return Math.sqrt(Math.max(sum / count, variances === null ? 1 : 0));
}

/** @returns how many usable channels are left out. */
function leaveOut(
  { values, unusable }: LevelData,
  from: number,
  to: number,
  least: number,
  { used, level, deviations }: LevelWork,
): number {
  let count = 0;
  for (let i = from; i < to; i++) count += 1 - unusable[i]!;
  const sizes = deviations[count]!;
  let k = 0;
  let largest = 0;
  for (let i = from; i < to; i++)
    if (unusable[i] === 0) largest = Math.max(largest, (sizes[k++] = Math.abs(values[i]! - level[i]!)));
  if (largest <= CLIP * least) return 0;
  const most = CLIP * Math.max(1.4826 * median(sizes, sizes), least);
  if (!(most > 0)) return 0;
  let left = 0;
  for (let i = from; i < to; i++) {
    used[i] = unusable[i] === 0 && Math.abs(values[i]! - level[i]!) <= most ? 1 : 0;
    left += 1 - unusable[i]! - used[i]!;
  }
  return left;
}
