import type { GraphPlan } from '../../config/plan.ts';
import type { CalibrationReport } from './report.ts';

const MOST_PASSES = 4;

/**
 * Looks again with the proposed thresholds set, where a statistic depends on its own threshold (one that brings several
 * tests to one scale does), until what is proposed is what is set.
 *
 * @param first - with the thresholds of the file: what it says of these stands.
 * @param look - runs the same data through a plan; judged by what the file asks for.
 */
export async function refine(
  plan: GraphPlan,
  first: CalibrationReport,
  look: (plan: GraphPlan) => Promise<CalibrationReport>,
): Promise<CalibrationReport> {
  const dependent = new Set(
    plan.nodes.filter(({ definition }) => definition.statistic === 'deviations').map(({ id }) => id),
  );
  let report = first;
  for (let pass = 1; pass < MOST_PASSES; pass++) {
    const thresholds = new Map<string, number>();
    let isSettled = true;
    for (const { detector, threshold, proposed } of report.verdicts) {
      if (!dependent.has(detector) || proposed === null || threshold === null) continue;
      thresholds.set(detector, Math.max(thresholds.get(detector) ?? 0, proposed.value));
      if (Math.abs(proposed.value - threshold) > 0.25 * (proposed.high - proposed.low)) isSettled = false;
    }
    if (isSettled) break;
    const nodes = plan.nodes.map((node) => {
      const threshold = thresholds.get(node.id);
      return threshold === undefined ? node : { ...node, with: { ...node.with, threshold } };
    });
    report = await look({ ...plan, nodes });
  }
  const last = report;
  return {
    ...first,
    verdicts: first.verdicts.map((verdict, k) => {
      const refined = last.verdicts[k];
      return refined !== undefined && dependent.has(verdict.detector)
        ? { ...verdict, proposed: refined.proposed }
        : verdict;
    }),
  };
}
