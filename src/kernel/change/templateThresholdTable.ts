/** One row of the table: thresholds for the run lengths, of a bank or of a number of blocks. */
export interface ThresholdRow {
  /** ln of the effective templates, or of the blocks. */
  readonly logSize: number;
  /** [RUN_LENGTHS] nats. */
  readonly nats: readonly number[];
}

/** Mean frames between false alarms. */
export const RUN_LENGTHS = [100, 300, 1000, 3000, 10_000] as const;

/** Of one template, both signs. */
export const SINGLE: readonly ThresholdRow[] = [
  { logSize: 0, nats: [5.59, 6.9, 8.21, 9.33, 10.6] },
  { logSize: 2.36, nats: [7.13, 8.57, 10.05, 11.33, 12.71] },
  { logSize: 3.83, nats: [8.7, 10.24, 11.65, 12.87, 14.08] },
  { logSize: 5.24, nats: [10.25, 11.79, 13.22, 14.35, 15.71] },
];

/** Of several peaks together, both signs. */
export const SEVERAL: readonly ThresholdRow[] = [
  { logSize: 0.69, nats: [4.1, 5.77, 7.23, 8.54, 10.04] },
  { logSize: 2.08, nats: [5.71, 7.49, 9.46, 11.19, 13.11] },
  { logSize: 3.53, nats: [6.38, 7.98, 9.63, 10.97, 12.46] },
];
