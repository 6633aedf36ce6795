import { runLengthOf, type FalseAlarmRate } from '../model/duration.ts';
import { explainError, MonitorError } from '../model/error.ts';
import { inputsOf } from '../model/stage.ts';
import { sinkOfName, stageOfKind, type AnyStage } from './definitions.ts';
import { pathText, type Path, type Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';
import { noiseBehind, noiseProblem } from './noise.ts';
import { findCircle, topologicalOrder } from './order.ts';
import { nameOf, outputsOf, type GraphPlan, type PlannedNode, type PlannedSink, type PlannedStream } from './plan.ts';
import { exposureProblems } from './exposureProblems.ts';
import { permitProblems } from './permitPlan.ts';
import { suggestion } from './problems.ts';
import { ID_PATTERN, type PipelineConfig, type StreamConfig } from './schema.ts';

/** An entry of `pipeline` or `sinks` of which the types of settings are forgotten. */
interface Entry {
  readonly id: string;
  readonly use: string;
  readonly from?: string | readonly string[] | undefined;
  readonly onError?: PlannedNode['onError'] | undefined;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
}

/** Draws the graph. @throws MonitorError CONFIG that lists all that is wrong with it. */
export function planGraph(config: PipelineConfig): GraphPlan {
  const { plan, problems } = drawGraph(config);
  if (problems.length === 0) return plan;
  const lines = problems.map(({ at, message }) => `${pathText(at)}  ${message}`);
  throw new MonitorError('CONFIG', `the graph is wrong\n${lines.join('\n')}`, { id: 'pipeline' });
}

/** Draws as much of the graph as can be drawn, and tells what is wrong with it. */
export function drawGraph(config: PipelineConfig): { plan: GraphPlan; problems: Problem[] } {
  const problems: Problem[] = [];
  const entries: readonly Entry[] = config.pipeline;
  const streams = Object.entries(config.streams).map(([id, stream]) => plannedStream(id, stream));
  const streamIds = streams.map(({ id }) => id);
  const ids = checkIds(config, problems);

  const givers = entries.map((entry, i) => giversOf(entry, i, entries, streamIds, ids, problems));
  const edges = new Map(entries.map((entry, i) => [entry.id, givers[i] ?? []]));
  const circle = findCircle(edges);
  if (circle !== null) {
    const i = entries.findIndex(({ id }) => id === circle[0]);
    problems.push({ at: ['pipeline', i, 'from'], message: `expected no circle, got ${circle.join(' -> ')}` });
  }
  const plan: { streams: PlannedStream[]; nodes: PlannedNode[]; sinks: PlannedSink[] } = {
    streams,
    nodes: [],
    sinks: [],
  };
  if (problems.length > 0) return { plan, problems };

  for (const id of topologicalOrder(edges)) {
    const i = entries.findIndex((entry) => entry.id === id);
    const entry = entries[i];
    const definition = entry && stageOfKind(entry.use);
    if (definition === undefined) continue;
    const node = plannedNode(entry, definition, edges.get(id) ?? [], plan);
    const at: Path = ['pipeline', i];
    checkPorts(node, plan, at, problems);
    checkOnError(node, at, problems);
    checkRate(node, at, problems);
    const noise = noiseProblem(node, plan);
    if (noise !== null) problems.push({ at: [...at, 'use'], message: noise });
    plan.nodes.push(node);
  }
  plan.sinks.push(...plannedSinks(config, plan, ids, problems));
  checkPage(config, ids, problems);
  problems.push(...permitProblems(config, plan), ...exposureProblems(config, plan));
  return { plan, problems };
}

function plannedStream(id: string, config: StreamConfig): PlannedStream {
  const framePeriodUs = config.framePeriodMs === undefined ? null : Math.round(config.framePeriodMs * 1000);
  return { id, config, noise: config.noise ?? null, framePeriodUs };
}

/** Streams, nodes and sinks share one name space. Returns what a `from` may name. */
function checkIds(config: PipelineConfig, problems: Problem[]): string[] {
  const seen = new Map<string, string>(Object.keys(config.streams).map((id) => [id, pathText(['streams', id])]));
  const check = (id: string, at: Path): void => {
    const before = seen.get(id);
    if (before !== undefined)
      problems.push({ at: [...at, 'id'], message: `expected a name of its own, got "${id}", which ${before} has` });
    else seen.set(id, pathText(at));
    if (!ID_PATTERN.test(id))
      problems.push({ at: [...at, 'id'], message: `expected letters, digits, "_", "-" or ".", got "${id}"` });
  };
  config.pipeline.forEach(({ id }: Entry, i) => check(id, ['pipeline', i]));
  const ids = [...seen.keys()];
  config.sinks.forEach(({ id }: Entry, i) => check(id, ['sinks', i]));
  return ids;
}

function giversOf(
  entry: Entry,
  i: number,
  entries: readonly Entry[],
  streams: readonly string[],
  ids: readonly string[],
  problems: Problem[],
): string[] {
  if (entry.from !== undefined) return knownGivers(entry.from, ['pipeline', i, 'from'], ids, problems);
  const above = entries[i - 1]?.id ?? (streams.length === 1 ? streams[0] : undefined);
  if (above !== undefined) return [above];
  problems.push({
    at: ['pipeline', i],
    message: `expected "from" with one of the streams ${streams.join(', ')}, it is missing`,
  });
  return [];
}

function knownGivers(
  from: string | readonly string[],
  at: Path,
  ids: readonly string[],
  problems: Problem[],
): string[] {
  const list = typeof from === 'string' ? [from] : from;
  const known = list.filter((id, k) => {
    if (ids.includes(id)) return true;
    const where = typeof from === 'string' ? at : [...at, k];
    problems.push({
      at: where,
      message: `expected the id of a stream or a node, got "${id}"${suggestion(nearest(id, ids))}`,
    });
    return false;
  });
  return [...new Set(known)];
}

function plannedNode(entry: Entry, definition: AnyStage, from: readonly string[], plan: GraphPlan): PlannedNode {
  const inputs = inputsOf(definition);
  const gives = new Set(from.flatMap((id) => outputsOf(plan, id)));
  const takes = inputs.filter((type) => gives.has(type));
  const streams = [...new Set(from.flatMap((id) => plan.nodes.find((node) => node.id === id)?.streams ?? [id]))];
  const periods = new Set(
    plan.streams.filter(({ id }) => streams.includes(id)).map(({ framePeriodUs }) => framePeriodUs),
  );
  const noises = new Set(
    from.filter((id) => outputsOf(plan, id).includes('frame')).map((id) => noiseBehind(plan, id).noise),
  );
  const noiseIn = takes.includes('frame') && noises.size === 1 ? ([...noises][0] ?? null) : null;
  const gift = definition.noise?.gives ?? 'same';
  return {
    id: entry.id,
    use: entry.use,
    definition,
    with: entry.with ?? definition.config.parse({}),
    onError: entry.onError ?? 'stop',
    from,
    takes,
    streams,
    noiseIn,
    noiseOut: !definition.outputs.includes('frame') ? null : gift === 'same' ? noiseIn : gift,
    framePeriodUs: periods.size === 1 ? ([...periods][0] ?? null) : null,
  };
}

function checkPorts(node: PlannedNode, plan: GraphPlan, at: Path, problems: Problem[]): void {
  const inputs = inputsOf(node.definition);
  for (const id of node.from) {
    const outputs = outputsOf(plan, id);
    if (outputs.some((type) => inputs.includes(type))) continue;
    problems.push({
      at: [...at, 'from'],
      message: `${node.use} '${node.id}' takes ${inputs.join(' or ')}, but ${nameOf(plan, id)} gives ${outputs.join(' and ')}`,
    });
  }
}

function checkOnError(node: PlannedNode, at: Path, problems: Problem[]): void {
  if (node.onError !== 'bypass') return;
  const isGuard = node.use.startsWith('dose.') || node.use.startsWith('alert.');
  const isFrameToFrame = inputsOf(node.definition).includes('frame') && node.definition.outputs.includes('frame');
  const where = [...at, 'onError'];
  if (isGuard)
    problems.push({
      at: where,
      message: `expected "stop" or "skip", got "bypass": ${node.use} must not go blind without anybody knowing`,
    });
  else if (!isFrameToFrame)
    problems.push({
      at: where,
      message: `expected "stop" or "skip", got "bypass": only stages that turn frames into frames can be bypassed`,
    });
}

/** A rate per time needs the frame period, a budget that of one frame: better told now than at the first frame. */
function checkRate({ definition, with: settings, framePeriodUs }: PlannedNode, at: Path, problems: Problem[]): void {
  let where = [...at, 'with', 'falseAlarms'];
  try {
    const { falseAlarms, threshold } = settings;
    if (threshold === undefined && falseAlarms !== undefined) runLengthOf(falseAlarms as FalseAlarmRate, framePeriodUs);
    where = [...at, 'with'];
    definition.averageRunLength?.(settings, framePeriodUs);
    definition.check?.(settings, framePeriodUs);
  } catch (error) {
    problems.push({ at: where, message: explainError(error) });
  }
}

function plannedSinks(
  config: PipelineConfig,
  plan: GraphPlan,
  ids: readonly string[],
  problems: Problem[],
): PlannedSink[] {
  return config.sinks.flatMap((entry: Entry & { readonly from: string | readonly string[] }, i) => {
    const definition = sinkOfName(entry.use);
    if (definition === undefined) return [];
    const at: Path = ['sinks', i, 'from'];
    const fits = (id: string): boolean => outputsOf(plan, id).some((type) => definition.accepts.includes(type));
    const isAll = entry.from === '*' || (typeof entry.from !== 'string' && entry.from.includes('*'));
    const from = isAll ? ids.filter(fits) : knownGivers(entry.from, at, ids, problems);
    for (const id of from.filter((giver) => !fits(giver)))
      problems.push({
        at,
        message: `${entry.use} '${entry.id}' takes ${definition.accepts.join(' or ')}, but ${nameOf(plan, id)} gives ${outputsOf(plan, id).join(' and ')}`,
      });
    return [{ id: entry.id, use: entry.use, definition, with: entry.with ?? {}, from }];
  });
}

function checkPage({ page }: PipelineConfig, ids: readonly string[], problems: Problem[]): void {
  for (const setting of ['spectrum', 'reference', 'dose'] as const) {
    const id = page[setting];
    if (id !== undefined) knownGivers(id, ['page', setting], ids, problems);
  }
}
