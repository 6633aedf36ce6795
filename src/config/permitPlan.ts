import type { Severity } from '../model/alert.ts';
import type { Problem } from './document.ts';
import { nearest } from '../model/nearest.ts';
import type { GraphPlan, PlannedNode } from './plan.ts';
import { suggestion } from './problems.ts';
import type { PermitConfig, PipelineConfig } from './schema.ts';

/** Kinds of stages that keep an account of dose. */
export const ACCOUNT_KINDS: readonly string[] = [
  'dose.fluence',
  'dose.absorbed',
  'dose.laser',
  'dose.counts',
  'dose.exposureTime',
];

/** What the beam permit rests on, as the pipeline file has it. */
export interface PermitPlan extends PermitRules {
  readonly config: PermitConfig;
  /** Streams and nodes that must be heard, each with its patience. */
  readonly sources: readonly { readonly id: string; readonly limitMs: number }[];
}

/** The stages that can stop the beam. */
export interface PermitRules {
  readonly accounts: readonly string[];
  readonly responses: readonly { readonly id: string; readonly alpha: number }[];
  readonly agreements: readonly string[];
  readonly severity: Severity | null;
}

/** Frames that may be missing before a stream counts as silent, and the shortest patience, milliseconds. */
const SILENT_FRAMES = 3;
const SHORTEST_MS = 1000;

/** Null when the file gives no permit. */
export function planPermit({ permit }: Pick<PipelineConfig, 'permit'>, plan: GraphPlan): PermitPlan | null {
  if (permit === undefined) return null;
  const patienceMs = (framePeriodUs: number | null): number =>
    permit.freshWithin === undefined
      ? Math.max(SHORTEST_MS, (SILENT_FRAMES * (framePeriodUs ?? 0)) / 1000)
      : permit.freshWithin / 1000;
  const rules = permitRules({ permit }, plan);
  const spoken = new Set([...rules.accounts, ...rules.responses.map(({ id }) => id), ...rules.agreements]);
  return {
    ...rules,
    config: permit,
    sources: [...plan.streams, ...plan.nodes.filter(({ id }) => spoken.has(id))].map(({ id, framePeriodUs }) => ({
      id,
      limitMs: patienceMs(framePeriodUs),
    })),
  };
}

/** What could stop the beam, also of a file that gives no permit: then every dose stage and every critical alert. */
export function permitRules({ permit }: Pick<PipelineConfig, 'permit'>, plan: GraphPlan): PermitRules {
  const nodes = plan.nodes.filter(({ id }) => permit?.ignore.includes(id) !== true);
  const alerts = permit?.alerts ?? 'critical';
  return {
    accounts: nodes.filter(({ use }) => ACCOUNT_KINDS.includes(use)).map(({ id }) => id),
    responses: nodes
      .filter(({ use }) => use === 'dose.response')
      .map((node) => ({ id: node.id, alpha: alphaOf(node) })),
    agreements: nodes.filter(({ use }) => use === 'dose.agreement').map(({ id }) => id),
    severity: alerts === 'none' ? null : alerts,
  };
}

function alphaOf({ with: settings }: PlannedNode): number {
  const alpha = settings['alpha'];
  if (typeof alpha !== 'number') throw new TypeError('a stage dose.response without alpha');
  return alpha;
}

/** What is wrong with the permit of a file. */
export function permitProblems({ permit, streams }: PipelineConfig, plan: GraphPlan): Problem[] {
  if (permit === undefined) return [];
  const problems: Problem[] = [];
  const ids = plan.nodes.map(({ id }) => id);
  permit.ignore.forEach((id, i) => {
    if (!ids.includes(id))
      problems.push({
        at: ['permit', 'ignore', i],
        message: `expected the id of a node, got "${id}"${suggestion(nearest(id, ids))}`,
      });
  });
  const { shutter } = permit;
  // A recorded rehearsal is replayed from its recording, where no beam hangs on it.
  const isSimulated = (stream: string): boolean =>
    ['simulator', 'recording'].includes(streams[stream]?.source?.use ?? '');
  if (shutter.use === 'simulator' && !isSimulated(shutter.with.stream))
    problems.push({
      at: ['permit', 'shutter', 'with', 'stream'],
      message: `expected a stream whose source is a simulator, got "${shutter.with.stream}"`,
    });
  if (permit.armedAtStart && permit.framesNeedBeam)
    problems.push({
      at: ['permit', 'armedAtStart'],
      message: 'expected false: with framesNeedBeam nothing would be known of the sample when the beam is switched on',
    });
  return problems;
}
