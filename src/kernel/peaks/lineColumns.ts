import { FOUR_LN2, GAUSSIAN_HEIGHT } from './lineshapes.ts';

/** A line over the channels of an axis, and how it changes with each of its parameters. */
export interface LineColumns {
  /** [n], of area 1. */
  readonly value: Float64Array;
  /** One [n] per parameter, in the order of the shape. */
  readonly partials: readonly Float64Array[];
}

/** Room for the most parameters a shape has. */
export function createLineColumns(n: number): LineColumns {
  return { value: new Float64Array(n), partials: Array.from({ length: 4 }, () => new Float64Array(n)) };
}

/** Widths squared from the centre beyond which a Gaussian is below 1e-20 of its height. */
const GAUSSIAN_END = 46 / FOUR_LN2;
/** Height of a Lorentzian of area 1 and width 1. */
const LORENTZIAN_HEIGHT = 2 / Math.PI;

/** Gaussian of area 1 over the channels; parameters: centre, width. */
export function gaussianColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth] = partials as [Float64Array, Float64Array];
  const centre = p[0]!;
  const perWidth = 1 / p[1]!;
  const height = GAUSSIAN_HEIGHT * perWidth;
  for (let i = 0; i < x.length; i++) {
    const u = (x[i]! - centre) * perWidth;
    const squared = u * u;
    const g = squared < GAUSSIAN_END ? height * Math.exp(-FOUR_LN2 * squared) : 0;
    const slope = 2 * FOUR_LN2 * g * perWidth;
    value[i] = g;
    byCentre[i] = slope * u;
    byWidth[i] = slope * squared - g * perWidth;
  }
}

/** Lorentzian of area 1 over the channels; parameters: centre, width. */
export function lorentzianColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth] = partials as [Float64Array, Float64Array];
  const centre = p[0]!;
  const perWidth = 1 / p[1]!;
  const height = LORENTZIAN_HEIGHT * perWidth;
  for (let i = 0; i < x.length; i++) {
    const u = (x[i]! - centre) * perWidth;
    const part = 1 / (1 + 4 * u * u);
    const l = height * part;
    const slope = 8 * u * part * l * perWidth;
    value[i] = l;
    byCentre[i] = slope;
    byWidth[i] = slope * u - l * perWidth;
  }
}

/** Pseudo-Voigt of area 1 over the channels; parameters: centre, width, Lorentzian fraction. */
export function pseudoVoigtColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth, byMixing] = partials as [Float64Array, Float64Array, Float64Array];
  const centre = p[0]!;
  const eta = p[2]!;
  const perWidth = 1 / p[1]!;
  const heightG = GAUSSIAN_HEIGHT * perWidth;
  const heightL = LORENTZIAN_HEIGHT * perWidth;
  for (let i = 0; i < x.length; i++) {
    const u = (x[i]! - centre) * perWidth;
    const squared = u * u;
    const part = 1 / (1 + 4 * squared);
    const l = heightL * part;
    const g = squared < GAUSSIAN_END ? heightG * Math.exp(-FOUR_LN2 * squared) : 0;
    const f = eta * l + (1 - eta) * g;
    const slope = (eta * 8 * part * l + (1 - eta) * 2 * FOUR_LN2 * g) * u * perWidth;
    value[i] = f;
    byCentre[i] = slope;
    byWidth[i] = slope * u - f * perWidth;
    byMixing[i] = l - g;
  }
}

/**
 * Pseudo-Voigt whose halves have different widths, joined at the same height; area 1, full width at half maximum `width`.
 * Parameters: centre, width, Lorentzian fraction, asymmetry in (-1, 1): the low side is (1 + asymmetry) wide, the high side (1 - asymmetry).
 */
export function splitPseudoVoigtColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth, byMixing, byAsymmetry] = partials as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [centre, width, eta, asymmetry] = p as unknown as [number, number, number, number];
  const perWidth = 1 / width;
  for (let i = 0; i < x.length; i++) {
    const isLow = x[i]! < centre;
    const side = isLow ? 1 + asymmetry : 1 - asymmetry;
    const u = ((x[i]! - centre) * perWidth) / side;
    const squared = u * u;
    const part = 1 / (1 + 4 * squared);
    const l = LORENTZIAN_HEIGHT * part * perWidth;
    const g = squared < GAUSSIAN_END ? GAUSSIAN_HEIGHT * Math.exp(-FOUR_LN2 * squared) * perWidth : 0;
    const f = eta * l + (1 - eta) * g;
    // Minus the slope along u.
    const fall = (eta * 8 * part * l + (1 - eta) * 2 * FOUR_LN2 * g) * u;
    value[i] = f;
    byCentre[i] = (fall * perWidth) / side;
    byWidth[i] = (fall * u - f) * perWidth;
    byMixing[i] = l - g;
    byAsymmetry[i] = ((isLow ? 1 : -1) * fall * u) / side;
  }
}
