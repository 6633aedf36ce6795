import { describe, expect, it } from 'vitest';
import type { PermitMessage, ShutterReport } from '../../src/model/permit.ts';
import { createBudgets } from '../../src/permit/budgets.ts';
import { createFreshness } from '../../src/permit/freshness.ts';
import { createIssuer } from '../../src/permit/issuer.ts';
import { createVerdicts } from '../../src/permit/verdicts.ts';
import { DAMAGE, DOSE } from '../../src/model/doseReading.ts';
import type { Reading } from '../../src/model/signal.ts';
import type { Alert } from '../../src/model/alert.ts';

const OPERATOR = { by: 'mk', reason: 'fresh area', via: 'page' };

const reading = (stage: string, name: string, value: number, quality: Reading['quality'] = 'valid'): Reading => ({
  type: 'reading',
  stream: 'eels',
  seq: 1,
  timeUs: 1,
  stage,
  name,
  value,
  unit: '1',
  quality,
});

/** A monitor's end with everything in order, and a clock in the test's hands. */
function bench({ lastEpoch = 0, framesNeedBeam = false, writes = (): void => undefined } = {}) {
  const sent: PermitMessage[] = [];
  const events: { event: string; reason: string; epoch: number }[] = [];
  const verdicts = createVerdicts({
    responses: [{ id: 'response', alpha: 0.05 }],
    agreements: ['channels'],
    severity: 'critical',
  });
  let freshness!: ReturnType<typeof createFreshness>;
  let budgets!: ReturnType<typeof createBudgets>;
  const issuer = createIssuer(
    { run: 'run', lastEpoch, leaseMs: 500, timerMs: 60_000, settleMs: 2000 },
    (beam) => {
      freshness = createFreshness({ sources: [{ id: 'eels', limitMs: 1000 }], framesNeedBeam }, beam);
      budgets = createBudgets(['dose'], framesNeedBeam, beam);
      return [freshness, budgets, verdicts];
    },
    {
      send: (message) => sent.push(message),
      record(event) {
        writes();
        events.push(event);
      },
    },
  );
  const report = (more: Partial<ShutterReport> = {}): ShutterReport => ({
    observed: 'closed',
    isReadBack: true,
    driven: 'closed',
    boot: 'b',
    challenge: 'b.1',
    epoch: 0,
    reason: '',
    ...more,
  });
  const frame = (nowMs: number): void => {
    freshness.heard('eels', nowMs);
    budgets.hear(reading('dose', DOSE.spent, 10));
    budgets.hear(reading('dose', DOSE.next, 1));
    budgets.hear(reading('dose', DOSE.fraction, 0.1));
    issuer.judge(nowMs, { stream: 'eels', seq: 1 });
  };
  const inOrder = (nowMs: number): void => {
    frame(nowMs);
    issuer.hear(
      report({ epoch: sent.at(-1)?.epoch ?? 0, observed: issuer.state === 'permitted' ? 'open' : 'closed' }),
      nowMs,
    );
  };
  return { issuer, sent, events, verdicts, budgets, report, frame, inOrder };
}

function armed(options?: Parameters<typeof bench>[0]) {
  const made = bench(options);
  made.inOrder(0);
  expect(made.issuer.arm(OPERATOR, 0)).toBeNull();
  made.inOrder(10);
  return made;
}

