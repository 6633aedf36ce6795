import { describe, expect, it } from 'vitest';
import { freshnessOf, staleLimitMs } from '../../src/server/freshness.ts';

const live = { nowMs: 10_000, lastArrivalMs: 9_900, framePeriodUs: 100_000, mode: 'live', hasEnded: false } as const;

describe('freshness', () => {
  it('allows three frame periods, at least a second', () => {
    expect(staleLimitMs(null)).toBe(1000);
    expect(staleLimitMs(100_000)).toBe(1000);
    expect(staleLimitMs(2e6)).toBe(6000);
  });
  it('waits before the first frame', () => {
    expect(freshnessOf({ ...live, lastArrivalMs: null })).toEqual({ state: 'waiting', ageMs: null, limitMs: 1000 });
  });
  it('is live up to the limit and stale beyond it', () => {
    expect(freshnessOf({ ...live, lastArrivalMs: 9_000 }).state).toBe('live');
    expect(freshnessOf({ ...live, lastArrivalMs: 8_999 })).toEqual({ state: 'stale', ageMs: 1001, limitMs: 1000 });
  });
  it('gives a slow detector its three periods', () => {
    expect(freshnessOf({ ...live, lastArrivalMs: 4_500, framePeriodUs: 2e6 }).state).toBe('live');
    expect(freshnessOf({ ...live, lastArrivalMs: 3_900, framePeriodUs: 2e6 }).state).toBe('stale');
  });
  it('never takes a recording for live data, and says when it has ended', () => {
    expect(freshnessOf({ ...live, mode: 'replay' }).state).toBe('replay');
    expect(freshnessOf({ ...live, mode: 'replay', lastArrivalMs: 0 }).state).toBe('replay');
    expect(freshnessOf({ ...live, mode: 'replay', hasEnded: true }).state).toBe('ended');
  });
  it('does not go back in time with the clock', () => {
    expect(freshnessOf({ ...live, lastArrivalMs: 10_500 }).ageMs).toBe(0);
  });
});
