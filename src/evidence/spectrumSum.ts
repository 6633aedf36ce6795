import type { Frame } from '../model/frame.ts';
import type { EvidenceSpectrum } from './bundle.ts';

/** More channels than that are added together. */
const MOST_CHANNELS = 2048;

/** How many channels of the detector go into one of the evidence. */
export const binOf = (channels: number): number => Math.ceil(channels / MOST_CHANNELS);

/** Sums over consecutive frames of one layout; [bins]. */
export interface SpectrumSum {
  fromSeq: number;
  toSeq: number;
  fromUs: number;
  toUs: number;
  frameCount: number;
  exposureUs: number;
  /** Of the usable values. */
  readonly values: Float64Array;
  /** Of their variances; where none are known, of the squares of the values. */
  readonly variances: Float64Array;
  /** Frames in which a channel could be used. */
  readonly usable: Float64Array;
  readonly hasVariances: boolean;
}

/**
 * The sum of one frame alone.
 *
 * @param spare - a sum of the same layout that is not needed any more: refilled, so that nothing is allocated per frame.
 */
export function sumOf(frame: Frame, spare?: SpectrumSum): SpectrumSum {
  const { layout, values, variances, mask, seq, timeUs, exposureUs } = frame;
  const perBin = binOf(layout.size);
  const bins = Math.ceil(layout.size / perBin);
  const hasVariances = layout.noise === 'poisson' || variances !== undefined;
  const sum: SpectrumSum = {
    ...{ fromSeq: seq, toSeq: seq, fromUs: timeUs, toUs: timeUs, frameCount: 1, exposureUs, hasVariances },
    values: spare?.values ?? new Float64Array(bins),
    variances: spare?.variances ?? new Float64Array(bins),
    usable: spare?.usable ?? new Float64Array(bins),
  };
  if (perBin === 1 && mask === undefined && hasVariances) {
    sum.values.set(values);
    sum.variances.set(variances ?? values);
    sum.usable.fill(1);
  } else for (let bin = 0; bin < bins; bin++) fillBin(sum, bin, perBin, frame);
  return sum;
}

function fillBin(sum: SpectrumSum, bin: number, perBin: number, { layout, values, variances, mask }: Frame): void {
  const isPoisson = layout.noise === 'poisson';
  const end = Math.min(layout.size, (bin + 1) * perBin);
  let total = 0;
  let variance = 0;
  let count = 0;
  for (let i = bin * perBin; i < end; i++) {
    if (mask?.[i] === 1) continue;
    const value = values[i]!;
    total += value;
    variance += variances?.[i] ?? (isPoisson ? value : value * value);
    count++;
  }
  // A bin that lacks some of its channels would look like a loss.
  const isWhole = count === end - bin * perBin;
  sum.values[bin] = isWhole ? total : 0;
  sum.variances[bin] = isWhole ? variance : 0;
  sum.usable[bin] = isWhole ? 1 : 0;
}

/** Adds what came right after. */
export function addSum(to: SpectrumSum, later: SpectrumSum): void {
  to.toSeq = later.toSeq;
  to.toUs = later.toUs;
  to.frameCount += later.frameCount;
  to.exposureUs += later.exposureUs;
  addTo(to.values, later.values);
  addTo(to.variances, later.variances);
  addTo(to.usable, later.usable);
}

function addTo(sum: Float64Array, more: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += more[i]!;
}

export function copySum(sum: SpectrumSum): SpectrumSum {
  const { values, variances, usable } = sum;
  return { ...sum, values: values.slice(), variances: variances.slice(), usable: usable.slice() };
}

/** Six figures: evidence is to be looked at, and kept small. */
const short = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null);

/** Mean and standard deviation of the mean, per frame. */
export function spectrumOf(sum: SpectrumSum): EvidenceSpectrum {
  const { fromSeq, toSeq, fromUs, toUs, frameCount, exposureUs } = sum;
  return {
    ...{ fromSeq, toSeq, fromUs, toUs, frameCount, exposureUs },
    mean: Array.from(sum.values, (_, i) => short(meanOf(sum, i))),
    sigma: Array.from(sum.values, (_, i) => short(Math.sqrt(varianceOf(sum, i)))),
  };
}

const meanOf = ({ values, usable }: SpectrumSum, i: number): number => values[i]! / usable[i]!;

/** Of the mean. Without known variances from the scatter of the frames; of fewer than two, NaN. */
function varianceOf(sum: SpectrumSum, i: number): number {
  const n = sum.usable[i]!;
  if (sum.hasVariances) return sum.variances[i]! / (n * n);
  return Math.max(0, sum.variances[i]! - sum.values[i]! ** 2 / n) / (n * (n - 1));
}

/** [bins] later minus earlier over the standard deviation of the difference, earlier scaled to the exposure of later. */
export function residualOf(later: SpectrumSum, earlier: SpectrumSum): (number | null)[] {
  const perFrame = ({ exposureUs, frameCount }: SpectrumSum): number => exposureUs / frameCount;
  const ratio = perFrame(later) / perFrame(earlier);
  const scale = Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
  return Array.from(later.values, (_, i) => {
    const sigma = Math.sqrt(varianceOf(later, i) + scale * scale * varianceOf(earlier, i));
    return short((meanOf(later, i) - scale * meanOf(earlier, i)) / sigma);
  });
}
