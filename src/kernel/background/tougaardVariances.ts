import type { TougaardFit, TougaardWorkspace } from './tougaard.ts';

/** A spectrum with its background: [n] each, counts, and the variances of the counts. */
export interface TougaardData {
  readonly values: Float64Array;
  readonly variances: Float64Array;
  readonly background: Float64Array;
}

/** Sums over the cross section that do not depend on the spectrum. */
export interface TougaardRegion {
  readonly first: number;
  readonly end: number;
  /** [n], from low binding energy on: what a count there adds to the background summed over the region, for B = 1. */
  readonly sums: Float64Array;
  readonly sumOfSums: number;
  /** The same for the last channel alone. */
  readonly sumToEnd: number;
}

/** @param region - channels [first, end) whose counts above the background are summed. */
export function tougaardRegion(
  { losses, highFirst }: TougaardWorkspace,
  { first, end }: { readonly first: number; readonly end: number },
): TougaardRegion {
  const n = losses.length;
  const from = highFirst ? n - end : first;
  const to = highFirst ? n - first : end;
  const cumulative = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) cumulative[k + 1] = cumulative[k]! + losses[k]!;
  const sums = Float64Array.from(
    { length: n },
    (_, m) => cumulative[Math.max(0, to - m)]! - cumulative[Math.max(0, from - m)]!,
  );
  return { first, end, sums, sumOfSums: sums.reduce((sum, value) => sum + value, 0), sumToEnd: cumulative[n]! };
}

/**
 * Variance of the sum of values minus background, in counts squared: as the background is linear in the values but for B, all of it.
 *
 * @param spectrum - [n] values, their variances and their background.
 * @param work - of `createTougaardWorkspace`.
 * @param fit - of `tougaard`.
 * @param region - of {@link tougaardRegion}.
 */
export function tougaardNetVariance(
  { values, variances, background }: TougaardData,
  { losses, highFirst, endpointAverage: m, b: given }: TougaardWorkspace,
  { b }: TougaardFit,
  { first, end, sums, sumOfSums, sumToEnd }: TougaardRegion,
): number {
  const n = losses.length;
  const channels = end - first;
  const place = (k: number): number => (highFirst ? n - 1 - k : k);
  let low = 0;
  for (let k = 0; k < m; k++) low += values[place(k)]! / m;
  let sum = 0;
  for (let i = first; i < end; i++) sum += background[i]! - low;
  const rise = background[place(n - 1)]! - low;
  // Counts of the region's background per count of the step between the ends, where the step decides B.
  const perStep = given === 'fit' && rise !== 0 ? sum / rise : 0;
  const ofLow = channels - perStep - b * (sumOfSums - perStep * sumToEnd);
  let variance = 0;
  for (let k = 0; k < n; k++) {
    const i = place(k);
    let influence = (i >= first && i < end ? 1 : 0) - b * (sums[k]! - perStep * losses[n - 1 - k]!);
    if (k < m) influence -= ofLow / m;
    if (k >= n - m) influence -= perStep / m;
    variance += influence * influence * variances[i]!;
  }
  return variance;
}

/**
 * Variance of a B that was fitted, eV^4: of the step between the ends, and of the counts that lose energy.
 *
 * @param spectrum - [n] values, their variances and their background.
 * @param work - of `createTougaardWorkspace`.
 * @param fit - of `tougaard`.
 * @returns 0 for a B that was given.
 */
export function tougaardStrengthVariance(
  { values, variances, background }: TougaardData,
  { losses, highFirst, endpointAverage: m, b: given }: TougaardWorkspace,
  { b }: TougaardFit,
): number {
  if (given !== 'fit') return 0;
  const n = losses.length;
  const place = (k: number): number => (highFirst ? n - 1 - k : k);
  let [low, allLosses] = [0, 0];
  for (let k = 0; k < m; k++) low += values[place(k)]! / m;
  for (let k = 0; k < n; k++) allLosses += losses[k]!;
  // What a B of 1 would make of the step between the ends.
  const perB = (background[place(n - 1)]! - low) / b;
  let variance = 0;
  for (let k = 0; k < n; k++) {
    let influence = -b * losses[n - 1 - k]!;
    if (k < m) influence -= (1 - b * allLosses) / m;
    if (k >= n - m) influence += 1 / m;
    variance += influence * influence * variances[place(k)]!;
  }
  return variance / (perB * perB);
}

/**
 * Variances of a Tougaard background: of its ends, and of the counts that lose energy. What both have in common is left out.
 *
 * @param spectrum - [n] values, their variances and their background.
 * @param work - of `createTougaardWorkspace`.
 * @param fit - of `tougaard`.
 * @param out - [n] receives the variances, in counts squared.
 * @returns `out`.
 */
export function tougaardVariances(
  { values, variances, background }: TougaardData,
  { losses, highFirst, endpointAverage: m, b: given }: TougaardWorkspace,
  { b }: TougaardFit,
  out: Float64Array,
): Float64Array {
  const n = losses.length;
  const place = (k: number): number => (highFirst ? n - 1 - k : k);
  let [low, lowVariance, highVariance] = [0, 0, 0];
  for (let k = 0; k < m; k++) {
    low += values[place(k)]! / m;
    lowVariance += variances[place(k)]! / (m * m);
    highVariance += variances[place(n - 1 - k)]! / (m * m);
  }
  const rise = background[place(n - 1)]! - low;
  let [counts, spread, mean] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = place(k);
    const above = background[i]! - low;
    const risen = given === 'fit' && rise !== 0 ? above / rise : 0;
    counts += variances[i]!;
    mean += losses[k]!;
    spread += losses[k]! * losses[k]!;
    // The losses of all counts so far, as if these were spread evenly.
    const ofCounts = b * b * spread * (counts / (k + 1)) * (1 - risen) ** 2;
    const ofLow = 1 - risen - b * mean * (1 - risen);
    out[i] = ofLow * ofLow * lowVariance + risen * risen * highVariance + ofCounts;
  }
  return out;
}
