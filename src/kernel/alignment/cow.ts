import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import { correlateSegment, prepareSegments, type CowSegment } from './cowSegments.ts';

export interface CowOptions {
  /** Points of a segment, both ends counted: neighbours share one. Integer >= 3; the last segment takes the remainder. */
  readonly segmentPoints: number;
  /** Channels a segment may grow or shrink, integer >= 0 and below segmentPoints - 2. */
  readonly slack: number;
  /** Power of the correlation coefficients; above 1 rewards segments that match well. @default 1 */
  readonly correlationPower?: number;
}

/** What {@link cow} knows of its target, and works in. */
export interface CowWorkspace {
  readonly n: number;
  readonly options: Required<CowOptions>;
  readonly segments: readonly CowSegment[];
  /** [K + 1] first channel of each segment on the target, then the last channel. */
  readonly targetBoundaries: Uint32Array;
  /** [K + 1] the same on the sample, as found. */
  readonly sampleBoundaries: Uint32Array;
  /** [K * span] for each boundary and each place of it: best score up to there, and the change of length that led there. */
  readonly scores: Float64Array;
  readonly changes: Int8Array;
  /** Places of a boundary that are stored: 2 reach + 1. */
  readonly span: number;
  /** [2] scratch: correlation coefficients. */
  readonly rho: Float64Array;
}

/** Scores that differ by less are equal: the smaller change of length wins, so that nothing wanders where nothing is seen. */
const TIE = 1e-10;

/**
 * Prepares a frozen target for {@link cow}.
 *
 * @param target - [n], finite.
 * @throws RangeError NonFiniteInput, TooShort, OutOfRange, SegmentTooLong, SlackTooLarge.
 */
export function createCowWorkspace(target: Float64Array, options: CowOptions): CowWorkspace {
  const { segmentPoints, slack, correlationPower = 1 } = options;
  const n = target.length;
  if (n < 2) throw refusal('TooShort', `a target of ${n} channels, expected 2 at least`);
  checkFinite(target, 'target');
  if (!Number.isInteger(segmentPoints) || segmentPoints < 3 || !Number.isInteger(slack) || slack < 0)
    throw refusal('OutOfRange', `segmentPoints ${segmentPoints} and slack ${slack}, expected integers >= 3 and >= 0`);
  if (!(correlationPower > 0)) throw refusal('OutOfRange', `correlationPower is ${correlationPower}, expected > 0`);
  const interval = segmentPoints - 1;
  if (interval > n - 1) throw refusal('SegmentTooLong', `segments of ${segmentPoints} points on ${n} channels`);
  if (interval <= slack + 1 || slack > 127)
    throw refusal('SlackTooLarge', `slack ${slack}, expected below ${Math.min(interval - 1, 128)}`);
  const count = Math.floor((n - 1) / interval);
  const targetBoundaries = Uint32Array.from({ length: count + 1 }, (_, k) => (k === count ? n - 1 : k * interval));
  const reach = Math.floor(count / 2) * slack;
  const span = 2 * reach + 1;
  return {
    n,
    options: { segmentPoints, slack, correlationPower },
    segments: prepareSegments(target, targetBoundaries, slack),
    targetBoundaries,
    sampleBoundaries: new Uint32Array(count + 1),
    scores: new Float64Array((count + 1) * span),
    changes: new Int8Array((count + 1) * span),
    span,
    rho: new Float64Array(2),
  };
}

/**
 * Correlation optimised warping: moves the ends of segments of the sample by whole channels, each segment's length by at most the slack,
 * so that the sum of the correlations of all segments with the target's is largest. Ends of the spectrum stay. Ties go to no change.
 *
 * @param sample - [n], finite.
 * @param work - from {@link createCowWorkspace}; `sampleBoundaries` receives the result.
 * @returns the sum of rho^power over the segments; one without variance scores 0.
 * @throws RangeError NonFiniteInput, LengthMismatch.
 * @see Nielsen, Carstensen and Smedsgaard, J. Chromatogr. A 805 (1998) 17; Tomasi, van den Berg and Andersson, J. Chemom. 18 (2004) 231.
 */
export function cow(sample: Float64Array, work: CowWorkspace): number {
  const { n, options, segments, targetBoundaries, sampleBoundaries, scores, changes, span, rho } = work;
  const { slack, correlationPower: power } = options;
  if (sample.length !== n) throw refusal('LengthMismatch', `the sample has ${sample.length} channels, expected ${n}`);
  checkFinite(sample, 'sample');
  const count = targetBoundaries.length - 1;
  const middle = (span - 1) >> 1;
  scores.fill(-Infinity);
  scores[middle] = 0;
  for (let k = 0; k < count; k++) {
    const reachHere = Math.min(k, count - k) * slack;
    const reachNext = Math.min(k + 1, count - k - 1) * slack;
    const segment = segments[k]!;
    for (let turn = 0; turn <= 2 * slack; turn++) {
      // 0, -1, 1, -2, 2: at equal score the first stays.
      const change = turn % 2 === 0 ? turn / 2 : -(turn + 1) / 2;
      const grid = segment.grids[change + slack]!;
      const first = Math.max(-reachHere, -reachNext - change);
      const last = Math.min(reachHere, reachNext - change);
      for (let shift = first; shift <= last; shift += 2) {
        correlateSegment(segment, sample, targetBoundaries[k]! + shift, grid, shift < last, rho);
        for (let next = 0; next < 2 && shift + next <= last; next++) {
          const gained = power === 1 ? rho[next]! : rho[next]! ** power;
          const score = scores[k * span + middle + shift + next]! + gained;
          const cell = (k + 1) * span + middle + shift + next + change;
          if (score > scores[cell]! + TIE) {
            scores[cell] = score;
            changes[cell] = change;
          }
        }
      }
    }
  }
  let shift = 0;
  for (let k = count; k >= 0; k--) {
    sampleBoundaries[k] = targetBoundaries[k]! + shift;
    shift -= changes[k * span + middle + shift]!;
  }
  return scores[count * span + middle]!;
}
