import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load.ts';
import type { GraphPlan } from '../config/plan.ts';
import { withoutSecrets } from '../config/withoutSecrets.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import { explainError, MonitorError } from '../model/error.ts';
import type { Sink } from '../model/sink.ts';
import type { LinkHealth, MonitorStatus } from '../model/status.ts';
import type { GraphNode, GraphSink } from '../pipeline/assemble.ts';
import type { LinkBoard } from './linkBoard.ts';
import { versions } from './versions.ts';
import { withinMs } from './withinMs.ts';

/** The stages of a plan, as they were at the checkpoint. @throws MonitorError CHECKPOINT when it does not know one. */
export function createNodes(plan: GraphPlan, loaded: LoadedConfig, checkpoint: Checkpoint | null): GraphNode[] {
  return plan.nodes.map((node) => {
    const stage = node.definition.createChecked(node.id, node.with, {
      assets: loaded.assets[node.id] ?? {},
      framePeriodUs: node.framePeriodUs,
    });
    const saved = checkpoint?.stages[node.id];
    if (checkpoint !== null && saved === undefined)
      throw new MonitorError('CHECKPOINT', 'the checkpoint does not know this stage', { id: node.id });
    if (saved !== undefined) stage.restore(saved);
    return { id: node.id, from: node.from, stage, onError: node.onError };
  });
}

/**
 * The sinks of a plan.
 * @param status - how the monitor stands, once it runs.
 */
export function createSinks(
  plan: GraphPlan,
  loaded: LoadedConfig,
  links: LinkBoard,
  status: () => MonitorStatus,
): GraphSink[] {
  const { run, instrument, modality } = loaded.config;
  return plan.sinks.map(({ id, from, definition, with: settings }) => {
    const sink = definition.create(settings, {
      id,
      run,
      instrument,
      modality,
      configText: withoutSecrets(loaded.text),
      get versions() {
        return versions();
      },
      status,
      resolvePath: (path) => resolve(loaded.directory, path),
      ...links.link(id, 'sink'),
    });
    return { id, from, sink };
  });
}

const SINK_CLOSE_MS = 10_000;

/** Closes a sink; one that does not end in time is told of. */
export async function closeSink(id: string, sink: Sink, tell: (health: LinkHealth) => void): Promise<void> {
  try {
    await withinMs(SINK_CLOSE_MS, sink.close());
  } catch (error) {
    tell({ id, role: 'sink', state: 'down', detail: `Not all was delivered: ${explainError(error)}` });
  }
}
