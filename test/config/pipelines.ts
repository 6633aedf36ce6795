import { stringify } from 'yaml';
import { planGraph } from '../../src/config/graph.ts';
import { stageOfKind } from '../../src/config/definitions.ts';
import type { GraphPlan } from '../../src/config/plan.ts';
import { pipelineFile, type PipelineConfig } from '../../src/config/schema.ts';
import type { Noise } from '../../src/model/layout.ts';

export interface Entry {
  readonly id: string;
  readonly use: string;
  readonly from?: string | readonly string[];
  readonly onError?: string;
  readonly with?: unknown;
}

export interface Parts {
  readonly noise?: Noise;
  readonly framePeriodMs?: number;
  readonly pipeline?: readonly Entry[];
  readonly sinks?: readonly Entry[];
  readonly streams?: readonly string[];
  readonly page?: unknown;
}

/** A pipeline file as plain data; a stage without settings gets those of its own example. */
export function fileOf({
  noise,
  framePeriodMs = 100,
  pipeline = [],
  sinks = [],
  streams = ['xrd'],
  page = {},
}: Parts): unknown {
  const source = { use: 'simulator', with: { scenario: 'xrd-heating:steady' } };
  return {
    version: 1,
    streams: Object.fromEntries(streams.map((id) => [id, { source, framePeriodMs, ...(noise && { noise }) }])),
    pipeline: pipeline.map((entry) => ({ with: stageOfKind(entry.use)?.example, ...entry })),
    sinks,
    page,
  };
}

export const configOf = (parts: Parts): PipelineConfig => pipelineFile.parse(fileOf(parts));
export const planOf = (parts: Parts): GraphPlan => planGraph(configOf(parts));
export const textOf = (parts: Parts): string => stringify(fileOf(parts), { aliasDuplicateObjects: false });
