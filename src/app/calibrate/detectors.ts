import { outputsOf, type GraphPlan, type PlannedNode } from '../../config/plan.ts';

/** The nodes that detect and can be wrong at a rate. */
export const detectorsOf = (plan: Pick<GraphPlan, 'nodes'>): readonly PlannedNode[] =>
  plan.nodes.filter(
    ({ definition }) => definition.averageRunLength !== undefined && definition.outputs.includes('detection'),
  );

/** Who gives a node its frames. */
export const frameGiversOf = (plan: Pick<GraphPlan, 'nodes'>, node: PlannedNode): readonly string[] =>
  node.takes.includes('frame') ? node.from.filter((id) => outputsOf(plan, id).includes('frame')) : [];

/** The plan without what no detector needs: alerts, doses and sinks are left out. */
export function detectingPart(plan: GraphPlan): GraphPlan {
  const wanted = new Set(detectorsOf(plan).map(({ id }) => id));
  for (const node of [...plan.nodes].reverse()) if (wanted.has(node.id)) node.from.forEach((id) => wanted.add(id));
  return { ...plan, nodes: plan.nodes.filter(({ id }) => wanted.has(id)), sinks: [] };
}
