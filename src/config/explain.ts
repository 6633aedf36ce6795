import type { Noise } from '../model/layout.ts';
import { explainRates, type MeasuredPeriods } from './explainRates.ts';
import { explainSettings } from './explainSettings.ts';
import type { LoadedConfig } from './load.ts';
import { planPermit } from './permitPlan.ts';
import { outputsOf, type GraphPlan, type PlannedNode, type PlannedSink, type PlannedStream } from './plan.ts';
import { spanText } from './spanText.ts';

/** The graph as text: what flows where, with which noise, and how often each detector is wrong. */
export function explainPlan(
  plan: GraphPlan,
  loaded: LoadedConfig,
  measured: MeasuredPeriods = new Map<string, number>(),
): string {
  const { config } = loaded;
  const head = `${loaded.path}: run ${config.run}, instrument ${config.instrument}, modality ${config.modality}`;
  const drawn = new Set<string>();
  const trees = plan.streams.map((stream) => [streamLine(stream), ...branches(stream.id, '', plan, drawn)].join('\n'));
  const page = `page  http://${config.page.host}:${config.page.port}/`;
  const checkpoint =
    config.checkpoint === undefined
      ? 'checkpoint  none: a restart begins anew'
      : `checkpoint  ${config.checkpoint.file}, every ${config.checkpoint.everyFrames} frames`;
  return `${[head, ...trees, explainSettings(plan, loaded), explainRates(plan, measured), [page, permitLine(loaded, plan), checkpoint, `digest  ${loaded.digest}`].join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}

/** What the beam hangs on. */
function permitLine({ config }: LoadedConfig, graph: GraphPlan): string {
  const plan = planPermit(config, graph);
  if (plan === null) return 'permit  none: this monitor only watches';
  const { leaseMs, timer, shutter, armedAtStart } = plan.config;
  const causes = [
    ...plan.accounts.map((id) => `the budget of ${id}`),
    ...plan.responses.map(({ id, alpha }) => `damage by ${id} (risk ${Number((100 * alpha).toPrecision(3))} %)`),
    ...plan.agreements.map((id) => `disagreement in ${id}`),
    ...(plan.severity === null ? [] : [`${plan.severity} alerts`]),
    ...plan.sources.map(({ id, limitMs }) => `${id} silent for ${spanText(limitMs * 1000)}`),
    `${spanText(timer)} of beam`,
  ];
  const armed = armedAtStart ? ', armed at start' : '';
  return `permit  shutter by ${shutter.use}, lease ${leaseMs} ms${armed}; stops for ${causes.join(', ')}`;
}

function streamLine({ id, config, noise, framePeriodUs }: PlannedStream): string {
  const from = config.source?.use ?? `${config.transport?.use} + ${config.codec?.use}`;
  const period = framePeriodUs === null ? 'frame period not declared' : `one frame per ${spanText(framePeriodUs)}`;
  return `${id}  (${from})  => frame, noise ${noiseText(noise)}; ${period}; queue ${config.ingress.capacity}, then ${config.ingress.overflow}`;
}

/** What takes from `id`, indented; a node with several givers is drawn whole once and named after that. */
function branches(id: string, indent: string, plan: GraphPlan, drawn: Set<string>): string[] {
  const takers = [...plan.nodes, ...plan.sinks].filter(({ from }) => from.includes(id));
  return takers.flatMap((taker, i) => {
    const isLast = i === takers.length - 1;
    const stem = `${indent}${isLast ? '`-- ' : '|-- '}`;
    if (!('takes' in taker)) return [`${stem}[${taker.use}] ${taker.id}  <= ${reaching(taker, id, plan)}`];
    if (drawn.has(taker.id)) return [`${stem}${taker.id}  (drawn above)`];
    drawn.add(taker.id);
    return [`${stem}${nodeLine(taker)}`, ...branches(taker.id, `${indent}${isLast ? '    ' : '|   '}`, plan, drawn)];
  });
}

function nodeLine(node: PlannedNode): string {
  const merged = node.from.length > 1 ? `  from ${node.from.join(' + ')}` : '';
  const noise = node.takes.includes('frame')
    ? `; noise ${noiseText(node.noiseIn)}${node.definition.outputs.includes('frame') ? ` -> ${noiseText(node.noiseOut)}` : ''}`
    : '';
  const onError = node.onError === 'stop' ? '' : `; on error ${node.onError}`;
  return `${node.id}  (${node.use})${merged}  ${node.takes.join(', ')} => ${node.definition.outputs.join(', ')}${noise}${onError}${unitText(node)}`;
}

function reaching(sink: PlannedSink, id: string, plan: GraphPlan): string {
  return outputsOf(plan, id)
    .filter((type) => sink.definition.accepts.includes(type))
    .join(', ');
}

/** Settings that have a unit, as they stand. */
function unitText({ definition, with: settings }: PlannedNode): string {
  const parts = Object.entries(definition.config.shape).flatMap(([name, schema]) => {
    const unit = unitOf(schema);
    const value = settings[name];
    return typeof value === 'number' && unit !== undefined && unit !== '1' ? [`${name} ${value} ${unit}`] : [];
  });
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

interface Described {
  readonly meta?: () => Readonly<Record<string, unknown>> | undefined;
  readonly _zod: { readonly def: object };
}

/** Of `.meta({ unit })`, under whatever default it stands. */
function unitOf(schema: unknown): string | undefined {
  const { meta, _zod } = schema as Described;
  const unit = meta?.()?.['unit'];
  if (typeof unit === 'string') return unit;
  return 'innerType' in _zod.def ? unitOf(_zod.def.innerType) : undefined;
}

const noiseText = (noise: Noise | null): string => noise ?? 'not declared';
