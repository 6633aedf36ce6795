/** Counts per frame. */
export const LEARNED_RATES = [0.1, 0.3, 1, 10, 100] as const;
/** Frames a level was learned from, and longest windows. */
export const LEARNED_FRAMES = [30, 100, 300, 1000] as const;
/** Mean number of quiet frames until the threshold is reached, over baselines. */
export const LEARNED_RUN_LENGTHS = [1e2, 1e3, 1e4] as const;

/**
 * Thresholds of Poisson-FOCuS with the bonus for long windows, learned rate: [rate][frames][run length], of 1 200 simulated
 * baselines each; bench/detection/focusLearnedTable.ts repeats them. Three counts do not tell their rate: the row of 0.1 counts and 30
 * frames, both sides, is lowered to what holds on average where the row is chosen by the learned rate.
 */
// prettier-ignore
export const LEARNED_THRESHOLDS = {
  up: [
    2.26, 3.70, 5.27,  2.79, 4.67, 6.77,  2.91, 5.26, 7.46,  3.09, 5.76, 8.18,
    2.26, 4.10, 5.80,  2.80, 5.14, 7.05,  3.03, 5.69, 7.95,  3.23, 6.21, 8.51,
    2.66, 4.45, 6.30,  3.11, 5.38, 7.40,  3.44, 5.77, 8.16,  3.47, 6.21, 8.79,
    2.96, 4.90, 6.84,  3.37, 5.61, 7.87,  3.56, 6.14, 8.53,  3.69, 6.43, 9.02,
    3.06, 4.97, 7.07,  3.41, 5.73, 7.99,  3.66, 6.23, 8.64,  3.73, 6.52, 9.11,
  ],
  down: [
    1.50, 1.50, 1.55,  2.49, 3.42, 5.11,  3.17, 5.40, 7.27,  3.34, 6.09, 8.62,
    1.55, 2.95, 4.35,  3.31, 5.09, 7.03,  3.70, 6.11, 8.38,  3.83, 6.60, 9.19,
    3.36, 4.95, 6.77,  3.81, 6.02, 8.18,  4.12, 6.63, 8.98,  4.25, 6.97, 9.45,
    3.35, 5.64, 8.18,  3.67, 6.33, 9.17,  3.85, 6.63, 9.57,  3.97, 6.82, 9.86,
    3.09, 5.23, 7.37,  3.57, 6.01, 8.21,  3.77, 6.41, 8.84,  3.87, 6.65, 9.26,
  ],
  both: [
    3.05, 3.50, 4.50,  3.83, 5.97, 7.96,  4.09, 6.65, 8.97,  4.19, 7.05, 9.71,
    3.95, 5.80, 7.30,  4.20, 6.60, 8.81,  4.40, 7.06, 9.55,  4.50, 7.37, 10.03,
    4.26, 6.37, 8.37,  4.53, 7.02, 9.36,  4.64, 7.36, 9.85,  4.72, 7.57, 10.24,
    4.30, 6.65, 9.26,  4.59, 7.07, 9.81,  4.74, 7.37, 10.04,  4.81, 7.61, 10.27,
    4.26, 6.59, 8.77,  4.48, 7.00, 9.39,  4.64, 7.38, 9.89,  4.68, 7.59, 10.23,
  ],
} as const;
