import { refusal } from '../refusal.ts';
import { faddeeva, type Complex } from './faddeeva.ts';
import { FOUR_LN2, lorentzian } from './lineshapes.ts';
import type { LineColumns } from './lineColumns.ts';

/** Full width at half maximum of a Gaussian over its standard deviation. */
export const FWHM_PER_SIGMA = Math.sqrt(2 * FOUR_LN2);

/**
 * Voigt profile of area 1: a Gaussian folded with a Lorentzian, Re w((x - c + i g) / (s sqrt 2)) / (s sqrt(2 pi)).
 *
 * @param gaussianWidth - full width at half maximum of the Gaussian part, unit of x, >= 0; 0 gives the Lorentzian.
 * @param lorentzianWidth - the same of the Lorentzian part; 0 gives the Gaussian.
 * @throws RangeError 'NegativeWidth' for a width below 0 or not a number, 'ZeroWidth' when both are 0.
 * @example
 * voigt(0, 0, 0, 1).toFixed(6); // => '0.636620'
 */
export function voigt(x: number, centre: number, gaussianWidth: number, lorentzianWidth: number): number {
  checkVoigtWidths(gaussianWidth, lorentzianWidth);
  if (gaussianWidth === 0) return lorentzian(x, centre, lorentzianWidth);
  const scale = FWHM_PER_SIGMA / (gaussianWidth * Math.SQRT2);
  const w = faddeeva((x - centre) * scale, 0.5 * lorentzianWidth * scale, { re: 0, im: 0 });
  return (w.re * scale) / Math.sqrt(Math.PI);
}

/** @throws RangeError 'NegativeWidth' for a width below 0 or not a number, 'ZeroWidth' when both are 0. */
export function checkVoigtWidths(gaussianWidth: number, lorentzianWidth: number): void {
  if (!(gaussianWidth >= 0 && lorentzianWidth >= 0))
    throw refusal('NegativeWidth', `the widths are ${gaussianWidth} and ${lorentzianWidth}, expected 0 or more`);
  if (gaussianWidth === 0 && lorentzianWidth === 0) throw refusal('ZeroWidth', 'both widths are 0, expected one above');
}

/**
 * Full width at half maximum of a Voigt profile, to 0.02 %.
 *
 * @param gaussianWidth - full width at half maximum of the Gaussian part, >= 0.
 * @param lorentzianWidth - the same of the Lorentzian part, >= 0.
 * @see Olivero & Longbothum, J. Quant. Spectrosc. Radiat. Transfer 17 (1977) 233.
 */
export function voigtWidth(gaussianWidth: number, lorentzianWidth: number): number {
  return (
    0.5346 * lorentzianWidth + Math.sqrt(0.2166 * lorentzianWidth * lorentzianWidth + gaussianWidth * gaussianWidth)
  );
}

/** Voigt of area 1 over the channels; parameters: centre, Gaussian width, Lorentzian width. */
export function voigtColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byGaussian, byLorentzian] = partials as [Float64Array, Float64Array, Float64Array];
  const centre = p[0]!;
  // Below a hundredth of the Lorentzian the Gaussian no longer shows, and its derivative is lost in rounding.
  const gaussianWidth = Math.max(p[1]!, LEAST_SHARE * p[2]!);
  const scale = FWHM_PER_SIGMA / (gaussianWidth * Math.SQRT2);
  const height = scale / Math.sqrt(Math.PI);
  const y = 0.5 * p[2]! * scale;
  const w: Complex = { re: 0, im: 0 };
  for (let i = 0; i < x.length; i++) {
    const u = (x[i]! - centre) * scale;
    faddeeva(u, y, w);
    // w' = -2 z w + 2 i / sqrt(pi).
    const slopeRe = -2 * (u * w.re - y * w.im);
    const slopeIm = 2 * PER_SQRT_PI - 2 * (u * w.im + y * w.re);
    value[i] = height * w.re;
    byCentre[i] = -height * scale * slopeRe;
    byGaussian[i] = (-height * (w.re + u * slopeRe - y * slopeIm)) / gaussianWidth;
    byLorentzian[i] = -0.5 * height * scale * slopeIm;
  }
}

const PER_SQRT_PI = 0.5641895835477563;
const LEAST_SHARE = 1e-2;
