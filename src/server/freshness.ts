import type { DataState } from './protocol.ts';

export interface FreshnessInput {
  readonly nowMs: number;
  /** When the newest frame arrived, same clock; null before the first. */
  readonly lastArrivalMs: number | null;
  readonly framePeriodUs: number | null;
  readonly mode: 'live' | 'replay';
  readonly hasEnded: boolean;
}

export interface Freshness {
  readonly state: DataState;
  readonly ageMs: number | null;
  readonly limitMs: number;
}

/** Data may be this old, ms: three frame periods, at least a second. */
export function staleLimitMs(framePeriodUs: number | null): number {
  return Math.max(1000, ((framePeriodUs ?? 0) * 3) / 1000);
}

/** Are the data fresh? Judged by when frames arrived, never by their time stamps: a detector's clock may be wrong. */
export function freshnessOf(input: FreshnessInput): Freshness {
  const limitMs = staleLimitMs(input.framePeriodUs);
  const ageMs = input.lastArrivalMs === null ? null : Math.max(0, input.nowMs - input.lastArrivalMs);
  return { state: stateOf(input, ageMs, limitMs), ageMs, limitMs };
}

function stateOf(input: FreshnessInput, ageMs: number | null, limitMs: number): DataState {
  if (input.hasEnded) return 'ended';
  if (ageMs === null) return 'waiting';
  if (input.mode === 'replay') return 'replay';
  return ageMs > limitMs ? 'stale' : 'live';
}