describe('the monitor end of the beam permit', () => {
  it('sends nothing before it is armed', () => {
    const { issuer, sent, inOrder } = bench();
    inOrder(0);
    for (let t = 0; t < 2000; t += 100) issuer.tick(t, 0);
    expect(sent).toEqual([]);
    expect(issuer.view(0, 0).state).toBe('notArmed');
  });

  it('is armed by a named person with a reason, when everything holds, and renews', () => {
    const { issuer, sent, inOrder, events } = bench({ lastEpoch: 7 });
    inOrder(0);
    expect(issuer.arm({ ...OPERATOR, by: '' }, 0)).toMatch(/name and a reason/);
    expect(issuer.arm({ ...OPERATOR, reason: '' }, 0)).toMatch(/name and a reason/);
    expect(issuer.arm(OPERATOR, 0)).toBeNull();
    expect(sent[0]).toMatchObject({ epoch: 8, seq: 1, state: 'open', answers: 'b.1', ttlMs: 500 });
    inOrder(50);
    issuer.tick(100, 0);
    expect(sent.at(-1)).toMatchObject({ epoch: 8, seq: 2, state: 'open' });
    expect(events.map(({ event }) => event)).toEqual(['refused', 'refused', 'granted']);
  });

  it('refuses to arm while a cause stands, and says which', () => {
    const { issuer, frame, report } = bench();
    expect(issuer.arm(OPERATOR, 0)).toMatch(/Shutter answers: no shutter has reported yet.*eels fresh: nothing yet/);
    frame(0);
    issuer.hear(report(), 0);
    expect(issuer.arm(OPERATOR, 1500)).toMatch(/no report for 1.5 s/);
  });

  it('does not grant what it cannot write down', () => {
    const { issuer, sent, inOrder } = bench({
      writes: () => {
        throw new Error('ENOSPC: no space left on device');
      },
    });
    inOrder(0);
    expect(issuer.arm(OPERATOR, 0)).toMatch(/audit log/);
    expect(sent).toEqual([]);
    expect(issuer.view(0, 0)).toMatchObject({ state: 'notArmed', epoch: 0 });
    expect(issuer.view(0, 0).conditions.find(({ id }) => id === 'audit')).toMatchObject({ isHeld: false });
  });

  it('does not arm by a command that was handed in before the clock, after the process stood still', () => {
    const { issuer, sent, inOrder } = bench();
    inOrder(0);
    issuer.tick(100, 0);
    inOrder(1300);
    expect(issuer.arm(OPERATOR, 1300)).toMatch(/the monitor stood still for 1.2 s/);
    issuer.tick(1300, 1100);
    expect(issuer.arm(OPERATOR, 1300)).toMatch(/the monitor stood still for 1.1 s/);
    expect(sent).toEqual([]);
  });

  it('takes an epoch above every one the shutter knows', () => {
    const { issuer, sent, frame, report } = bench({ lastEpoch: 3 });
    frame(0);
    issuer.hear(report({ epoch: 41 }), 0);
    issuer.arm(OPERATOR, 0);
    expect(sent[0]).toMatchObject({ epoch: 42, state: 'open' });
  });

  const causes: Record<string, [(made: ReturnType<typeof bench>) => void, 'stopped' | 'withheld', RegExp]> = {
    'a budget spent': [
      ({ budgets, issuer }) => {
        budgets.hear(reading('dose', DOSE.fraction, 1));
        issuer.judge(20);
      },
      'stopped',
      /Budget dose: spent: 100 %/,
    ],
    'a budget the next frame would pass': [
      ({ budgets, issuer }) => {
        budgets.hear(reading('dose', DOSE.spent, 95));
        budgets.hear(reading('dose', DOSE.next, 6));
        budgets.hear(reading('dose', DOSE.fraction, 0.95));
        issuer.judge(20);
      },
      'stopped',
      /next frame would pass it: 101 %/,
    ],
    'a dose rate above its limit': [
      ({ budgets, issuer }) => {
        budgets.hear(reading('dose', DOSE.rateFraction, 1.2));
        issuer.judge(20);
      },
      'stopped',
      /dose rate at 120 %/,
    ],
    'a dose that is not known': [
      ({ budgets, issuer }) => {
        budgets.hear(reading('dose', DOSE.spent, 11, 'invalid'));
        issuer.judge(20);
      },
      'withheld',
      /not known/,
    ],
    'a dose that is no number': [
      ({ budgets, issuer }) => {
        budgets.hear(reading('dose', DOSE.fraction, NaN));
        issuer.judge(20);
      },
      'stopped',
      /Budget/,
    ],
    'a damage that the next frame would make': [
      ({ verdicts, issuer }) => {
        verdicts.hearReading(reading('response', DAMAGE.overNext, 0.08));
        issuer.judge(20);
      },
      'stopped',
      /Damage response.*8 %, limit 5 %/,
    ],
    'a damage that cannot be estimated, whatever is forecast': [
      ({ verdicts, issuer }) => {
        verdicts.hearReading(reading('response', DAMAGE.over, 0, 'invalid'));
        verdicts.hearReading(reading('response', DAMAGE.overNext, 0));
        issuer.judge(20);
      },
      'withheld',
      /fits neither state/,
    ],
    'dose channels that disagree': [
      ({ verdicts, issuer }) => {
        verdicts.hearReading(reading('channels', 'threshold', 12));
        verdicts.hearReading(reading('channels', 'statistic', 13));
        issuer.judge(20);
      },
      'withheld',
      /disagree/,
    ],
    'a critical alert': [
      ({ verdicts, issuer }) => {
        verdicts.hearAlert({ id: 'a', severity: 'critical', phase: 'raised', message: 'Rutile appears' } as Alert);
        issuer.judge(20);
      },
      'stopped',
      /Rutile appears/,
    ],
    'data that stopped coming': [
      ({ issuer, report }) => {
        issuer.hear(report({ observed: 'open', epoch: 1 }), 1000);
        issuer.tick(1100, 0);
      },
      'withheld',
      /eels fresh: last 1.09 s ago, limit 1 s/,
    ],
    'a shutter that says nothing': [
      ({ issuer, frame }) => {
        frame(500);
        issuer.tick(600, 0);
      },
      'withheld',
      /no report for 590 ms/,
    ],
    'a shutter that was started anew': [
      ({ issuer, report }) => issuer.hear(report({ boot: 'c', challenge: 'c.1', epoch: 0 }), 20),
      'withheld',
      /started anew/,
    ],
    'another monitor': [
      ({ issuer, report }) => issuer.hear(report({ observed: 'open', epoch: 2 }), 20),
      'withheld',
      /another monitor/,
    ],
    'a loop that stood still': [({ issuer }) => issuer.tick(900, 800), 'withheld', /stood still for 800 ms|no report/],
    'an operator': [
      ({ issuer }) => issuer.stop({ by: 'mk', reason: '', via: 'page' }, 20),
      'stopped',
      /Stopped by hand/,
    ],
  };
  it.each(Object.entries(causes))('stops at once and latches for %s', (_, [happens, state, cause]) => {
    const made = armed();
    made.sent.length = 0;
    happens(made);
    expect(made.issuer.view(1200, 0)).toMatchObject({ state, desired: 'closed' });
    expect(made.issuer.view(1200, 0).cause).toMatch(cause);
    expect(made.sent[0]).toMatchObject({ state: 'closed', epoch: 1 });
    expect(made.events[1]).toMatchObject({ event: 'tripped' });
    // The cause goes away: the latch stays.
    made.verdicts.hearAlert({ id: 'a', severity: 'critical', phase: 'cleared', message: '' } as Alert);
    for (let t = 5000; t < 6000; t += 100) {
      made.inOrder(t);
      made.issuer.tick(t, 0);
    }
    expect(made.issuer.state).toBe(state);
  });

  it('repeats the stop until the shutter is seen closed, and writes down when that was', () => {
    const { issuer, sent, report, events } = armed();
    issuer.stop({ by: 'mk', reason: 'enough', via: 'page' }, 100);
    for (let t = 200; t <= 1000; t += 100) {
      issuer.hear(report({ observed: 'open', epoch: 1 }), t);
      issuer.tick(t, 0);
    }
    const tries = sent.filter(({ state }) => state === 'closed').length;
    expect(tries).toBeGreaterThanOrEqual(9);
    expect(issuer.view(1000, 0)).toMatchObject({ confirmedMs: null, observed: 'open', tries });
    issuer.hear(report({ observed: 'closed', epoch: 1 }), 1038);
    expect(issuer.view(1038, 0)).toMatchObject({ confirmedMs: 938, observed: 'closed' });
    expect(events.at(-1)).toMatchObject({ event: 'confirmed' });
    expect(new Set(sent.map(({ seq }) => seq)).size).toBe(sent.length);
  });

  it('keeps the first cause when it is stopped again, and sends the stop again', () => {
    const { issuer, sent, events, budgets } = armed();
    budgets.hear(reading('dose', DOSE.fraction, 1));
    issuer.judge(20);
    const before = sent.length;
    issuer.stop({ by: 'mk', reason: '', via: 'page' }, 30);
    expect(issuer.view(30, 0).cause).toMatch(/Budget dose/);
    expect(sent).toHaveLength(before + 1);
    expect(events.at(-1)).toMatchObject({ event: 'tripped', reason: 'Stopped by hand', by: 'mk' });
  });

  it('orders a shutter closed that stands open without a permit', () => {
    const { issuer, sent, frame, report } = bench();
    frame(0);
    issuer.hear(report({ observed: 'open', epoch: 5 }), 0);
    issuer.tick(100, 0);
    expect(sent[0]).toMatchObject({ state: 'closed', epoch: 6 });
  });

  it('ends an arming when the backup timer runs out', () => {
    const { issuer, inOrder } = armed();
    for (let t = 100; t < 60_200; t += 100) {
      inOrder(t);
      issuer.tick(t, 0);
    }
    expect(issuer.view(60_200, 0).cause).toMatch(/Backup timer: the beam was permitted for 60 s/);
  });

  it('asks for no frames before the beam is on where the detector is silent without', () => {
    const { issuer, report } = bench({ framesNeedBeam: true });
    issuer.hear(report(), 0);
    expect(issuer.arm(OPERATOR, 0)).toBeNull();
    issuer.hear(report({ observed: 'open', epoch: 1 }), 900);
    issuer.tick(900, 0);
    expect(issuer.state).toBe('withheld');
  });

  it('can be armed anew when the cause is gone, with a higher epoch', () => {
    const { issuer, sent, inOrder } = armed();
    issuer.stop({ by: 'mk', reason: '', via: 'page' }, 100);
    inOrder(200);
    expect(issuer.arm(OPERATOR, 200)).toBeNull();
    expect(sent.at(-1)).toMatchObject({ epoch: 2, seq: 1, state: 'open' });
  });
});
