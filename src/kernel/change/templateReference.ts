import { snip } from '../background/snip.ts';
import { readWarped, slopeAlong } from './axisShift.ts';
import { neighbourMean } from './neighbourMean.ts';

/** How a quiet spectrum may drift, beside its gain. */
export const DRIFTS = ['shift', 'slope', 'bend', 'broadening', 'offset'] as const;
export type Drift = (typeof DRIFTS)[number];

/**
 * Present drift against the reference: shift in axis units, slope, bend and offset relative, broadening in axis units
 * squared. A background may tilt in proportion to itself or by a straight line: the slope is the middle of both, the bend
 * their difference.
 */
export type DriftState = { [K in Drift]: number };

export const noDrift = (): DriftState => ({ shift: 0, slope: 0, bend: 0, broadening: 0, offset: 0 });

/** The reference spectrum of one frame and what is derived from it once. */
export interface TemplateReference {
  readonly x: Float64Array;
  readonly centre: number;
  readonly pitch: number;
  readonly drifts: readonly Drift[];
  /** [n] mean spectrum, its slopes; smoothed, its slopes; background, its slopes. */
  readonly mean: Float64Array;
  readonly meanSlopes: Float64Array;
  readonly smooth: Float64Array;
  readonly smoothSlopes: Float64Array;
  readonly background: Float64Array;
  readonly backgroundSlopes: Float64Array;
  /** [1 + drifts][n] directions of drift at the present drift; the first is the expected spectrum at gain 1. */
  readonly directions: readonly Float64Array[];
  /** [n] the peaks alone, at the present drift. */
  readonly peaks: Float64Array;
  /** [n] scratch. */
  readonly scratch: Float64Array;
  /** Whether the derivatives are those of a smoothed reference. */
  isSmooth: boolean;
  /** Variance of the lines as Gaussians, from their slopes and curvatures, axis units squared; at least a quarter channel squared. */
  lineVariance: number;
  /** Mean of the background over all channels: the unit of the offset. */
  level: number;
}

export function createTemplateReference(x: Float64Array, drifts: readonly Drift[]): TemplateReference {
  const n = x.length;
  const array = () => new Float64Array(n);
  return {
    x,
    centre: n === 0 ? 0 : 0.5 * (x[0]! + x[n - 1]!),
    pitch: n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1),
    drifts: DRIFTS.filter((drift) => drifts.includes(drift)),
    mean: array(),
    meanSlopes: array(),
    smooth: array(),
    smoothSlopes: array(),
    background: array(),
    backgroundSlopes: array(),
    directions: Array.from({ length: 1 + new Set(drifts).size }, array),
    peaks: array(),
    scratch: array(),
    isSmooth: false,
    lineVariance: 1,
    level: 0,
  };
}

/** Counts of all learned frames in a channel above which its noise needs no smoothing. */
const AMPLE = 3000;

/**
 * Takes a mean spectrum.
 *
 * @param mean - [n] of one frame.
 * @param frames - learned from.
 * @param widest - channels (FWHM) of the widest peak: the background follows nothing narrower than three times that.
 * @param counts - whether the values are counts.
 */
export function setTemplateReference(
  reference: TemplateReference,
  mean: Float64Array,
  { frames, widest, counts }: { frames: number; widest: number; counts: boolean },
): void {
  const { x, smooth, background, scratch } = reference;
  const n = x.length;
  reference.mean.set(mean);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += mean[i]!;
  reference.isSmooth = !(counts && (sum / n) * frames > AMPLE);
  if (!reference.isSmooth) smooth.set(mean);
  else neighbourMean(mean, 1, smooth);
  neighbourMean(smooth, 1, scratch);
  const halfWidth = Math.max(1, Math.min(Math.round(3 * widest), (n - 1) >> 1));
  if (n < 3) background.set(scratch);
  else snip(scratch, { halfWidth, lls: counts }, background);
  slopeAlong(reference.mean, x, reference.meanSlopes);
  slopeAlong(smooth, x, reference.smoothSlopes);
  slopeAlong(background, x, reference.backgroundSlopes);
  // Of a Gaussian the squares of the slopes over those of the curvatures sum to 2/3 of its variance.
  slopeAlong(reference.smoothSlopes, x, scratch);
  let slopes = 0;
  let curvatures = 0;
  for (let i = 0; i < n; i++) {
    slopes += reference.smoothSlopes[i]! ** 2;
    curvatures += scratch[i]! ** 2;
  }
  reference.lineVariance = Math.max(0.25 * reference.pitch ** 2, curvatures > 0 ? (1.5 * slopes) / curvatures : 0);
  reference.level = 0;
  for (let i = 0; i < n; i++) reference.level += background[i]! / n;
}

/** Lays the directions of drift for the drift as it is. */
export function layDrift(reference: TemplateReference, drift: DriftState): void {
  const { x, centre, drifts, directions, peaks, scratch, level } = reference;
  const n = x.length;
  const span = Math.max(n < 2 ? 1 : x[n - 1]! - x[0]!, 1e-300);
  const warp = { shift: drift.shift, stretch: 0, centre };
  const expected = directions[0]!;
  const broad = directions[1 + drifts.indexOf('broadening')]!;
  readWarped(reference.background, reference.backgroundSlopes, x, warp, scratch);
  readWarped(reference.smooth, reference.smoothSlopes, x, warp, peaks);
  if (drifts.includes('broadening')) {
    slopeAlong(peaks, x, expected);
    slopeAlong(expected, x, broad);
  }
  readWarped(reference.mean, reference.meanSlopes, x, warp, expected);
  for (let i = 0; i < n; i++) {
    const lever = (x[i]! - centre) / span;
    const tilt = lever * (0.5 * drift.slope * (scratch[i]! + level) + drift.bend * (scratch[i]! - level));
    const change = tilt + drift.offset * level + (drift.broadening === 0 ? 0 : drift.broadening * broad[i]!);
    expected[i]! += change;
    peaks[i]! += change;
  }
  drifts.forEach((name, k) => {
    const out = directions[k + 1]!;
    if (name === 'shift') slopeAlong(peaks, x, out);
    else if (name === 'slope' || name === 'bend') {
      const [own, straight] = name === 'slope' ? [0.5, 0.5] : [1, -1];
      for (let i = 0; i < n; i++) out[i] = ((x[i]! - centre) / span) * (own * scratch[i]! + straight * level);
    } else if (name === 'offset') out.fill(level);
  });
  for (let i = 0; i < n; i++) peaks[i] = Math.max(peaks[i]! - scratch[i]!, 0);
}
