import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLease, type Lease } from '../../src/permit/lease.ts';
import type { PermitMessage } from '../../src/model/permit.ts';

const MAX_TTL_MS = 1000;
const MAX_OPEN_MS = 10_000;

const fresh = (more: { maxOpenMs?: number } = {}): Lease =>
  createLease({ boot: 'b', maxTtlMs: MAX_TTL_MS, maxOpenMs: more.maxOpenMs ?? MAX_OPEN_MS });

const open = (epoch: number, seq: number, answers: string, ttlMs = 500): PermitMessage => ({
  run: 'r',
  epoch,
  seq,
  state: 'open',
  reason: '',
  ttlMs,
  answers,
});
const closed = (epoch: number, seq = 1, reason = 'budget spent'): PermitMessage => ({
  ...open(epoch, seq, ''),
  state: 'closed',
  reason,
});

describe('a lease', () => {
  it('is closed at the start, and says why', () => {
    const lease = fresh();
    expect(lease.tick(0)).toBe('closed');
    expect(lease.epoch).toBe(0);
    expect(lease.endsMs).toBeNull();
    expect(lease.reason).toMatch(/not armed/);
  });

  it('opens on an answered challenge and counts from when the challenge was made', () => {
    const lease = fresh();
    const challenge = lease.challenge(100);
    expect(lease.take(open(1, 1, challenge), 400)).toBe('opened');
    expect(lease.reason).toBe('');
    expect(lease.endsMs).toBe(600);
    expect(lease.tick(599.9)).toBe('open');
    expect(lease.tick(600)).toBe('closed');
    expect(lease.reason).toMatch(/ran out/);
  });

  it('is renewed by newer challenges and never shortened by an older one', () => {
    const lease = fresh();
    const [first, second] = [lease.challenge(0), lease.challenge(200)];
    expect(lease.take(open(1, 1, second), 210)).toBe('opened');
    expect(lease.take(open(1, 2, first), 220)).toBe('renewed');
    expect(lease.endsMs).toBe(700);
  });

  it('is not extended by one challenge that is answered again and again', () => {
    const lease = fresh();
    const challenge = lease.challenge(0);
    for (let seq = 1; seq <= 49; seq++) lease.take(open(1, seq, challenge), seq * 10);
    expect(lease.endsMs).toBe(500);
    expect(lease.take(open(1, 50, challenge), 500)).toBe('lapsed');
  });

  it('gives no more than its own longest, whatever is asked for', () => {
    const lease = fresh();
    lease.take(open(1, 1, lease.challenge(0), 60_000), 0);
    expect(lease.endsMs).toBe(MAX_TTL_MS);
    const late = fresh();
    const challenge = late.challenge(0);
    expect(late.take(open(1, 1, challenge, 60_000), MAX_TTL_MS)).toBe('staleAnswer');
  });

  it.each(['', 'b', 'b.', 'b.0', 'b.2', 'b.1.0', 'b.01', 'b. 1', 'b.1e0', 'c.1', 'b.-1', 'b.NaN'])(
    'does not open on the answer %j, which is no challenge it made',
    (answers) => {
      const lease = fresh();
      expect(lease.challenge(0)).toBe('b.1');
      expect(lease.take(open(1, 1, answers), 1)).toBe('staleAnswer');
      expect(lease.tick(1)).toBe('closed');
      expect(lease.epoch).toBe(0);
    },
  );

  it('forgets challenges beyond its memory', () => {
    const lease = fresh();
    const first = lease.challenge(0);
    for (let i = 0; i < 300; i++) lease.challenge(1);
    expect(lease.take(open(1, 1, first), 2)).toBe('staleAnswer');
    expect(lease.take(open(1, 1, lease.challenge(2)), 2)).toBe('opened');
  });

  it('refuses an old epoch, open or closed, and an old sequence number', () => {
    const lease = fresh();
    lease.take(open(5, 7, lease.challenge(0)), 0);
    expect(lease.take(open(4, 99, lease.challenge(1)), 1)).toBe('oldEpoch');
    expect(lease.take(closed(4), 1)).toBe('oldEpoch');
    expect(lease.take(open(5, 7, lease.challenge(1)), 1)).toBe('oldSequence');
    expect(lease.take(open(5, 6, lease.challenge(1)), 1)).toBe('oldSequence');
    expect(lease.refused).toEqual({ oldEpoch: 2, oldSequence: 2, lapsed: 0, staleAnswer: 0 });
    expect(lease.endsMs).toBe(500);
  });

  it('closes at once on a closed message of its epoch, whatever its number and answer, and keeps the reason', () => {
    const lease = fresh();
    lease.take(open(1, 9, lease.challenge(0)), 0);
    expect(lease.take(closed(1, 3, 'dose 1 of 1'), 1)).toBe('closed');
    expect(lease.tick(1)).toBe('closed');
    expect(lease.take(closed(1, 10, 'another'), 2)).toBe('closed');
    expect(lease.reason).toBe('dose 1 of 1');
    expect(lease.take(open(1, 11, lease.challenge(2)), 2)).toBe('lapsed');
    expect(lease.take(open(2, 1, lease.challenge(2)), 2)).toBe('opened');
  });

  it('closes on a closed message of a higher epoch, and that epoch does not open any more', () => {
    const lease = fresh();
    lease.take(open(1, 1, lease.challenge(0)), 0);
    expect(lease.take(closed(3, 2, ''), 1)).toBe('closed');
    expect(lease.reason).toBe('closed by the monitor');
    expect(lease.epoch).toBe(3);
    expect(lease.take(open(3, 1, lease.challenge(1)), 1)).toBe('lapsed');
    expect(lease.take(open(3, 9, lease.challenge(1)), 1)).toBe('lapsed');
    expect(lease.take(open(2, 9, lease.challenge(1)), 1)).toBe('oldEpoch');
  });

  it('stays closed after it ran out until a higher epoch, also when nobody looked meanwhile', () => {
    const lease = fresh();
    lease.take(open(1, 1, lease.challenge(0)), 0);
    const challenge = lease.challenge(5000);
    expect(lease.take(open(1, 2, challenge), 5001)).toBe('lapsed');
    expect(lease.tick(5001)).toBe('closed');
    expect(lease.take(open(2, 1, challenge), 5002)).toBe('opened');
  });

  it('ends with the backup timer however well it is renewed, and a new epoch begins a new one', () => {
    const lease = fresh({ maxOpenMs: 1200 });
    let seq = 0;
    for (let nowMs = 0; nowMs <= 1200; nowMs += 100) lease.take(open(1, ++seq, lease.challenge(nowMs)), nowMs);
    expect(lease.tick(1200)).toBe('closed');
    expect(lease.reason).toMatch(/backup timer: open for 1.2 s/);
    lease.take(open(2, 1, lease.challenge(1300)), 1300);
    expect(lease.tick(1799)).toBe('open');
    expect(lease.endsMs).toBe(1800);
  });

  it('does not come back to life when a clock runs backwards', () => {
    const lease = fresh();
    lease.take(open(1, 1, lease.challenge(0)), 0);
    expect(lease.tick(500)).toBe('closed');
    expect(lease.tick(100)).toBe('closed');
    lease.challenge(100);
    expect(lease.take(open(2, 1, 'b.1'), 100)).toBe('staleAnswer');
  });

  it('is ended from its own side, with a reason', () => {
    const lease = fresh();
    lease.take(open(1, 1, lease.challenge(0)), 0);
    lease.close('the receiver was stopped');
    expect(lease.tick(1)).toBe('closed');
    expect(lease.reason).toBe('the receiver was stopped');
    expect(lease.take(open(1, 2, lease.challenge(1)), 1)).toBe('lapsed');
  });
});

