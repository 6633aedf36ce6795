import { DOSE } from '../../../src/model/doseReading.ts';
import { makeReading } from '../../../src/model/makeReading.ts';
import type { PermitMessage, PermitState, ShutterReport } from '../../../src/model/permit.ts';
import { createBudgets } from '../../../src/permit/budgets.ts';
import { createFreshness } from '../../../src/permit/freshness.ts';
import type { createIssuer } from '../../../src/permit/issuer.ts';
import { createVerdicts } from '../../../src/permit/verdicts.ts';
import type { Agenda } from './agenda.ts';
import { createHost, type Host } from './host.ts';
import type { Observation } from './observation.ts';
import type { Random } from './random.ts';
import { createTruth, type Truth, type TruthSetting } from './truth.ts';

/** A monitor process in virtual time: the real issuer and its real conditions, on a clock of its own. */
export interface MonitorModel {
  readonly host: Host;
  readonly truth: Truth;
  readonly state: PermitState;
  readonly epoch: number;
  /** Starts it, or starts it anew. @param forgets - its audit log is lost. */
  start(forgets: boolean): void;
  observe(observation: Observation): void;
  hear(report: ShutterReport): void;
  /** @returns null when armed, else why not. */
  arm(): string | null;
  stop(): void;
  /** It was stopped for so long and goes on. */
  woke(sleptMs: number): void;
  isDiskFull: boolean;
}

export interface MonitorModelOptions extends TruthSetting {
  readonly createIssuer: typeof createIssuer;
  readonly name: string;
  readonly agenda: Agenda;
  readonly random: Random;
  send(message: PermitMessage): void;
}

/** As in the program. */
const RENEWALS = 5;
const SETTLE_MS = 2000;

export function createMonitorModel(options: MonitorModelOptions): MonitorModel {
  const { name, agenda, random, leaseMs, freshMs, timerMs } = options;
  const host = createHost(agenda, random);
  const truth = createTruth(options);
  let loggedEpoch = 0;
  let inner: ReturnType<typeof createInner> | null = null;
  let clockOffsetMs = 0;
  const now = (): number => agenda.nowMs + clockOffsetMs;

  function createInner(lastEpoch: number) {
    const verdicts = createVerdicts({ responses: [], agreements: ['channels'], severity: 'critical' });
    let freshness!: ReturnType<typeof createFreshness>;
    let budgets!: ReturnType<typeof createBudgets>;
    const issuer = options.createIssuer(
      { run: name, lastEpoch, leaseMs, timerMs, settleMs: SETTLE_MS },
      (beam) => {
        const sources = [
          { id: 'frames', limitMs: freshMs },
          { id: 'dose', limitMs: freshMs },
        ];
        freshness = createFreshness({ sources, framesNeedBeam: false }, beam);
        budgets = createBudgets(['dose'], false, beam);
        return [freshness, budgets, verdicts];
      },
      {
        send: options.send,
        record({ epoch }) {
          if (model.isDiskFull) throw new Error('ENOSPC');
          loggedEpoch = Math.max(loggedEpoch, epoch);
        },
      },
    );
    return { issuer, verdicts, freshness, budgets, isAlertStanding: false, seq: 0 };
  }
  const beat = (dueMs: number): void => {
    const nowMs = now();
    const everyMs = leaseMs / RENEWALS;
    host.after(everyMs, () => beat(nowMs + everyMs));
    truth.ticked(agenda.nowMs);
    inner?.issuer.tick(nowMs, Math.max(0, nowMs - dueMs));
  };

  const model: MonitorModel = {
    host,
    truth,
    isDiskFull: false,
    get state() {
      return inner?.issuer.state ?? 'notArmed';
    },
    get epoch() {
      return loggedEpoch;
    },
    start(forgets) {
      if (forgets) loggedEpoch = 0;
      clockOffsetMs = random.between(0, 1e9);
      truth.stopped();
      inner = createInner(loggedEpoch);
      host.start();
      inner.issuer.tick(now(), 0);
      const dueMs = now() + leaseMs / RENEWALS;
      host.after(leaseMs / RENEWALS, () => beat(dueMs));
    },
    observe(observation) {
      if (inner === null) return;
      const { issuer, verdicts, freshness, budgets } = inner;
      const header = { stream: 'frames', seq: inner.seq++, timeUs: Math.round(now() * 1000) };
      const say = (stage: string, key: string, value: number): void => {
        const quality = observation.isDoseKnown ? 'valid' : 'invalid';
        const reading = makeReading(header, stage, { name: key, value, unit: '1', quality });
        freshness.heard(stage, now());
        budgets.hear(reading);
        verdicts.hearReading(reading);
      };
      if (observation.isUsable) freshness.heard('frames', now());
      say('dose', DOSE.fraction, observation.fraction);
      say('dose', DOSE.spent, observation.fraction);
      say('channels', 'threshold', 12);
      say('channels', 'statistic', observation.isAgreed ? 1 : 20);
      if (observation.isAlertStanding !== inner.isAlertStanding) {
        inner.isAlertStanding = observation.isAlertStanding;
        verdicts.hearAlert(alertOf(header, observation.isAlertStanding));
      }
      truth.sawFrame(observation, agenda.nowMs);
      issuer.judge(now(), header);
    },
    hear(report) {
      truth.sawReport(agenda.nowMs);
      inner?.issuer.hear(report, now());
    },
    arm() {
      const refusal = inner?.issuer.arm({ by: 'mk', reason: 'trial', via: 'page' }, now()) ?? null;
      if (inner?.issuer.state === 'permitted' && refusal === null) truth.armed(agenda.nowMs);
      return refusal;
    },
    stop() {
      inner?.issuer.stop({ by: 'mk', reason: 'enough', via: 'page' }, now());
      truth.stopped();
    },
    woke(sleptMs) {
      if (sleptMs > leaseMs * (1 + 1 / RENEWALS)) truth.overslept();
    },
  };
  return model;
}

function alertOf(header: { stream: string; seq: number; timeUs: number }, isStanding: boolean) {
  return {
    type: 'alert',
    ...header,
    id: 'a',
    rule: 'change',
    onsetUs: header.timeUs,
    severity: 'critical',
    phase: isStanding ? 'raised' : 'cleared',
    message: 'the spectrum changed',
    evidence: [],
    statistic: 20,
    threshold: 12,
    sign: 1,
  } as const;
}
