import { planTrial, type TrialPlan } from './plan.ts';
import { runTrial, type Breach, type TrialResult } from './trial.ts';
import { REAL_ENDS, type Ends } from './world.ts';

/** A trial that went wrong, made as small as it goes. */
export interface Violation extends Pick<TrialResult, 'atMs'> {
  readonly breach: Breach;
  readonly plan: TrialPlan;
  /** The last of what happened before. */
  readonly trace: readonly string[];
}

export interface SimulationReport {
  readonly trials: number;
  /** Trials in which the shutter was open while things went wrong. */
  readonly opened: number;
  readonly failOpen: number;
  readonly reopened: number;
  readonly stuck: number;
  readonly falseTrips: number;
  /** Longest time open after the last moment at which the beam might be permitted, milliseconds. */
  readonly lapseMs: number;
  readonly violations: readonly Violation[];
}

/** So many are shown; all are counted. */
const MOST_SHOWN = 5;
const TRACE_LINES = 60;

/** Runs the trials of the seeds from `seed` on. */
export function simulateProtocol(trials: number, seed: number, ends: Ends = REAL_ENDS): SimulationReport {
  const counts: Record<Breach, number> = { failOpen: 0, reopened: 0, stuck: 0, falseTrip: 0 };
  const violations: Violation[] = [];
  let lapseMs = 0;
  let opened = 0;
  for (let trial = 0; trial < trials; trial++) {
    const plan = planTrial(seed + trial);
    const result = runTrial(plan, ends);
    lapseMs = Math.max(lapseMs, result.lapseMs);
    if (result.wasOpen) opened++;
    if (result.breach === null) continue;
    counts[result.breach]++;
    if (violations.length < MOST_SHOWN) violations.push(shrink(plan, result.breach, ends));
  }
  const { failOpen, reopened, stuck, falseTrip: falseTrips } = counts;
  return { trials, opened, failOpen, reopened, stuck, falseTrips, lapseMs, violations };
}

/** Leaves out what the breach does not need. */
function shrink(plan: TrialPlan, breach: Breach, ends: Ends): Violation {
  const isSame = (candidate: TrialPlan): boolean => runTrial(candidate, ends).breach === breach;
  let smallest = plan;
  for (const fault of plan.faults) {
    const candidate = { ...smallest, faults: smallest.faults.filter((other) => other !== fault) };
    if (isSame(candidate)) smallest = candidate;
  }
  for (const arm of plan.armsMs) {
    const candidate = { ...smallest, armsMs: smallest.armsMs.filter((other) => other !== arm) };
    if (isSame(candidate)) smallest = candidate;
  }
  const lines: string[] = [];
  const { atMs } = runTrial(smallest, ends, (timeMs, line) => {
    if (!lines.at(-1)?.startsWith('BREACH', 10)) lines.push(`${timeMs.toFixed(1).padStart(9)} ${line}`);
  });
  return { breach, atMs, plan: smallest, trace: lines.slice(-TRACE_LINES) };
}
