import type { z } from 'zod';
import type { Sink, SinkSetting } from '../model/sink.ts';
import type { SignalType } from '../model/signal.ts';
import type { NoiseRule, Presets, Stage, StageSurroundings, StatisticUnit } from '../model/stage.ts';
import { sinks } from '../sinks/registry.ts';
import { stages } from '../stages/registry.ts';

/** A stage definition of which the types of settings and state are forgotten. */
export interface AnyStage {
  readonly kind: string;
  readonly version: number;
  readonly summary: string;
  readonly reference?: string | undefined;
  readonly input: SignalType | readonly SignalType[];
  readonly outputs: readonly SignalType[];
  readonly noise?: NoiseRule | undefined;
  readonly config: z.ZodObject;
  readonly example: unknown;
  readonly presets?: Presets<Readonly<Record<string, unknown>>> | undefined;
  readonly alternatives?: readonly (readonly string[])[] | undefined;
  readonly assets?: readonly string[] | undefined;
  readonly statistic?: StatisticUnit | undefined;
  /** `config` as the schema parsed it. */
  averageRunLength?(config: unknown, framePeriodUs: number | null): number | null;
  /** `config` as the schema parsed it. */
  check?(config: unknown, framePeriodUs: number | null): void;
  /** From settings as they are written. */
  create(id: string, settings: unknown, surroundings?: StageSurroundings): Stage;
  /** From settings as the schema parsed them. */
  createChecked(id: string, config: unknown, surroundings?: StageSurroundings): Stage;
}

/** A sink definition of which the type of settings is forgotten. */
export interface AnySink {
  readonly name: string;
  readonly summary: string;
  readonly accepts: readonly SignalType[];
  readonly config: z.ZodObject;
  readonly example: unknown;
  /** `config` as the schema parsed it. */
  create(config: unknown, setting: SinkSetting): Sink;
  probe?(config: unknown): Promise<string>;
  test?(config: unknown, who: Pick<SinkSetting, 'run' | 'instrument' | 'modality'>): Promise<string>;
}

/** Every registered stage. The one place where the types of settings are forgotten: the schema has checked what comes from a file. */
export const stageDefinitions = stages as readonly unknown[] as readonly AnyStage[];

/** Every registered sink. */
export const sinkDefinitions = sinks as readonly unknown[] as readonly AnySink[];

/** The stage of that kind. */
export const stageOfKind = (kind: string): AnyStage | undefined =>
  stageDefinitions.find((stage) => stage.kind === kind);

/** The sink of that name. */
export const sinkOfName = (name: string): AnySink | undefined => sinkDefinitions.find((sink) => sink.name === name);
