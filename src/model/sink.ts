import { z } from 'zod';
import type { RunNote } from './runNote.ts';
import type { SignalMap, SignalType } from './signal.ts';
import type { LinkHealth, MonitorStatus, SpoolStatus } from './status.ts';

/** A destination. Copies what it keeps. */
export interface Sink<In extends SignalType = SignalType> {
  readonly name: string;
  readonly accepts: readonly In[];
  /** `from` is the id of the node (or stream) that emitted the signal. Never blocks, never throws for a server that is away. */
  write(signal: SignalMap[In], from: string): void;
  /** Takes what happens beside the signals; absent where that is not recorded. */
  note?(note: RunNote): void;
  /** Frames from one checkpoint that it wants to the next; 0 or absent for none. */
  readonly checkpointEvery?: number;
  /** Resolves when all that was written is safe; rejects when it is not. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What a sink is told about the run. */
export interface SinkSetting {
  readonly id: string;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** Text of the pipeline file without its secrets, for sinks that record the run; absent when there is none. */
  readonly configText?: string | undefined;
  /** Of the program and of what matters to a replay, by name. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
  /** How the whole monitor stands; absent where there is none. Not to be asked before the run has begun. */
  status?(): MonitorStatus;
  /** Resolves a path of the pipeline file, relative to that file. */
  resolvePath(path: string): string;
  /** Tells how the link is; shown on the page and by `doctor`. */
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
  /** Tells what waits on disk. */
  reportSpool?(spool: SpoolStatus): void;
  /** Signals that could not be delivered, by reason. */
  countDropped(reason: string, count: number): void;
}

export interface SinkDefinition<Name extends string, Config extends z.ZodObject> {
  readonly name: Name;
  /** One sentence for the catalogue. */
  readonly summary: string;
  readonly accepts: readonly SignalType[];
  readonly config: Config;
  /** A working setting. */
  readonly example: z.input<Config>;
  create(config: z.output<Config>, setting: SinkSetting): Sink;
  /** Is the server there? Resolves with a sentence, rejects with the reason. Used by `doctor`. */
  probe?(config: z.output<Config>): Promise<string>;
  /** Sends a message that says it is a test. Resolves with a sentence, rejects with the reason. Used by `notify`. */
  test?(config: z.output<Config>, who: Pick<SinkSetting, 'run' | 'instrument' | 'modality'>): Promise<string>;
}

/** A named destination with a schema: `sinks: [{ id, from, use, with }]`. */
export function defineSink<const Name extends string, Config extends z.ZodObject>(
  definition: SinkDefinition<Name, Config>,
) {
  return {
    ...definition,
    node: z.strictObject({
      id: z.string().min(1),
      from: z
        .union([z.string(), z.array(z.string()).min(1)])
        .describe('Ids of the nodes or streams whose signals it gets.'),
      use: z.literal(definition.name),
      with: definition.config,
    }),
  };
}
