import type { PermitEvent, PermitMessage, PermitState, PermitView, ShutterReport } from '../model/permit.ts';
import type { PermitRequest } from '../model/permitCommand.ts';
import { toCondition, type BeamHistory, type ConditionSource, type Judgement } from './conditions.ts';
import { createMachinery, type MachinerySetting } from './machinery.ts';

export interface IssuerSetting extends MachinerySetting {
  readonly run: string;
  /** Highest epoch known from before. */
  readonly lastEpoch: number;
}

/** What an issuer does to the world. */
export interface IssuerOutlet {
  /** Sends now or not at all. */
  send(message: PermitMessage): void;
  /** Writes to the audit log. @throws when it could not */
  record(event: Omit<PermitEvent, 'timeUs' | 'run'>): void;
}

/** The frame that decided, where one did. */
export interface Occasion {
  readonly stream: string;
  readonly seq: number;
}

/**
 * The monitor's end of the beam permit: grants leases while every condition holds, latches when one fails, and repeats the
 * stop until the shutter is seen closed. Knows no clock: times are monotonic milliseconds, handed in.
 */
export interface Issuer {
  readonly beam: BeamHistory;
  readonly state: PermitState;
  /** Renews, judges, repeats. To be called several times per lease; @param lateMs by how much the call was late. */
  tick(nowMs: number, lateMs: number): void;
  /** Judges at once, because something was learned. */
  judge(nowMs: number, occasion?: Occasion): void;
  hear(report: ShutterReport, nowMs: number): void;
  /** Stops at once: an operator, or the end of the run. */
  stop(request: Pick<PermitRequest, 'by' | 'reason' | 'via'>, nowMs: number): void;
  /** @returns null when armed, else why not. */
  arm(request: Pick<PermitRequest, 'by' | 'reason' | 'via'>, nowMs: number): string | null;
  /** @param wallUs - wall clock, for people. */
  view(nowMs: number, wallUs: number): PermitView;
}

/** A closed shutter is told again that it is to be closed, so seldom. */
const REMINDER_MS = 1000;

