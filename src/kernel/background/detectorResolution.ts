/** Full width at half maximum of a Gaussian over its standard deviation. */
const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);
/** Mn K-alpha, eV, at which the resolution of detectors is quoted. */
const MN_K_ALPHA = 5898.7;
/** Square of the width per energy, eV, of silicon. */
const SPREAD = 2.5;
/** Standard deviations beyond which a Gaussian is nothing. */
const REACH = 40;

export interface DetectorResolution {
  /** Full width at half maximum of the electronic noise, keV. */
  readonly electronicNoise: number;
  /** Fano factor. @default 0.115 */
  readonly fano?: number;
  /** Energy per electron-hole pair, keV. @default 0.00365 */
  readonly pairEnergy?: number;
}

/** Full width at half maximum of a line at `energy` keV, in keV. @example detectorFwhm(0, { electronicNoise: 0.05 }); // => 0.05 */
export function detectorFwhm(
  energy: number,
  { electronicNoise, fano = 0.115, pairEnergy = 0.00365 }: DetectorResolution,
): number {
  return Math.sqrt(electronicNoise ** 2 + FWHM_PER_SIGMA ** 2 * fano * pairEnergy * Math.max(energy, 0));
}

/**
 * The same from the resolution at Mn K-alpha, as it is quoted.
 *
 * @param energy - keV.
 * @param resolution - full width at half maximum at Mn K-alpha, eV.
 * @returns keV.
 * @see Fiori and Newbury, SEM 1978 I 401.
 */
export function quotedFwhm(energy: number, resolution: number): number {
  return Math.sqrt(Math.max(0, SPREAD * (energy * 1000 - MN_K_ALPHA) + resolution * resolution)) / 1000;
}

/**
 * Spreads each channel over its neighbours as the detector does: a Gaussian as wide as the detector is at the photon's own energy.
 *
 * @param intensity - [n] per keV.
 * @param energies - [n] keV, equal steps.
 * @param fwhm - [n] full width at half maximum at each energy, keV.
 * @param out - [n] receives the spread intensity; what leaves the axis is lost. Must not be `intensity`.
 * @returns `out`.
 */
export function broaden(
  intensity: Float64Array,
  energies: Float64Array,
  fwhm: Float64Array,
  out: Float64Array,
): Float64Array {
  const n = intensity.length;
  const step = n > 1 ? (energies[n - 1]! - energies[0]!) / (n - 1) : 0;
  out.fill(0);
  for (let j = 0; j < n; j++) {
    const sigma = fwhm[j]! / FWHM_PER_SIGMA;
    if (intensity[j] === 0) continue;
    if (!(sigma > 0) || step === 0) {
      out[j] = out[j]! + intensity[j]!;
      continue;
    }
    const reach = Math.ceil((REACH * sigma) / step);
    const height = (intensity[j]! * step) / (sigma * Math.sqrt(2 * Math.PI));
    for (let i = Math.max(0, j - reach); i <= Math.min(n - 1, j + reach); i++)
      out[i] = out[i]! + height * Math.exp(-0.5 * ((energies[i]! - energies[j]!) / sigma) ** 2);
  }
  return out;
}
