/** Sum of deviations of a Page-Hinkley test since it was last zero: plain data. */
export type PageHinkley = { sum: number };

/**
 * One step of a Page-Hinkley test for a rise: S <- max(0, S + x - expected - tolerance). It is a CUSUM with a straight score,
 * best for a rise by twice the tolerance.
 *
 * @param state - changed in place.
 * @param tolerance - rise that is let pass, > 0, in the unit of the values.
 * @returns S, in the unit of the values.
 * @see Page, Biometrika 41 (1954) 100; Hinkley, Biometrika 58 (1971) 509.
 */
export function updatePageHinkley(state: PageHinkley, value: number, expected: number, tolerance: number): number {
  state.sum = Math.max(0, state.sum + value - expected - tolerance);
  return state.sum;
}
