import type { GraphPlan } from '../../config/plan.ts';
import { baselineOn, type Baseline } from '../../model/baseline.ts';
import { MonitorError } from '../../model/error.ts';
import { detectorsOf, frameGiversOf } from './detectors.ts';
import type { Observation } from './observe.ts';

/**
 * The one baseline that serves every detector of a plan: the widest whose channels hold those of all.
 *
 * @throws MonitorError when no baseline does, as where one detector takes re-binned frames and another does not.
 */
export function baselineToWrite(plan: GraphPlan, { frames }: Observation, madeFrom: string): Baseline {
  const givers = [...new Set(detectorsOf(plan).flatMap((node) => frameGiversOf(plan, node)))];
  const layouts = givers.flatMap((id) => frames.get(id)?.layout ?? []);
  // What is behind calibration.shift is on the true axis: rather that than the stream itself.
  const candidates = [...givers, ...plan.streams.map(({ id }) => id)];
  for (const id of candidates) {
    const quiet = frames.get(id);
    if (quiet === undefined || quiet.count === 0) continue;
    const baseline = quiet.baseline(`${madeFrom}: ${quiet.count} frames of ${id}`);
    if (layouts.every((layout) => covers(baseline, layout))) return baseline;
  }
  throw new MonitorError('CONFIG', `no one baseline serves ${givers.join(' and ')}: calibrate them one by one`, {
    id: '--out',
  });
}

function covers(baseline: Baseline, layout: Parameters<typeof baselineOn>[1]): boolean {
  try {
    baselineOn(baseline, layout);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
