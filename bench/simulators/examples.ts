import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig, type LoadedConfig } from '../../src/config/load.ts';
import type { GraphPlan, PlannedNode } from '../../src/config/plan.ts';

/** An example pipeline as the monitor loads it. */
export interface Example {
  readonly instrument: string;
  readonly loaded: LoadedConfig;
  readonly plan: GraphPlan;
  /** Frames per second of its stream: frames of the instrument's own period, played in time-lapse. */
  readonly framesPerSecond: number;
}

/** A detector of an example, and the rate of false alarms it states. */
export interface Detector {
  readonly id: string;
  readonly kind: string;
  /** Mean number of frames between false alarms. */
  readonly runLength: number;
}

/**
 * Loads examples/<instrument>.yaml.
 * @param denser - mean number of frames between false alarms to give the detectors of a change instead of the stated one.
 */
export function loadExample(instrument: string, denser: number | null = null): Example {
  const path = join('examples', `${instrument}.yaml`);
  const loaded = parseConfig(readFileSync(path, 'utf8'), { path, env: process.env });
  const stated = planGraph(loaded.config);
  const plan = denser === null ? stated : { ...stated, nodes: stated.nodes.map((node) => moreOften(node, denser)) };
  const periodUs = plan.streams[0]?.framePeriodUs ?? null;
  if (periodUs === null) throw new Error(`${path}: expected a stream with framePeriodMs`);
  return { instrument, loaded, plan, framesPerSecond: 1e6 / periodUs };
}

const isOfChange = (kind: string): boolean => kind.startsWith('change.');

function moreOften(node: PlannedNode, frames: number): PlannedNode {
  if (!isOfChange(node.use) || node.with['falseAlarms'] === undefined) return node;
  return { ...node, with: { ...node.with, falseAlarms: { onePer: { frames } } } };
}

/** The detectors of a change of the sample in an example. */
export function changeDetectors({ plan }: Example): Detector[] {
  return plan.nodes.flatMap(({ id, use, definition, with: settings, framePeriodUs }) => {
    const runLength = isOfChange(use) ? (definition.averageRunLength?.(settings, framePeriodUs) ?? null) : null;
    return runLength === null ? [] : [{ id, kind: use, runLength }];
  });
}
