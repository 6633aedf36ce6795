/** A peak: centre and Gaussian sigma in channels, height in counts per frame at intensity 1. */
export type Peak = readonly [centre: number, height: number, sigma: number];

/** What is in the beam before anything changes. */
export interface Sample {
  readonly channels: number;
  readonly peaks: readonly Peak[];
  /** b0 (1.5 - b1 x) counts per channel and frame, x = channel / channels. */
  readonly background: readonly [b0: number, b1: number];
  /** Counts of all are multiplied by this. */
  readonly scale: number;
}

/** The nuisances of one frame. */
export interface Conditions {
  /** 1 = as at the start. */
  readonly intensity: number;
  /** Channels; positive moves peaks to higher channels. */
  readonly shift: number;
  /** The background gains b0 slope (x - 0.5) counts per channel. */
  readonly slope: number;
}

/** How far the sample has changed. */
export interface Alteration {
  /** Peaks that are there in addition; heights as they are now. */
  readonly added: readonly Peak[];
  /** [peaks] share of each peak's height that is left. */
  readonly left: readonly number[];
  /** Counts per channel and frame that the background has gained everywhere. */
  readonly halo: number;
}

/** Beyond this many sigma a Gaussian is below 1e-10 of its height. */
const REACH = 7;

/**
 * Expected counts of one frame.
 * @param alteration - null: the sample as it was.
 * @param out - [channels]
 */
export function streamMean(
  sample: Sample,
  { intensity, shift, slope }: Conditions,
  alteration: Alteration | null,
  out: Float64Array,
): Float64Array {
  const { channels, peaks, background, scale } = sample;
  const [b0, b1] = background;
  const halo = alteration?.halo ?? 0;
  for (let i = 0; i < channels; i++) {
    const x = i / channels;
    out[i] = b0 * (1.5 - b1 * x + slope * (x - 0.5)) + halo;
  }
  peaks.forEach(([centre, height, sigma], k) =>
    addGaussian(centre + shift, height * (alteration?.left[k] ?? 1), sigma, out),
  );
  for (const [centre, height, sigma] of alteration?.added ?? []) addGaussian(centre + shift, height, sigma, out);
  const factor = scale * intensity;
  for (let i = 0; i < channels; i++) out[i]! *= factor;
  return out;
}

/** Adds height exp(-(i - centre)^2 / 2 sigma^2) to each channel i. */
export function addGaussian(centre: number, height: number, sigma: number, out: Float64Array): void {
  const from = Math.max(0, Math.ceil(centre - REACH * sigma));
  const to = Math.min(out.length - 1, Math.floor(centre + REACH * sigma));
  for (let i = from; i <= to; i++) out[i]! += height * Math.exp(-0.5 * ((i - centre) / sigma) ** 2);
}
