import { setTimeout as pause } from 'node:timers/promises';
import { HOLD_MS } from '../normallyClosed.ts';
import { createRandom, type Random } from '../protocol/random.ts';
import { begin, FAULTS, UNWRITTEN_GRANT, type Fault } from './faults.ts';
import { monotonicMs } from './monotonic.ts';
import { LEASE_MS, startTrio, type Trio } from './trio.ts';

export interface TrialOutcome {
  readonly fault: Fault;
  /** Whether the shutter was open when it must not have been. */
  readonly isFailOpen: boolean;
  /** Whether the fault was over before a lease was. */
  readonly isBorne: boolean;
  /** From the last valid renewal to closed, where the lease or the spring closed it; null elsewhere. */
  readonly lapseMs: number | null;
  /** From the beginning of the fault to closed; null where it was borne. */
  readonly stopMs: number | null;
  /** What went wrong beside; empty when nothing did. */
  readonly trouble: string;
}

/** Timers of three busy processes are late by so much at times; the shutter's times do not depend on it. */
const FLUSH_MS = 50;
/** After a fault is over, so long nothing may open the shutter. */
const AFTER_MS = 400;

/** Runs so many trials, two trios at a time, over all faults in a seeded order; without a full disk where none can be made. */
export async function runTrials(
  trials: number,
  seed: number,
  say: (outcome: TrialOutcome, count: number) => void,
): Promise<TrialOutcome[]> {
  const order = createRandom(seed, 3);
  const queue = Array.from({ length: trials }, (_, index) => ({ index, fault: FAULTS[index % FAULTS.length]! }));
  for (let i = queue.length - 1; i > 0; i--) {
    const j = order.whole(0, i);
    [queue[i], queue[j]] = [queue[j]!, queue[i]!];
  }
  const outcomes: TrialOutcome[] = [];
  const lane = async (): Promise<void> => {
    let trio: Trio | null = null;
    try {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        trio ??= await startTrio({ isForSpeed: false });
        if (next.fault === 'diskFull' && !trio.audit.canFill) continue;
        const outcome = await runTrial(next.fault, trio, createRandom(seed + next.index, 4));
        outcomes.push(outcome);
        say(outcome, outcomes.length);
        if (outcome.trouble === '') continue;
        await trio.end();
        trio = null;
      }
    } finally {
      await trio?.end();
    }
  };
  const lanes = await Promise.allSettled([lane(), lane()]);
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
  return outcomes;
}

/** One trial: the beam is on, the fault comes and goes, the shutter is watched all along. */
export async function runTrial(fault: Fault, trio: Trio, random: Random): Promise<TrialOutcome> {
  try {
    await trio.openAgain();
    await pause(random.between(50, 400));
    return await observe(fault, trio, random);
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    return {
      fault,
      isFailOpen: trouble === UNWRITTEN_GRANT,
      isBorne: false,
      lapseMs: null,
      stopMs: null,
      trouble,
    };
  }
}

async function observe(fault: Fault, trio: Trio, random: Random): Promise<TrialOutcome> {
  const { shutter, renewals } = trio;
  const begun = await begin(fault, trio, random);
  const { fromMs, goodUntilMs, closesBy, renewalsUntilMs = Infinity } = begun;
  const allowedMs = LEASE_MS + HOLD_MS;
  const deadlineMs = goodUntilMs === null ? null : goodUntilMs + allowedMs;
  await untilMs(Math.max(begun.healAtMs, (deadlineMs ?? 0) + FLUSH_MS));
  await begun.heal();
  const healedMs = monotonicMs();
  await pause(AFTER_MS);
  if (deadlineMs === null) return { ...(await judgeBorne(trio, healedMs + allowedMs)), fault };
  await shutter.ask();
  const { moves } = shutter;
  const isOpenAt = moves.findLast(({ atMs }) => atMs <= deadlineMs)?.isOpen ?? false;
  const isFailOpen = isOpenAt || moves.some(({ isOpen, atMs }) => isOpen && atMs > deadlineMs);
  const closedMs = moves.find(({ isOpen, atMs }) => !isOpen && atMs >= fromMs)?.atMs ?? null;
  const renewalMs =
    closedMs === null ? null : (renewals.lastValidBefore(Math.min(closedMs, renewalsUntilMs))?.atMs ?? null);
  return {
    fault,
    isFailOpen,
    isBorne: false,
    lapseMs: closesBy === 'lapse' && closedMs !== null && renewalMs !== null ? closedMs - renewalMs : null,
    stopMs: closedMs === null ? null : closedMs - fromMs,
    trouble: '',
  };
}

/** A fault that was over before the lease: either the permit stands, or the shutter is closed. */
async function judgeBorne(trio: Trio, deadlineMs: number): Promise<Omit<TrialOutcome, 'fault'>> {
  await untilMs(deadlineMs + FLUSH_MS);
  const state = await trio.permitState();
  const { isOpen } = await trio.shutter.ask();
  return { isFailOpen: isOpen && state !== 'permitted', isBorne: true, lapseMs: null, stopMs: null, trouble: '' };
}

async function untilMs(timeMs: number): Promise<void> {
  const leftMs = timeMs - monotonicMs();
  if (leftMs > 0) await pause(leftMs);
}
