import type { Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';
import type { GraphPlan } from './plan.ts';
import { suggestion } from './problems.ts';
import type { PipelineConfig } from './schema.ts';

/** What is wrong with the section `exposure` of a file. */
export function exposureProblems({ exposure, streams }: PipelineConfig, plan: GraphPlan): Problem[] {
  if (exposure === undefined) return [];
  const problems: Problem[] = [];
  const advisers = plan.nodes.filter(({ use }) => use === 'dose.exposure');
  const adviser = advisers.find(({ id }) => id === exposure.from);
  if (adviser === undefined) {
    const known = nearest(
      exposure.from,
      advisers.map(({ id }) => id),
    );
    problems.push({
      at: ['exposure', 'from'],
      message: `expected the id of a dose.exposure node, got "${exposure.from}"${suggestion(known)}`,
    });
  } else if (adviser.with['nominalExposureMs'] === undefined)
    problems.push({
      at: ['exposure', 'from'],
      message: `expected a node with nominalExposureMs: without it, the advice of "${exposure.from}" is in no seconds`,
    });
  const { to } = exposure;
  if (to.use === 'simulator' && streams[to.with.stream]?.source?.use !== 'simulator')
    problems.push({
      at: ['exposure', 'to', 'with', 'stream'],
      message: `expected a stream whose source is a simulator, got "${to.with.stream}"`,
    });
  return problems;
}
