/** What one frame brings to the monitor. */
export interface Observation {
  /** Whether a channel of it can be used; a frame of NaN has none. */
  readonly isUsable: boolean;
  /** Share of the budget that is spent. */
  readonly fraction: number;
  /** Whether the account of dose is sure of itself. */
  readonly isDoseKnown: boolean;
  readonly isAlertStanding: boolean;
  /** Whether the two channels of dose agree. */
  readonly isAgreed: boolean;
}

export const WELL: Observation = {
  isUsable: true,
  fraction: 0.1,
  isDoseKnown: true,
  isAlertStanding: false,
  isAgreed: true,
};
