import type { Assets } from '../../config/load.ts';
import type { GraphPlan } from '../../config/plan.ts';
import { parseBaseline } from '../../model/baseline.ts';
import { layoutOfBaseline, type Origin } from './bootstrap.ts';
import { detectorsOf, frameGiversOf } from './detectors.ts';
import type { Observation } from './observe.ts';

/**
 * What frames are drawn from: the streams as they were observed; else, in place of whoever gives a detector its
 * frames, the baseline file that detector holds.
 */
export function originsOf(plan: GraphPlan, assets: Assets, observation: Observation | null): Origin[] {
  if (observation !== null)
    return plan.streams.flatMap(({ id }) => {
      const frames = observation.frames.get(id);
      const last = frames?.last;
      if (!frames?.layout || !last) return [];
      const baseline = frames.baseline(id);
      const { context, contextAgeUs } = last;
      return [{ id, stream: id, baseline, layout: frames.layout, context, contextAgeUs, isHeld: false }];
    });
  const origins = new Map<string, Origin>();
  for (const node of detectorsOf(plan)) {
    const file = assets[node.id]?.['baseline'];
    if (file === undefined) continue;
    const baseline = parseBaseline(file);
    const layout = layoutOfBaseline(baseline);
    const stream = node.streams[0] ?? '';
    for (const id of frameGiversOf(plan, node))
      origins.set(id, { id, stream, baseline, layout, context: {}, contextAgeUs: {}, isHeld: true });
  }
  return [...origins.values()];
}
