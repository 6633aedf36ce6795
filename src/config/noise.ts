import type { Noise } from '../model/layout.ts';
import { stageDefinitions } from './definitions.ts';
import type { GraphPlan, PlannedNode } from './plan.ts';

/** The noise of the frames that a stream or node gives, and who made it so. */
export interface NoiseOrigin {
  /** Null when it is not declared, or not the same for all givers. */
  readonly noise: Noise | null;
  /** Id of the stream or node that last changed it. */
  readonly madeBy: string;
}

/** Follows the noise against the flow. */
export function noiseBehind(plan: Pick<GraphPlan, 'streams' | 'nodes'>, id: string): NoiseOrigin {
  const node = plan.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) return { noise: plan.streams.find((stream) => stream.id === id)?.noise ?? null, madeBy: id };
  const gives = node.definition.noise?.gives ?? 'same';
  if (gives !== 'same') return { noise: gives, madeBy: id };
  const origins = frameGivers(plan, node).map((giver) => noiseBehind(plan, giver));
  const first = origins[0];
  if (first === undefined || origins.some(({ noise }) => noise !== first.noise)) return { noise: null, madeBy: id };
  return first;
}

/** Why a node must not stand where it stands; null when it may, or when the noise is not known. */
export function noiseProblem(node: PlannedNode, plan: Pick<GraphPlan, 'streams' | 'nodes'>): string | null {
  const rule = node.definition.noise;
  if (rule === undefined) return null;
  for (const giver of frameGivers(plan, node)) {
    const { noise, madeBy } = noiseBehind(plan, giver);
    if (noise === null || rule.accepts.includes(noise)) continue;
    const maker = plan.nodes.find(({ id }) => id === madeBy);
    const culprit =
      maker === undefined
        ? `stream '${madeBy}' is declared ${noise}`
        : `'${madeBy}' (${maker.use}) makes them ${noise}`;
    return `${node.use} '${node.id}' takes ${accepted(rule.accepts)}, but ${culprit}: ${cure(node, maker, plan)}`;
  }
  return null;
}

const accepted = (noises: readonly Noise[]): string =>
  noises.length === 1 && noises[0] === 'poisson' ? 'poisson counts' : `${noises.join(' or ')} data`;

/** The order that would be right, a stage that could stand there, the author's advice. */
function cure(node: PlannedNode, maker: PlannedNode | undefined, plan: Pick<GraphPlan, 'streams' | 'nodes'>): string {
  const cures: string[] = [];
  const accepts = node.definition.noise?.accepts ?? [];
  const before = maker === undefined ? null : rightPlace(maker, accepts, plan);
  if (before !== null) cures.push(`put '${node.id}' before '${before.id}' (from: ${before.from.join(', ')})`);
  const noise = maker?.definition.noise?.gives;
  const others = alternatives(node, noise === 'same' ? undefined : noise);
  if (others.length > 0) cures.push(`use ${others.join(' or ')}`);
  if (node.definition.noise?.advice !== undefined) cures.push(node.definition.noise.advice);
  if (cures.length === 0) cures.push('no order of these stages is right');
  return cures.join(', or ');
}

/** The earliest node on the way back whose own frames would suit. */
function rightPlace(
  maker: PlannedNode,
  accepts: readonly Noise[],
  plan: Pick<GraphPlan, 'streams' | 'nodes'>,
): PlannedNode | null {
  for (const giver of frameGivers(plan, maker)) {
    const { noise, madeBy } = noiseBehind(plan, giver);
    if (noise === null || accepts.includes(noise)) return maker;
    const earlier = plan.nodes.find(({ id }) => id === madeBy);
    const place = earlier === undefined ? null : rightPlace(earlier, accepts, plan);
    if (place !== null) return place;
  }
  return null;
}

/** Stages of the same family that give the same and accept this noise. */
function alternatives(node: PlannedNode, noise: Noise | undefined): string[] {
  if (noise === undefined) return [];
  const family = node.use.slice(0, node.use.indexOf('.') + 1);
  return stageDefinitions
    .filter(
      ({ kind, noise: rule, outputs }) =>
        kind.startsWith(family) &&
        rule?.accepts.includes(noise) === true &&
        node.definition.outputs.every((type) => outputs.includes(type)),
    )
    .map(({ kind }) => kind);
}

const frameGivers = (plan: Pick<GraphPlan, 'nodes'>, node: PlannedNode): string[] =>
  node.from.filter(
    (id) => plan.nodes.find((candidate) => candidate.id === id)?.definition.outputs.includes('frame') ?? true,
  );
