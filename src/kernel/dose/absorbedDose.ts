/** Gy of one keV absorbed per gram: 1.602176634e-16 J over 1e-3 kg. */
const GRAY = 1.602176634e-13;

/** Photons and what they meet. */
export interface Absorption {
  /** Per area, where the dose is wanted, behind all windows; photons per cm2. */
  readonly photonsPerCm2: number;
  readonly energyKeV: number;
  /** Mass energy-absorption coefficient mu_en/rho, cm2/g: of absorption, not of attenuation. */
  readonly massAbsorptionCm2G: number;
}

/**
 * Absorbed dose at the surface, and everywhere in a thin sample. Photo-electrons that escape are counted as absorbed.
 *
 * @returns Gy.
 * @throws RangeError when a number is negative or not finite.
 * @example
 * // Water at 12.4 keV: about 2000 photons per um2 make a Gray.
 * absorbedDose({ photonsPerCm2: 2e11, energyKeV: 12.4, massAbsorptionCm2G: 2.5 }); // => 0.993
 */
export function absorbedDose({ photonsPerCm2, energyKeV, massAbsorptionCm2G }: Absorption): number {
  for (const value of [photonsPerCm2, energyKeV, massAbsorptionCm2G])
    if (!(value >= 0 && value < Infinity))
      throw new RangeError(
        `${photonsPerCm2} photons/cm2 of ${energyKeV} keV, absorbed ${massAbsorptionCm2G} cm2/g: expected finite numbers from 0`,
      );
  return GRAY * photonsPerCm2 * energyKeV * massAbsorptionCm2G;
}

/**
 * Mean over the depth of a sample, of the dose at its surface: (1 - exp(-x)) / x.
 *
 * @param opticalDepth - mu x thickness along the beam, of absorption; 0 is thin.
 * @returns from 0 to 1.
 * @throws RangeError when the depth is negative or NaN.
 * @see Bury et al., Protein Science 27 (2018) 217: the same rule per voxel.
 */
export function depthMean(opticalDepth: number): number {
  if (!(opticalDepth >= 0)) throw new RangeError(`optical depth is ${opticalDepth}, expected a number from 0`);
  return opticalDepth === 0 ? 1 : -Math.expm1(-opticalDepth) / opticalDepth;
}

/** A beam across: its width and height, all of them in the same unit. */
export interface Spot {
  readonly shape: 'topHat' | 'gaussian';
  /** Of a Gaussian: full width at half maximum. */
  readonly width: number;
  readonly height: number;
}

/**
 * Area on which a uniform beam of as many photons would be as strong as this one at its peak.
 *
 * @returns width x height, or 2 pi sx sy; in their unit squared.
 * @throws RangeError when an extent is not positive.
 */
export function peakArea({ shape, width, height }: Spot): number {
  if (!(width > 0 && height > 0)) throw new RangeError(`spot of ${width} x ${height}, expected positive extents`);
  return shape === 'topHat' ? width * height : (Math.PI / (4 * Math.LN2)) * width * height;
}
