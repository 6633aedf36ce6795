export interface DrudePlasmonOptions {
  readonly intensity: number;
  /** Plasmon energy, eV, > 0. */
  readonly plasmonEnergy: number;
  /** Full width at half maximum, eV, > 0. */
  readonly fwhm: number;
}

/**
 * Energy loss by a free-electron plasmon: I E G Ep^2 / ((E^2 - Ep^2)^2 + (E G)^2), 0 for E <= 0.
 *
 * @param energies - [n] energy losses, eV.
 * @param options - see {@link DrudePlasmonOptions}.
 * @param out - [n] receives the intensity.
 * @returns `out`.
 * @see Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), eq. 3.43.
 * @example
 * drudePlasmon(Float64Array.of(10), { intensity: 2, plasmonEnergy: 10, fwhm: 4 }, new Float64Array(1)); // => Float64Array [5]
 */
export function drudePlasmon(
  energies: Float64Array,
  { intensity, plasmonEnergy, fwhm }: DrudePlasmonOptions,
  out: Float64Array,
): Float64Array {
  const square = plasmonEnergy * plasmonEnergy;
  for (let i = 0; i < energies.length; i++) {
    const e = energies[i]!;
    const width = e * fwhm;
    const off = e * e - square;
    out[i] = e > 0 ? (intensity * width * square) / (off * off + width * width) : 0;
  }
  return out;
}
