import type { Noise } from '../model/layout.ts';
import type { SignalType } from '../model/signal.ts';
import type { AnySink, AnyStage } from './definitions.ts';
import type { StreamConfig } from './schema.ts';

export interface PlannedStream {
  readonly id: string;
  readonly config: StreamConfig;
  /** As declared; null leaves it to the source. */
  readonly noise: Noise | null;
  /** As declared; null when it is not. */
  readonly framePeriodUs: number | null;
}

export interface PlannedNode {
  readonly id: string;
  readonly use: string;
  readonly definition: AnyStage;
  /** Settings as the schema parsed them: for `definition.createChecked` and `definition.averageRunLength`. */
  readonly with: Readonly<Record<string, unknown>>;
  readonly onError: 'stop' | 'skip' | 'bypass';
  /** Ids of streams and nodes; none comes later in `nodes`. */
  readonly from: readonly string[];
  /** Signal types that really reach it. */
  readonly takes: readonly SignalType[];
  /** The streams it descends from. */
  readonly streams: readonly string[];
  /** Noise of the frames it takes; null when it takes none, when they differ, or when it is not declared. */
  readonly noiseIn: Noise | null;
  /** Noise of the frames it gives; null when it gives none or when it is not known. */
  readonly noiseOut: Noise | null;
  /** Declared frame period of its streams; null when not declared or when they differ. */
  readonly framePeriodUs: number | null;
}

export interface PlannedSink {
  readonly id: string;
  readonly use: string;
  readonly definition: AnySink;
  /** Settings as the schema parsed them: for `definition.create`. */
  readonly with: Readonly<Record<string, unknown>>;
  /** Ids of streams and nodes; '*' is resolved. */
  readonly from: readonly string[];
}

/** The graph of a pipeline file, checked; nodes in topological order, else in the order of the file. */
export interface GraphPlan {
  readonly streams: readonly PlannedStream[];
  readonly nodes: readonly PlannedNode[];
  readonly sinks: readonly PlannedSink[];
}

/** What a stream or node gives. */
export function outputsOf(plan: Pick<GraphPlan, 'nodes'>, id: string): readonly SignalType[] {
  return plan.nodes.find((node) => node.id === id)?.definition.outputs ?? ['frame'];
}

/** "normalisation.area 'norm'", "stream 'saxs'". */
export function nameOf(plan: Pick<GraphPlan, 'nodes'>, id: string): string {
  const node = plan.nodes.find((candidate) => candidate.id === id);
  return node === undefined ? `stream '${id}'` : `${node.use} '${id}'`;
}
