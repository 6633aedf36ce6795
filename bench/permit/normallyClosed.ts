/** A shutter that falls shut by itself when it has not been driven open for a while. Times are milliseconds of one clock. */
export interface NormallyClosed {
  drive(state: 'open' | 'closed', nowMs: number): void;
  isOpen(nowMs: number): boolean;
  /** When it falls shut unless driven again; -Infinity while shut. */
  readonly openUntilMs: number;
}

/** So long it stays open undriven. */
export const HOLD_MS = 100;

export function createNormallyClosed(holdMs = HOLD_MS): NormallyClosed {
  let openUntilMs = -Infinity;
  return {
    drive(state, nowMs) {
      openUntilMs = state === 'open' ? nowMs + holdMs : -Infinity;
    },
    isOpen: (nowMs) => nowMs < openUntilMs,
    get openUntilMs() {
      return openUntilMs;
    },
  };
}
