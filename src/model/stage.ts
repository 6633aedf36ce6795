import type { z } from 'zod';
import type { Layout, Noise } from './layout.ts';
import type { Modality } from './modality.ts';
import type { Emit, SignalMap, SignalType } from './signal.ts';

/** Data that survives a checkpoint: no class, no closure, no Map, no Date. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | Uint32Array
  | Uint8Array
  | readonly Plain[]
  | { [key: string]: Plain };
export type State = { [key: string]: Plain };

/** What a stage is told before its first signal, and again when the layout changes. */
export interface Setting<Config, In extends SignalType> {
  readonly id: string;
  readonly config: Config;
  readonly layout: In extends 'frame' ? Layout : undefined;
  /** Contents of the files named in `assets`, by setting name. */
  readonly assets: Readonly<Record<string, Uint8Array>>;
  /** Declared frame period of the stream, so that "one false alarm per 8 h" can become a run length; null when not declared. */
  readonly framePeriodUs: number | null;
}

/** What a stage that takes frames accepts, and what it makes of it; 'same' hands it on. */
export interface NoiseRule {
  readonly accepts: readonly Noise[];
  readonly gives: Noise | 'same';
  /** Added to the refusal: what would be right. */
  readonly advice?: string;
}

/** By modality, some of the settings. */
export type Presets<Settings> = Readonly<Partial<Record<Modality, Readonly<Partial<Settings>>>>>;

/** Log-likelihood ratio in nats, standard deviations of a normal number, or something without theory. */
export type StatisticUnit = 'logLikelihoodRatio' | 'deviations' | 'any';

export interface StageDefinition<
  Kind extends string,
  In extends SignalType,
  Out extends SignalType,
  Config extends z.ZodObject,
  Work,
  S extends State,
> {
  /** family.name, the same as the file: 'change.poissonCusum'. */
  readonly kind: Kind;
  /** Raised when `State` changes shape. */
  readonly version: number;
  /** One sentence for the catalogue. */
  readonly summary: string;
  /** The source paper, with DOI. */
  readonly reference?: string;
  /** The type of signal it takes, or a list of types. */
  readonly input: In | readonly In[];
  readonly outputs: readonly Out[];
  /** Required of every stage that takes frames. */
  readonly noise?: NoiseRule;
  readonly config: Config;
  /** A working setting: used by the laws, the benchmark and the catalogue. */
  readonly example: z.input<Config>;
  /** Settings that a modality decides on; what a pipeline file says itself wins. Each value has its reason beside it. */
  readonly presets?: Presets<z.input<Config>>;
  /** Settings of which one stands for the others: a preset keeps out of them when the file has any. */
  readonly alternatives?: readonly (readonly (keyof z.output<Config> & string)[])[];
  /** Names of settings that are paths of files to load first. */
  readonly assets?: readonly (keyof z.output<Config> & string)[];
  /** The state has nothing to do with the layout and must outlive it: a dose does not fall to zero because a detector is re-binned. */
  readonly keepsStateOverLayouts?: boolean;
  /** For detectors: mean number of signals between false detections at this setting (in-control ARL); null when not known. */
  averageRunLength?(config: z.output<Config>, framePeriodUs: number | null): number | null;
  /**
   * Refuses settings that the schema lets pass but that cannot work with this frame period, before anything runs.
   * @throws RangeError with a sentence: got and expected.
   */
  check?(config: z.output<Config>, framePeriodUs: number | null): void;
  /** For detectors: what `statistic` counts in; it says how far beyond a recording a threshold may be extended. @default 'logLikelihoodRatio' */
  readonly statistic?: StatisticUnit;
  /** Derives everything that can be derived again: coefficients, scratch arrays, output frame. */
  prepare(setting: Setting<z.output<Config>, In>): Work;
  /** The state before the first signal. */
  init(work: Work): S;
  /** Advances the state in place by one signal and emits none, one or many. No clock, no randomness, no I/O. */
  step(state: S, signal: SignalMap[In], emit: Emit<Out>, work: Work): void;
}

export interface StageSnapshot {
  readonly kind: string;
  readonly version: number;
  readonly state: State | null;
}

/** A running stage. */
export interface Stage<In extends SignalType = SignalType, Out extends SignalType = SignalType> {
  readonly id: string;
  readonly kind: string;
  readonly inputs: readonly In[];
  readonly outputs: readonly Out[];
  process(signal: SignalMap[In], emit: Emit<Out>): void;
  snapshot(): StageSnapshot;
  restore(snapshot: StageSnapshot): void;
}

/** What a stage is given beside its settings. */
export interface StageSurroundings {
  readonly assets?: Readonly<Record<string, Uint8Array>>;
  readonly framePeriodUs?: number | null;
}

/** The signal types a stage takes, as a list. */
export function inputsOf<In extends SignalType>(definition: { readonly input: In | readonly In[] }): readonly In[] {
  return typeof definition.input === 'string' ? [definition.input] : definition.input;
}
