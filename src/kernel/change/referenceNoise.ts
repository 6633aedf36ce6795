import type { Drift } from './templateReference.ts';

/** Weights of the neighbours in a smoothed reference: Gaussian, sigma one channel. */
const SMOOTH = [0, 1, 2, 3].map((k) => Math.exp(-0.5 * k * k));
const SUM = SMOOTH[0]! + 2 * (SMOOTH[1]! + SMOOTH[2]! + SMOOTH[3]!);
/** Share of a direction's square that must not be noise for it to be one. */
export const LEAST_SIGNAL = 0.3;

/**
 * Takes the noise of the reference out of the Gram matrix of the directions of drift. Derivatives are made from the same
 * noisy reference as the expectation: their products hold the noise twice, so a direction orthogonal to what was learned
 * would not be orthogonal to what is true, by as much as it leans on the derivatives (errors in variables). With the noise
 * taken out it is, on the average over what might have been learned. A direction that is mostly noise is left out.
 *
 * @param gram - [K * K], the first direction the expectation itself; changed in place.
 * @param drifts - [K - 1] names of the others.
 * @param noise - sum over the channels of the reference's variance over the weight.
 * @param pitch - mean channel distance, axis units.
 * @see Fuller, Measurement Error Models, Wiley 1987.
 */
export function withoutReferenceNoise(
  gram: Float64Array,
  drifts: readonly Drift[],
  noise: number,
  pitch: number,
  isSmooth: boolean,
): void {
  const K = drifts.length + 1;
  const shift = drifts.indexOf('shift') + 1;
  const broadening = drifts.indexOf('broadening') + 1;
  const own = (m: number) => (isSmooth ? product(m) : m === 0 ? 1 : 0);
  const weight = (m: number) => (isSmooth ? (SMOOTH[m] ?? 0) / SUM : m === 0 ? 1 : 0);
  if (shift > 0) take(shift, shift, (own(0) - own(2)) / (2 * pitch ** 2));
  if (broadening > 0) {
    take(broadening, broadening, (6 * own(0) - 8 * own(2) + 2 * own(4)) / (16 * pitch ** 4));
    take(0, broadening, (weight(2) - weight(0)) / (2 * pitch ** 2));
  }
  take(0, 0, 1);

  function take(k: number, l: number, unit: number): void {
    const before = gram[k * K + l]!;
    gram[k * K + l] = before - unit * noise;
    if (k !== l) gram[l * K + k] = gram[k * K + l]!;
    else if (k > 0 && gram[k * K + k]! < LEAST_SIGNAL * before)
      for (let i = 0; i < K; i++) gram[k * K + i] = gram[i * K + k] = 0;
  }
}

/**
 * Takes the noise of the reference out of the products of the contrast with the directions of drift: it is made of the
 * smoothed reference too.
 *
 * @param scores - [K] products over the channels; changed in place.
 * @param noise - as above, over the channels where the contrast is not 0.
 */
export function contrastWithoutNoise(
  scores: Float64Array,
  drifts: readonly Drift[],
  noise: number,
  pitch: number,
  isSmooth: boolean,
): void {
  const broadening = drifts.indexOf('broadening') + 1;
  scores[0]! -= noise * (isSmooth ? SMOOTH[0]! / SUM : 1);
  if (broadening > 0) scores[broadening]! -= (noise * (isSmooth ? product(2) - product(0) : -1)) / (2 * pitch ** 2);
}

/** Sum over k of w_k w_(k + m) of the smoothing weights. */
function product(m: number): number {
  let sum = 0;
  for (let k = -3; k <= 3 - m; k++) sum += SMOOTH[Math.abs(k)]! * SMOOTH[Math.abs(k + m)]!;
  return sum / SUM ** 2;
}