export function createIssuer(
  setting: IssuerSetting,
  sourcesOf: (beam: BeamHistory) => readonly ConditionSource[],
  outlet: IssuerOutlet,
): Issuer {
  let state: PermitState = 'notArmed';
  let cause = '';
  let sinceMs = Number.NaN;
  let confirmedMs: number | null = null;
  let tries = 0;
  let epoch = setting.lastEpoch;
  let seq = 0;
  let lastSentMs = -Infinity;
  let armedMs: number | null = null;
  const beam: BeamHistory = {
    get armedMs() {
      return armedMs;
    },
  };
  const machinery = createMachinery(setting, beam);
  const sources = [machinery, ...sourcesOf(beam)];
  const conditions = (nowMs: number): Judgement[] => sources.flatMap((source) => source.judge(nowMs));

  const record = (event: Omit<PermitEvent, 'timeUs' | 'run' | 'epoch' | 'state'>): boolean => {
    try {
      outlet.record({ ...event, epoch, state });
      machinery.wrote(null);
      return true;
    } catch (error) {
      machinery.wrote(`the audit log cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  const send = (nowMs: number): void => {
    lastSentMs = nowMs;
    seq++;
    tries++;
    outlet.send({
      run: setting.run,
      epoch,
      seq,
      state: state === 'permitted' ? 'open' : 'closed',
      reason: state === 'permitted' ? '' : cause,
      ttlMs: setting.leaseMs,
      answers: machinery.report?.challenge ?? '',
    });
  };
  const close = (
    to: 'stopped' | 'withheld',
    why: string,
    nowMs: number,
    details: Pick<PermitEvent, 'by' | 'via' | 'stream' | 'seq'>,
  ): void => {
    state = to;
    cause = why;
    sinceMs = nowMs;
    confirmedMs = null;
    armedMs = null;
    tries = 0;
    // First the beam, then the book.
    send(nowMs);
    record({ event: 'tripped', reason: why, ...details });
  };
  const judge = (nowMs: number, occasion?: Occasion): void => {
    if (state !== 'permitted') return;
    for (const source of sources)
      for (const { isHeld, name, tell, stopsAs } of source.judge(nowMs))
        if (!isHeld)
          return close(stopsAs, `${name}: ${tell()}`, nowMs, {
            by: '',
            via: '',
            ...(occasion === undefined ? {} : { stream: occasion.stream, seq: occasion.seq }),
          });
  };
  /** A receiver that stands open though nothing was granted by us: ours must be the higher epoch. */
  const overrule = (): void => {
    const theirs = machinery.report?.epoch ?? 0;
    if (epoch > theirs) return;
    epoch = theirs + 1;
    seq = 0;
  };
  const remind = (nowMs: number): void => {
    const observed = machinery.report?.observed;
    if (observed === undefined || (observed === 'closed' && state === 'notArmed')) return;
    const everyMs = observed === 'closed' && confirmedMs !== null ? REMINDER_MS : setting.leaseMs / 5;
    if (nowMs - lastSentMs < everyMs) return;
    if (observed !== 'closed' && state === 'notArmed') overrule();
    send(nowMs);
  };
  return {
    beam,
    get state() {
      return state;
    },
    judge,
    tick(nowMs, lateMs) {
      machinery.beat(lateMs, nowMs);
      judge(nowMs);
      if (state === 'permitted') send(nowMs);
      else remind(nowMs);
    },
    hear(report, nowMs) {
      machinery.hear(report, nowMs);
      judge(nowMs);
      if (state === 'permitted') {
        if (confirmedMs === null && report.observed === 'open') confirmedMs = nowMs - sinceMs;
      } else if (state !== 'notArmed' && confirmedMs === null && report.observed === 'closed') {
        confirmedMs = nowMs - sinceMs;
        record({ event: 'confirmed', reason: `closed ${Math.round(confirmedMs)} ms later`, by: '', via: '' });
      }
    },
    stop({ by, reason, via }, nowMs) {
      const why = reason === '' ? 'Stopped by hand' : reason;
      if (state === 'notArmed') overrule();
      if (state === 'notArmed' || state === 'permitted') return close('stopped', why, nowMs, { by, via });
      // The first cause is the one to look into; the order is given again.
      send(nowMs);
      record({ event: 'tripped', reason: why, by, via });
    },
    arm({ by, reason, via }, nowMs) {
      const refuse = (why: string): string => {
        record({ event: 'refused', reason: why, by, via });
        return why;
      };
      if (state === 'permitted') return 'The beam is permitted already.';
      if (by === '' || reason === '') return refuse('A name and a reason are needed.');
      const standing = conditions(nowMs);
      const failing = standing.filter(({ isHeld, id }) => !isHeld && id !== 'audit');
      if (failing.length > 0)
        return refuse(`The cause stands: ${failing.map(({ name, tell }) => `${name}: ${tell()}`).join('; ')}.`);
      const before = { state, epoch, seq };
      epoch = Math.max(epoch, machinery.report?.epoch ?? 0) + 1;
      state = 'permitted';
      if (!record({ event: 'granted', reason, by, via, conditions: standing.map(toCondition) })) {
        ({ state, epoch, seq } = before);
        return 'The grant could not be written to the audit log.';
      }
      seq = 0;
      cause = '';
      sinceMs = nowMs;
      armedMs = nowMs;
      confirmedMs = null;
      tries = 0;
      machinery.adopt(epoch);
      send(nowMs);
      return null;
    },
    view(nowMs, wallUs) {
      const { report, reportMs } = machinery;
      return {
        state,
        desired: state === 'permitted' ? 'open' : 'closed',
        observed: report === null || nowMs - reportMs > 2 * setting.leaseMs ? 'unknown' : report.observed,
        isReadBack: report?.isReadBack ?? false,
        reportAgeMs: report === null ? null : nowMs - reportMs,
        cause,
        sinceUs: Number.isNaN(sinceMs) ? wallUs : Math.round(wallUs - (nowMs - sinceMs) * 1000),
        confirmedMs,
        tries,
        epoch,
        leaseMs: setting.leaseMs,
        leaseLeftMs: state === 'permitted' ? Math.max(0, setting.leaseMs - (nowMs - reportMs)) : 0,
        conditions: conditions(nowMs).map(toCondition),
      };
    },
  };
}
