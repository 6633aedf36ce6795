import { inputsOf } from '../model/stage.ts';
import type { GraphPlan, PlannedNode } from './plan.ts';
import { figure, spanText } from './spanText.ts';

const HOUR_US = 3.6e9;

/** Frame periods that were measured, by stream, microseconds; for streams that declare none. */
export type MeasuredPeriods = ReadonlyMap<string, number>;

/** How often each detector is wrong on quiet data, and all together; what each learns from and how far it looks back. */
export function explainRates(plan: GraphPlan, measured: MeasuredPeriods): string {
  const detectors = plan.nodes.filter(({ definition }) => definition.averageRunLength !== undefined);
  if (detectors.length === 0) return '';
  const lines = detectors.map((node) => {
    const period = periodOf(node, measured);
    const parts = [rateText(node, period), ...habitsOf(node, period === null ? null : period.us)];
    return `${node.id}  (${node.use})  ${parts.join('; ')}`;
  });
  return ['False alarms of quiet data', ...lines, ...together(plan, detectors, measured)].join('\n');
}

interface Period {
  readonly us: number;
  readonly isMeasured: boolean;
}

function periodOf({ framePeriodUs, streams }: PlannedNode, measured: MeasuredPeriods): Period | null {
  if (framePeriodUs !== null) return { us: framePeriodUs, isMeasured: false };
  const found = new Set(streams.map((stream) => measured.get(stream)));
  const [us] = found;
  return found.size === 1 && us !== undefined ? { us, isMeasured: true } : null;
}

const runLengthOf = ({ definition, with: settings }: PlannedNode, period: Period | null): number | null =>
  definition.averageRunLength?.(settings, period?.us ?? null) ?? null;

function rateText(node: PlannedNode, period: Period | null): string {
  const run = runLengthOf(node, period);
  if (run === null) return 'rate not known at this setting';
  const frames = `one per ${figure(run)} ${inputsOf(node.definition).includes('frame') ? 'frames' : 'signals'}`;
  if (period === null) return `${frames}; hours not known, as the frame period is not declared`;
  return `${frames} = ${figure((run * period.us) / HOUR_US)} h${period.isMeasured ? ' at the measured frame period' : ''}`;
}

/** What it learns from, and how far it looks back. */
function habitsOf({ with: settings }: PlannedNode, periodUs: number | null): string[] {
  const length = (frames: number): string =>
    `${frames} frame${frames === 1 ? '' : 's'}${periodUs === null ? '' : ` = ${spanText(frames * periodUs)}`}`;
  const { learn, memory, window, baseline, reference, trim } = settings;
  const parts: string[] = [];
  if (typeof baseline === 'string') parts.push(`baseline ${baseline}, learns nothing`);
  else if (isMap(reference) && typeof reference['previous'] === 'number')
    parts.push(`reference of the ${length(reference['previous'])} before`);
  else if (typeof learn === 'number') parts.push(`learns from ${length(learn)}`);
  if (isMap(trim)) {
    const { memory: trimMemory, below, above, hold } = trim;
    parts.push(
      `trims its threshold by -${String(below)} to +${String(above)}, memory ${length(Number(trimMemory))}; ` +
        `waits while evidence is high and ${length(Number(hold))} after`,
    );
  } else if (typeof memory === 'number') parts.push(`memory ${length(memory)}`);
  else if (typeof window === 'number' && window > 1) parts.push(`window ${length(window)}`);
  return parts;
}

/** The rates of those whose detections become alerts add up; where there are no alerts, of all. */
function together(plan: GraphPlan, detectors: readonly PlannedNode[], measured: MeasuredPeriods): string[] {
  const heard = new Set(plan.nodes.filter(({ use }) => use.startsWith('alert.')).flatMap(({ from }) => from));
  const loud = heard.size === 0 ? detectors : detectors.filter(({ id }) => heard.has(id));
  if (loud.length < 2) return [];
  let perUs = 0;
  const unknown: string[] = [];
  for (const node of loud) {
    const period = periodOf(node, measured);
    const run = runLengthOf(node, period);
    if (run === null || period === null) unknown.push(node.id);
    else perUs += 1 / (run * period.us);
  }
  const names = loud.map(({ id }) => id).filter((id) => !unknown.includes(id));
  if (names.length === 0) return ['all together: not known'];
  const rest = unknown.length === 0 ? '' : `, without ${unknown.join(' and ')}, of which it is not known`;
  return [`all together (${names.join(', ')}): one false alarm per ${figure(1 / perUs / HOUR_US)} h${rest}`];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
