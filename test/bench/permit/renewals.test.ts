import { describe, expect, it } from 'vitest';
import { createRenewals } from '../../../bench/permit/trio/renewals.ts';

const permit = (epoch: number, seq: number, answers: string, state = 'open'): string =>
  JSON.stringify({ run: 'r', epoch, seq, state, reason: '', ttlMs: 500, answers });
const report = (challenge: string): string =>
  `\u0001/shutter${JSON.stringify({ observed: 'open', challenge, epoch: 1 })}`;

describe('what went over the link of a receiver', () => {
  it('counts a permit that is new, opens, and answers a challenge of less than a lease ago', () => {
    const renewals = createRenewals(500);
    expect(renewals.lastValidBefore(Infinity)).toBeNull();
    renewals.see('toBroker', report('b.1'), 0);
    renewals.see('fromBroker', `0\u0000${permit(1, 1, 'b.1')}1\u0000${permit(1, 2, 'b.1')}`, 100);
    expect(renewals.lastValidBefore(Infinity)).toMatchObject({ atMs: 100, epoch: 1, seq: 2 });
    expect(renewals.lastValidBefore(99)).toBeNull();
  });

  it.each([
    ['repeated', permit(1, 2, 'b.1'), 200],
    ['out of order', permit(1, 1, 'b.1'), 200],
    ['of an old epoch', permit(0, 9, 'b.1'), 200],
    ['closing', permit(1, 3, 'b.1', 'closed'), 200],
    ['an answer to an old challenge', permit(1, 3, 'b.1'), 500],
    ['an answer to no challenge', permit(1, 3, 'b.2'), 200],
  ])('does not count one that is %s', (_, text, atMs) => {
    const renewals = createRenewals(500);
    renewals.see('toBroker', report('b.1'), 0);
    renewals.see('fromBroker', permit(1, 2, 'b.1'), 100);
    renewals.see('fromBroker', text, atMs);
    expect(renewals.lastValidBefore(Infinity)).toMatchObject({ atMs: 100, seq: 2 });
    expect(renewals.texts).toHaveLength(2);
  });
});
