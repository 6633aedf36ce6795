/** One row of the table: thresholds for the run lengths, of a bank or of a number of blocks. */
export interface ThresholdRow {
  /** ln of the effective templates, or of the blocks. */
  readonly logSize: number;
  /** [RUN_LENGTHS] nats. */
  readonly nats: readonly number[];
}

/** Mean frames between false alarms. */
export const RUN_LENGTHS = [100, 300, 1000, 3000, 10_000] as const;

/**
 * Of one template, both signs. From 1500 runs of 3000 frames, the last row from 500: scripts/templateThresholds.ts.
 * Their standard error is about 0.05 at 10 000 frames, 0.1 in the last row.
 */
export const SINGLE: readonly ThresholdRow[] = [
  { logSize: 0, nats: [5.54, 6.87, 8.15, 9.33, 10.48] },
  { logSize: 2.204, nats: [6.95, 8.44, 9.96, 11.18, 12.56] },
  { logSize: 3.655, nats: [8.6, 10.13, 11.65, 12.8, 14.1] },
  { logSize: 5.071, nats: [10.18, 11.69, 13.11, 14.27, 15.51] },
  { logSize: 6.459, nats: [11.7, 13.16, 14.6, 15.77, 17.0] },
];

/** Of several peaks together, both signs, from the same runs. */
export const SEVERAL: readonly ThresholdRow[] = [
  { logSize: 0.693, nats: [4.16, 5.64, 7.14, 8.43, 9.71] },
  { logSize: 2.079, nats: [5.47, 7.28, 9.07, 10.79, 12.61] },
  { logSize: 3.401, nats: [6.31, 7.94, 9.58, 11.02, 12.43] },
  { logSize: 4.796, nats: [7.09, 8.69, 10.26, 11.58, 13.17] },
];
