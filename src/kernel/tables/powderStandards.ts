/** A powder whose reflections are known. */
export interface PowderStandard {
  /** Cell edge of the cubic cell at 22.5 degrees Celsius, angstrom. */
  readonly a: number;
  /** h^2 + k^2 + l^2 of the reflections that are seen, rising. */
  readonly squares: readonly number[];
}

/**
 * Certified cells, NIST: LaB6 SRM 660c, Si SRM 640f, CeO2 SRM 674b; uncertain by less than 1e-4 angstrom, which is nothing beside a diffractometer. Reflections: all of
 * the primitive cubic cell of LaB6 (7 and 15 do not occur); of Si, even ones that sum to 4 n or all odd; of CeO2, all even or all odd.
 */
export const POWDER_STANDARDS = {
  LaB6: { a: 4.156826, squares: [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22] },
  Si: { a: 5.431144, squares: [3, 8, 11, 16, 19, 24, 27, 32, 35, 40, 43, 48] },
  CeO2: { a: 5.411651, squares: [3, 4, 8, 11, 12, 16, 19, 20, 24, 27, 32, 35, 36, 40, 43, 44, 48] },
} as const satisfies Readonly<Record<string, PowderStandard>>;

export type PowderStandardName = keyof typeof POWDER_STANDARDS;

/**
 * Angles of the reflections of a standard.
 *
 * @param wavelength - angstrom, > 0.
 * @returns rising, degrees of 2 theta; only those below 180.
 */
export function powderAngles({ a, squares }: PowderStandard, wavelength: number): number[] {
  return squares
    .map((square) => (wavelength * Math.sqrt(square)) / (2 * a))
    .filter((sine) => sine < 1)
    .map((sine) => (360 / Math.PI) * Math.asin(sine));
}
