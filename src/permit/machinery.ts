import type { ShutterReport } from '../model/permit.ts';
import type { BeamHistory, ConditionSource, Judgement } from './conditions.ts';
import { spanOf } from './conditions.ts';

export interface MachinerySetting {
  readonly leaseMs: number;
  /** Beam time after which an arming ends. */
  readonly timerMs: number;
  /** How long a shutter may take to do as it is told. */
  readonly settleMs: number;
}

/** The machines the permit itself runs on: this process, the receiver and its shutter, the audit log, the backup timer. */
export interface Machinery extends ConditionSource {
  readonly report: ShutterReport | null;
  readonly reportMs: number;
  /** Takes a report in. */
  hear(report: ShutterReport, nowMs: number): void;
  /** The receiver that was heard is the one the permit is given to, under this epoch. */
  adopt(epoch: number): void;
  /** Tells that the event loop was alive; `lateMs` is by how much it was not. */
  beat(lateMs: number, nowMs: number): void;
  /** Tells whether the last line of the audit log is on disk. */
  wrote(problem: string | null): void;
}

/** A loop that was blocked counts as sick for so long after. */
const CONVALESCENCE_MS = 2000;

export function createMachinery({ leaseMs, timerMs, settleMs }: MachinerySetting, beam: BeamHistory): Machinery {
  let report: ShutterReport | null = null;
  let reportMs = Number.NaN;
  let adopted: { readonly boot: string; readonly epoch: number } | null = null;
  let blockedMs = 0;
  let blockedAtMs = -Infinity;
  let beatMs = Number.NaN;
  let auditProblem: string | null = null;

  const shutterFailure = (nowMs: number): string | null => {
    if (report === null) return 'no shutter has reported yet';
    const ageMs = nowMs - reportMs;
    if (!(ageMs <= leaseMs)) return `no report for ${spanOf(ageMs)}, limit ${spanOf(leaseMs)}`;
    if (beam.armedMs === null || adopted === null)
      return report.observed === 'unknown' ? 'its position cannot be read' : null;
    if (report.boot !== adopted.boot) return 'it was started anew';
    if (report.epoch > adopted.epoch) return 'another monitor has armed it';
    if (nowMs - beam.armedMs <= settleMs || report.observed === 'open') return null;
    return report.observed === 'unknown' ? 'its position cannot be read' : `it closed by itself: ${report.reason}`;
  };
  const judgement = (id: string, name: string, failure: string | null, tell: () => string): Judgement => ({
    id,
    name,
    isHeld: failure === null,
    tell: () => failure ?? tell(),
    stopsAs: id === 'timer' ? 'stopped' : 'withheld',
  });
  return {
    get report() {
      return report;
    },
    get reportMs() {
      return reportMs;
    },
    hear(heard, nowMs) {
      report = heard;
      reportMs = nowMs;
    },
    adopt(epoch) {
      adopted = report === null ? null : { boot: report.boot, epoch };
    },
    beat(lateMs, nowMs) {
      beatMs = nowMs;
      if (lateMs < leaseMs) return;
      blockedMs = lateMs;
      blockedAtMs = nowMs;
    },
    wrote(problem) {
      auditProblem = problem;
    },
    judge(nowMs) {
      const openMs = beam.armedMs === null ? 0 : nowMs - beam.armedMs;
      // A process that was stopped may be handed messages before its timers run.
      const silentMs = nowMs - beatMs;
      const stillMs = silentMs > leaseMs ? silentMs : nowMs - blockedAtMs < CONVALESCENCE_MS ? blockedMs : 0;
      return [
        judgement(
          'shutter',
          'Shutter answers',
          shutterFailure(nowMs),
          () => `${report?.observed}, last report ${spanOf(nowMs - reportMs)} ago`,
        ),
        judgement(
          'timer',
          'Backup timer',
          openMs < timerMs ? null : `the beam was permitted for ${spanOf(openMs)}`,
          () => `${spanOf(openMs)} of ${spanOf(timerMs)}`,
        ),
        judgement(
          'loop',
          'Monitor alive',
          stillMs > 0 ? `the monitor stood still for ${spanOf(stillMs)}` : null,
          () => 'answers in time',
        ),
        judgement('audit', 'Audit log kept', auditProblem, () => 'on disk'),
      ];
    },
  };
}
