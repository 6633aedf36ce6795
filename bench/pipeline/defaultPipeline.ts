import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { GraphPlan } from '../../src/config/plan.ts';
import type { GraphNode } from '../../src/pipeline/assemble.ts';

/** What most users run: region, shift, background and change on one stream, its dose, alerts of both. */
const FILE = `
version: 1
streams:
  xrd:
    transport: { use: memory, with: { channel: bench } }
    codec: { use: cbor, with: {} }
    noise: poisson
    framePeriodMs: 1
pipeline:
  - { id: region, from: xrd, use: reduce.region, with: {} }
  - { id: background, from: region, use: background.snip, with: { halfWidth: 24 } }
  - { id: shift, from: region, use: calibration.shift, with: { learn: 50 } }
  - { id: change, from: shift, use: change.step, with: { learn: 50, ignore: [gain, shift, slope], falseAlarms: { onePer: 24 h } } }
  - { id: dose, from: xrd, use: dose.fluence, with: { current: { fixed: 1, unit: pA }, areaNm2: 1.0e4, limit: 1.0e12 } }
  - { id: call, from: [change, dose], use: alert.hysteresis }
`;

/** The plan of the measured pipeline. */
export function defaultPlan(): GraphPlan {
  return planGraph(parseConfig(FILE, { path: 'bench.yaml', env: {} }).config);
}

/** Fresh stages of the plan. */
export function createNodes(plan: GraphPlan): GraphNode[] {
  return plan.nodes.map((node) => ({
    id: node.id,
    from: node.from,
    onError: node.onError,
    stage: node.definition.createChecked(node.id, node.with, { framePeriodUs: node.framePeriodUs }),
  }));
}
