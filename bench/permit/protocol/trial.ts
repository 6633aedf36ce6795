import { HOLD_MS } from '../normallyClosed.ts';
import { inject } from './inject.ts';
import { FAULTY_MS, type TrialPlan } from './plan.ts';
import { createRandom } from './random.ts';
import { QUIET } from './wire.ts';
import { createWorld, LEASE_MS, REAL_ENDS, type Ends } from './world.ts';

/**
 * 'failOpen': open later than the lease and the hold of the shutter after the last moment at which a monitor might permit it.
 * 'reopened': an arming opened the shutter more often than once. 'stuck': all is well again, and it cannot be armed, does not
 * stay open, or does not close on command. 'falseTrip': it closed though nothing was wrong.
 */
export type Breach = 'failOpen' | 'reopened' | 'stuck' | 'falseTrip';

export interface TrialResult {
  readonly breach: Breach | null;
  readonly atMs: number;
  /** Longest time open after the last good moment, milliseconds. */
  readonly lapseMs: number;
  /** While things went wrong. */
  readonly wasOpen: boolean;
}

/** What an open shutter may outlive the last good moment by. */
const ALLOWED_MS = LEASE_MS + HOLD_MS;
/** So long somebody goes on trying to arm it when all is well again. */
const HEALING_MS = 4500;
const ARM_EVERY_MS = 500;
const STEADY_MS = 800;
const STOP_MS = 100;

/**
 * Runs one trial in virtual time.
 *
 * @param ends - the two ends of the protocol; others than the real ones, to see that the trial finds their faults.
 * @param log - hears what happens, for a trace.
 */
export function runTrial(
  plan: TrialPlan,
  ends: Ends = REAL_ENDS,
  log: (atMs: number, line: string) => void = () => undefined,
): TrialResult {
  const random = createRandom(plan.seed, 2);
  let breach: Breach | null = null;
  let breachMs = 0;
  let lapseMs = 0;
  let wasOpen = false;
  const note = (kind: Breach): void => {
    if (breach !== null) return;
    breach = kind;
    breachMs = agenda.nowMs;
    log(agenda.nowMs, `BREACH ${kind}`);
  };
  const armings = new Map<number, number>();
  const openings = new Map<number, number>();
  const count = (book: Map<number, number>, epoch: number): number => {
    const next = (book.get(epoch) ?? 0) + 1;
    book.set(epoch, next);
    return next;
  };
  const opened = (epoch: number): void => {
    if (count(openings, epoch) > (armings.get(epoch) ?? 0)) note('reopened');
  };
  const world = createWorld(random, ends, opened, (line) => log(world.agenda.nowMs, line));
  const { agenda, shutter, monitors, receiver, broker } = world;
  const watch = (nowMs: number): void => {
    let goodMs = -Infinity;
    for (const { truth, host, state } of monitors) {
      truth.advance(nowMs, host.state === 'running' && state === 'permitted');
      goodMs = Math.max(goodMs, truth.lastGoodMs);
    }
    if (!shutter.isOpen(nowMs)) return;
    if (nowMs < FAULTY_MS) wasOpen = true;
    const sinceMs = nowMs - Math.max(goodMs, plan.isOpenAtStart ? 0 : -Infinity);
    if (sinceMs > ALLOWED_MS) note('failOpen');
    else lapseMs = Math.max(lapseMs, sinceMs);
  };
  const arm = (index: 0 | 1): void => {
    const monitor = monitors[index];
    const before = monitor.state;
    const refusal = monitor.arm();
    log(agenda.nowMs, `arm monitor${index}: ${refusal ?? 'granted'}`);
    if (refusal === null && before !== 'permitted') count(armings, monitor.epoch);
  };

  world.setHabits(plan.habits);
  if (plan.isOpenAtStart) shutter.drive('open', 0);
  broker.start();
  agenda.at(0, () => monitors[0].start(true));
  agenda.at(random.between(0, 200), () => receiver.start());
  for (const atMs of plan.armsMs) agenda.at(atMs, () => monitors[0].host.deliver(() => arm(0)));
  for (const fault of plan.faults) {
    agenda.at(fault.fromMs, () => log(agenda.nowMs, `fault ${fault.kind} for ${Math.round(fault.forMs)} ms`));
    inject(fault, world, random, () => arm(1));
  }
  agenda.run(FAULTY_MS, watch);
  if (plan.faults.length === 0 && !shutter.isOpen(agenda.nowMs)) note('falseTrip');

  log(agenda.nowMs, 'all is well again');
  world.setHabits(QUIET);
  const armUntilMs = FAULTY_MS + HEALING_MS;
  for (let atMs = FAULTY_MS; atMs < armUntilMs; atMs += ARM_EVERY_MS)
    agenda.at(atMs, () => {
      if (monitors[0].state !== 'permitted') arm(0);
    });
  agenda.run(armUntilMs, watch);
  const isStuck = (nowMs: number): void => {
    watch(nowMs);
    if (!shutter.isOpen(nowMs)) note('stuck');
  };
  agenda.run(armUntilMs + STEADY_MS, isStuck);
  monitors[0].stop();
  agenda.run(agenda.nowMs + STOP_MS, watch);
  agenda.run(agenda.nowMs + STEADY_MS, (nowMs) => {
    watch(nowMs);
    if (shutter.isOpen(nowMs)) note('stuck');
  });
  return { breach, atMs: breachMs, lapseMs, wasOpen };
}
