import type { AcceptAnswer } from '../../src/model/operatorCommand.ts';
import type { PermitCondition, PermitView } from '../../src/model/permit.ts';
import type { PermitCommand, PermitRequest } from '../../src/model/permitCommand.ts';
import { DAMAGE, DOSE } from '../../src/model/doseReading.ts';
import { readingOf } from '../server/fixtures.ts';
import { standOf, type Stand } from './pageStand.ts';
import type { ScriptOptions } from './scriptedRun.ts';

const TELL_MS = 100;
const START_US = 1_795_000_000_000_000;
const TOLERANCE = 0.05;

export const CONDITIONS: readonly PermitCondition[] = [
  { id: 'shutter', name: 'Shutter answers', isHeld: true, detail: 'closed, last report 40 ms ago' },
  { id: 'fresh.detector', name: 'detector fresh', isHeld: true, detail: 'last 200 ms ago, limit 1 s' },
  { id: 'budget.dose', name: 'Dose below its limit', isHeld: true, detail: '15 of 30 MGy' },
  { id: 'damage.response', name: 'Damage response', isHeld: true, detail: 'P(over tolerance) 0.004, limit 0.05' },
  { id: 'agreement.channels', name: 'Dose channels agree', isHeld: true, detail: 'statistic 1.2, threshold 12' },
];

/** A beam that a rule has stopped, seen off. */
export const STOPPED = {
  state: 'stopped',
  desired: 'closed',
  observed: 'closed',
  cause: 'Damage response: P(over tolerance after the next frame) 0.062, limit 0.05',
  sinceUs: 1_795_000_331_480_000,
  confirmedMs: 38,
  leaseLeftMs: 0,
} as const;

/** A scripted permit: it does what it is told by the test, and answers what the test wants. */
export interface PermitStand extends Stand {
  readonly asked: readonly PermitRequest[];
  readonly command: PermitCommand;
  /** Changes what the monitor says of its permit. */
  say(more: Partial<PermitView>): void;
  /** A condition that does not hold any more, or again. */
  hold(id: string, isHeld: boolean): void;
  /** What commands are answered from now on; null for no answer at all. */
  answer(answer: Omit<AcceptAnswer, 'id'> | null): void;
  /** Frames with dose, damage, a second channel, floors and exposure. */
  playDose(frames: number, z?: number): void;
  end(): void;
}

export function permitStand(first: Partial<PermitView> = {}, script: ScriptOptions = {}, run = '0147'): PermitStand {
  const stand = standOf(script, run, {
    damage: 'response',
    tolerance: TOLERANCE,
    agreement: 'channels',
    exposure: 'exposure',
    doseStages: ['floor'],
  });
  let view: PermitView = {
    state: 'permitted',
    desired: 'open',
    observed: 'open',
    isReadBack: true,
    reportAgeMs: 40,
    cause: '',
    sinceUs: START_US,
    confirmedMs: 22,
    tries: 1,
    epoch: 3,
    leaseMs: 500,
    leaseLeftMs: 420,
    conditions: CONDITIONS,
    ...first,
  };
  let reply: Omit<AcceptAnswer, 'id'> | null = { isDone: true, detail: 'Done.' };
  const asked: PermitRequest[] = [];
  const tell = () => stand.feed.setPermit(view);
  const timer = setInterval(tell, TELL_MS);
  tell();
  const say: PermitStand['say'] = (more) => {
    view = { ...view, ...more };
    tell();
  };
  return {
    ...stand,
    asked,
    say,
    command(request) {
      asked.push(request);
      return reply === null ? new Promise(() => undefined) : Promise.resolve({ id: request.id, ...reply });
    },
    hold: (id, isHeld) =>
      say({ conditions: view.conditions.map((each) => (each.id === id ? { ...each, isHeld } : each)) }),
    answer: (next) => (reply = next),
    playDose(frames, z = 12) {
      for (let k = 0; k < frames; k++) {
        stand.play(1);
        writeDose(stand, z);
      }
    },
    end: () => clearInterval(timer),
  };
}

function writeDose({ run, feed }: Stand, z: number): void {
  const { seq } = run;
  const write = (stage: string, name: string, value: number, unit = '1', more = {}) =>
    feed.write({ ...readingOf(stage, name, value, seq, unit), stream: 'detector', ...more }, stage);
  const dose = 75_000 * (seq + 1);
  write('dose', DOSE.rateFraction, 0.4);
  write('dose', DOSE.framesLeft, Math.max(0, 400 - seq - 1));
  write('dose', DOSE.timeFraction, (seq + 1) / 500);
  write('dose', DOSE.ofSample, dose + 4.2e6, 'Gy');
  write('dose', DOSE.generation, START_US, 'us');
  const damage = 1 - Math.exp(-(dose / 640e6)) + 0.0008 * Math.sin(seq);
  const error = Math.max(0.0008, 0.02 / Math.sqrt(seq + 4));
  write('response', DAMAGE.fraction, damage);
  write('response', DAMAGE.low, Math.max(0, damage - error));
  write('response', DAMAGE.high, damage + error);
  write('response', DAMAGE.over, 0.001);
  write('response', DAMAGE.overNext, 0.004);
  write('response', DAMAGE.reach, 32.8e6, 'Gy');
  write('response', DAMAGE.reachLow, 31.1e6, 'Gy');
  write('response', DAMAGE.reachHigh, 37.4e6, 'Gy');
  write('response', DAMAGE.certifiability, z);
  write('response', DAMAGE.countsNeeded, (4.3 / z) ** 2);
  write('channels', 'doseRatio', 0.987);
  write('channels', 'doseCharged', dose, 'Gy');
  write('exposure', 'exposureAdvice', 0.05);
  write('exposure', 'exposureState', 0);
  write('exposure', 'doseSaving', 0.67);
  for (const [frames, change] of [
    [1, 0.26],
    [8, 0.089],
    [64, 0.031],
  ] as const)
    write('floor', `floor.${frames}`, change, '1', { region: [20, 28], regionUnit: 'deg', sign: 1 });
}
