import { rgb, type Tokens } from './tokens.ts';

/** |σ| at which the hue is full. */
export const FULL_SIGMA = 14;
const STEPS = 256;

/**
 * The |σ| beyond which chance would colour less than one of m cells: Φ⁻¹(1 − 1/(2m)); about 4.5 for a screen of cells.
 */
export function hueThreshold(cells: number): number {
  return normalQuantileUpper(1 / (2 * Math.max(1, cells)));
}

/** z with P(Z > z) = p, for small p (Acklam's rational approximation, tail branch; relative error below 1e-8). */
function normalQuantileUpper(p: number): number {
  const q = Math.sqrt(-2 * Math.log(Math.min(0.02, p)));
  const upper =
    ((((7.784894002430293e-3 * q + 0.3223964580411365) * q + 2.400758277161838) * q + 2.549732539343734) * q -
      4.374664141464968) *
      q -
    2.938163982698783;
  const lower =
    (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return upper / lower;
}

/**
 * σ of a difference of counts. Sums of few counts are skewed, and plain (N − E)/√V would colour quiet cells by the
 * dozen: for Poisson noise the signed root of twice the likelihood ratio is used, which has a normal tail.
 */
export function significance(difference: number, variance: number, isPoisson: boolean): number {
  if (!(variance > 0)) return 0;
  if (!isPoisson) return difference / Math.sqrt(variance);
  const u = Math.max(-1, difference / variance);
  const logTerm = u <= -1 ? 1 : (1 + u) * Math.log1p(u) - u;
  return Math.sign(difference) * Math.sqrt(Math.max(0, 2 * variance * logTerm));
}

/** [256 * 3] from −14 σ to +14 σ: grey up to the threshold, then hue. */
export function residualColours(tokens: Tokens, threshold: number): Uint8ClampedArray {
  const middle = rgb(tokens.middle);
  const gain = rgb(tokens.gain);
  const loss = rgb(tokens.loss);
  const isDark = middle[0] < 128;
  const table = new Uint8ClampedArray(STEPS * 3);
  for (let i = 0; i < STEPS; i++) {
    const t = (i - (STEPS - 1) / 2) / ((STEPS - 1) / 2);
    const sigma = Math.abs(t) * FULL_SIGMA;
    const above = Math.max(0, (sigma - threshold) / (FULL_SIGMA - threshold));
    const share = sigma < threshold ? 0 : 0.34 + 0.66 * above ** 0.7;
    const grey = Math.sign(t) * Math.min(sigma, threshold) * (isDark ? 1.9 : 2.2);
    const end = t < 0 ? loss : gain;
    for (let k = 0; k < 3; k++) table[i * 3 + k] = ((middle[k] ?? 0) + grey) * (1 - share) + (end[k] ?? 0) * share;
  }
  return table;
}

/** [256 * 3] cividis, as a polynomial (Nuñez, Anderton, Renslow, PLoS ONE 13 (2018) e0199239; coefficients of d3-scale-chromatic). */
export function countColours(): Uint8ClampedArray {
  const table = new Uint8ClampedArray(STEPS * 3);
  for (let i = 0; i < STEPS; i++) {
    const t = i / (STEPS - 1);
    table[i * 3] = -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))));
    table[i * 3 + 1] = 32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))));
    table[i * 3 + 2] = 81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))));
  }
  return table;
}

/** Index into a table for a fraction of its length. */
export function stepOf(fraction: number): number {
  return 3 * Math.max(0, Math.min(STEPS - 1, Math.round(fraction * (STEPS - 1))));
}
