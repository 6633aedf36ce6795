import { describe, expect, it } from 'vitest';
import { planTrial } from '../../bench/permit/protocol/plan.ts';
import { simulateProtocol } from '../../bench/permit/protocol/simulate.ts';
import { runTrial } from '../../bench/permit/protocol/trial.ts';
import { REAL_ENDS, type Ends } from '../../bench/permit/protocol/world.ts';
import { createIssuer } from '../../src/permit/issuer.ts';
import { createLease } from '../../src/permit/lease.ts';

const TRIALS = 300;

/** A receiver that takes every permit for an answer to its newest challenge, and so counts the lease from its arrival. */
const countsFromArrival: Ends = {
  ...REAL_ENDS,
  createLease(options) {
    const lease = createLease(options);
    return Object.assign(Object.create(lease) as typeof lease, {
      take: (message: Parameters<typeof lease.take>[0], nowMs: number) =>
        lease.take({ ...message, answers: lease.challenge(nowMs) }, nowMs),
    });
  },
};

/** A receiver that forgets that a lease has run out. */
const forgetsLapses: Ends = {
  ...REAL_ENDS,
  createLease(options) {
    let lease = createLease(options);
    return {
      get epoch() {
        return lease.epoch;
      },
      get reason() {
        return lease.reason;
      },
      get endsMs() {
        return lease.endsMs;
      },
      get refused() {
        return lease.refused;
      },
      take(message, nowMs) {
        if (message.state === 'open' && lease.tick(nowMs) === 'closed') {
          lease = createLease(options);
          message = { ...message, answers: lease.challenge(nowMs) };
        }
        return lease.take(message, nowMs);
      },
      tick: (nowMs) => lease.tick(nowMs),
      challenge: (nowMs) => lease.challenge(nowMs),
      close: (why) => lease.close(why),
    };
  },
};

/** A monitor that does not notice that its data are old. */
const trustsOldData: Ends = {
  ...REAL_ENDS,
  createIssuer: (setting, sourcesOf, outlet) =>
    createIssuer(
      setting,
      (beam) =>
        sourcesOf(beam).map((source) =>
          Object.assign(Object.create(source) as typeof source, {
            judge: (nowMs: number) =>
              source.judge(nowMs).filter(({ id, isHeld }) => isHeld || !id.startsWith('fresh.')),
          }),
        ),
      outlet,
    ),
};

/** A monitor that arms itself again. */
const armsItself: Ends = {
  ...REAL_ENDS,
  createIssuer(...all) {
    const issuer = createIssuer(...all);
    return Object.assign(Object.create(issuer) as typeof issuer, {
      tick(nowMs: number, lateMs: number) {
        issuer.tick(nowMs, lateMs);
        if (issuer.state === 'withheld') issuer.arm({ by: 'itself', reason: 'again', via: '' }, nowMs);
      },
    });
  },
};

describe('the protocol of the beam permit in virtual time', () => {
  it('is never open too late, opens once per arming, and can be armed when all is well again', () => {
    const { violations, opened, failOpen, reopened, stuck, falseTrips } = simulateProtocol(TRIALS, 1);
    expect(violations).toEqual([]);
    expect({ failOpen, reopened, stuck, falseTrips }).toEqual({ failOpen: 0, reopened: 0, stuck: 0, falseTrips: 0 });
    expect(opened).toBeGreaterThan(0.7 * TRIALS);
  });

  it('repeats a trial exactly', () => {
    const traceOf = (seed: number): string[] => {
      const lines: string[] = [];
      runTrial(planTrial(seed), REAL_ENDS, (atMs, line) => lines.push(`${atMs} ${line}`));
      return lines;
    };
    expect(traceOf(17)).toEqual(traceOf(17));
    expect(traceOf(17)).not.toEqual(traceOf(18));
  });

  it.each([
    ['counts a lease from the arrival of the permit', countsFromArrival, 'failOpen'],
    ['forgets that a lease ran out', forgetsLapses, 'reopened'],
    ['does not notice that its data are old', trustsOldData, 'failOpen'],
    ['arms itself again', armsItself, 'reopened'],
  ] as const)('would be found out if an end %s', (_, ends, breach) => {
    const report = simulateProtocol(150, 1, ends);
    expect(report[breach]).toBeGreaterThan(0);
    const violation = report.violations.find((candidate) => candidate.breach === breach);
    expect(violation?.trace.at(-1)).toContain(`BREACH ${breach}`);
    expect(runTrial(violation!.plan, ends).breach).toBe(breach);
  });
});
