/** 4 ln 2: turns a full width at half maximum into the exponent of a Gaussian. */
export const FOUR_LN2 = 2.772588722239781;
/** (2 / width) sqrt(ln 2 / pi) is the height of a Gaussian of area 1; this is that height for width 1. */
export const GAUSSIAN_HEIGHT = 0.9394372786996513;

/** Gaussian of area 1; `width` is the full width at half maximum, in the unit of x, > 0. */
export function gaussian(x: number, centre: number, width: number): number {
  const u = (x - centre) / width;
  return (GAUSSIAN_HEIGHT / width) * Math.exp(-FOUR_LN2 * u * u);
}

/** Lorentzian of area 1; `width` is the full width at half maximum, in the unit of x, > 0. */
export function lorentzian(x: number, centre: number, width: number): number {
  const distance = x - centre;
  return width / (2 * Math.PI * (distance * distance + 0.25 * width * width));
}

/** Pseudo-Voigt of area 1: `eta` Lorentzian + (1 - `eta`) Gaussian of the same full width at half maximum; eta in [0, 1]. */
export function pseudoVoigt(x: number, centre: number, width: number, eta: number): number {
  return eta * lorentzian(x, centre, width) + (1 - eta) * gaussian(x, centre, width);
}

/** Width and mixing of the pseudo-Voigt that stands for a Voigt. */
export interface VoigtWidth {
  /** Full width at half maximum. */
  width: number;
  /** Lorentzian fraction. */
  eta: number;
}

/**
 * The pseudo-Voigt nearest to a Voigt, by the polynomial of Thompson, Cox and Hastings.
 * @param gaussianWidth full width at half maximum of the Gaussian part, >= 0
 * @param lorentzianWidth the same of the Lorentzian part, >= 0; not both zero
 * @param out overwritten; made when left out
 * @see Thompson, Cox and Hastings, Journal of Applied Crystallography 20 (1987) 79
 */
export function combineWidths(
  gaussianWidth: number,
  lorentzianWidth: number,
  out: VoigtWidth = { width: 0, eta: 0 },
): VoigtWidth {
  const g = gaussianWidth;
  const l = lorentzianWidth;
  const fifth =
    g * (g * (g * (g * (g + 2.69269 * l) + 2.42843 * l * l) + 4.47163 * l * l * l) + 0.07842 * l * l * l * l) +
    l * l * l * l * l;
  out.width = fifth ** 0.2;
  const q = l / out.width;
  out.eta = q * (1.36603 - q * (0.47719 - 0.11116 * q));
  return out;
}