type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'challenge' }
  | {
      readonly do: 'take';
      readonly state: 'open' | 'closed';
      readonly epoch: number;
      readonly seq: number;
      readonly back: number;
      readonly ttlMs: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }),
  fc.record({ do: fc.constant('challenge' as const) }),
  fc.record({
    do: fc.constant('take' as const),
    state: fc.constantFrom('open' as const, 'open' as const, 'open' as const, 'closed' as const),
    epoch: fc.integer({ min: 1, max: 4 }),
    seq: fc.integer({ min: 1, max: 12 }),
    // So many challenges ago; one that was never made where there were not as many.
    back: fc.integer({ min: 0, max: 6 }),
    ttlMs: fc.constantFrom(50, 300, 500, 5000),
  }),
);

describe('any history', () => {
  const story = fc.array(step, { minLength: 1, maxLength: 80 });

  it('leaves it open only within the time of a challenge that was answered in its epoch, with no close since', () => {
    let openings = 0;
    fc.assert(
      fc.property(story, (steps) => {
        const lease = fresh({ maxOpenMs: 900 });
        const issued: number[] = [];
        let nowMs = 0;
        let untilMs = -Infinity;
        let openedMs = -Infinity;
        let highest = 0;
        for (const each of steps) {
          if (each.do === 'wait') nowMs += each.ms;
          else if (each.do === 'challenge') {
            issued.push(nowMs);
            lease.challenge(nowMs);
          } else {
            const number = issued.length - each.back;
            const message = { ...open(each.epoch, each.seq, `b.${number}`, each.ttlMs), state: each.state };
            const verdict = lease.take(message, nowMs);
            const goodMs = (issued[number - 1] ?? -Infinity) + Math.min(each.ttlMs, MAX_TTL_MS);
            if (verdict === 'opened') {
              expect(each.epoch).toBeGreaterThan(highest);
              openings++;
              openedMs = nowMs;
              untilMs = goodMs;
            } else if (verdict === 'renewed') {
              expect(each.epoch).toBe(highest);
              untilMs = Math.max(untilMs, goodMs);
            } else if (verdict === 'closed') untilMs = -Infinity;
            if (each.state === 'closed' && each.epoch >= highest) expect(verdict).toBe('closed');
            if (verdict === 'opened' || verdict === 'renewed') {
              expect(nowMs).toBeLessThan(goodMs);
              expect(each.state).toBe('open');
            }
            highest = lease.epoch;
          }
          const isOpen = lease.tick(nowMs) === 'open';
          expect(isOpen).toBe(nowMs < Math.min(untilMs, openedMs + 900));
          expect(lease.reason === '').toBe(isOpen);
          if (!isOpen) untilMs = -Infinity;
        }
      }),
      { numRuns: 2000 },
    );
    expect(openings).toBeGreaterThan(200);
  });

  it('that ended in a lapse never opens by its own messages again, in any order and number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(8), { maxLength: 40 }),
        fc.constantFrom('silence' as const, 'close' as const),
        (count, order, end) => {
          const lease = fresh();
          const sent = Array.from({ length: count }, (_, i) => open(3, i + 1, lease.challenge(i * 50)));
          sent.forEach((message, i) => lease.take(message, i * 50));
          const atMs = end === 'silence' ? count * 50 + 500 : count * 50;
          if (end === 'close') lease.take(closed(3, count + 1), atMs);
          expect(lease.tick(atMs)).toBe('closed');
          for (const pick of order) {
            const message = sent[pick % count]!;
            lease.take(message, atMs);
            lease.take({ ...message, epoch: 2 }, atMs);
            lease.take({ ...message, seq: message.seq + 100, answers: lease.challenge(atMs) }, atMs);
            expect(lease.tick(atMs)).toBe('closed');
          }
        },
      ),
    );
  });

  it('of lost, doubled and reordered messages opens it for no longer than the messages in order would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pick: fc.nat(19), delayMs: fc.integer({ min: 0, max: 900 }) }), { maxLength: 40 }),
        (arrivals) => {
          const lease = fresh();
          const sent = Array.from({ length: 20 }, (_, i) => ({
            atMs: i * 50,
            message: open(1, i + 1, lease.challenge(i * 50)),
          }));
          const heard = arrivals
            .map(({ pick, delayMs }) => ({ atMs: sent[pick]!.atMs + delayMs, message: sent[pick]!.message }))
            .sort((a, b) => a.atMs - b.atMs);
          for (const { atMs, message } of heard) {
            lease.take(message, atMs);
            if (lease.endsMs !== null) expect(lease.endsMs).toBeLessThanOrEqual(19 * 50 + 500);
          }
          expect(lease.tick(19 * 50 + 500)).toBe('closed');
        },
      ),
    );
  });
});
