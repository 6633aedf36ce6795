import type { Frame } from '../src/model/frame.ts';
import type { InstrumentCommand } from '../src/model/instrumentCommand.ts';
import type { Layout } from '../src/model/layout.ts';
import type { SlowSample } from '../src/model/signal.ts';

/** An instrument with a sample in it, played frame by frame in its own time. Same name, options and commands: same bytes. */
export interface Simulator {
  /** instrument:scenario. */
  readonly name: string;
  /** Name of its frame stream. */
  readonly stream: string;
  readonly layout: Layout;
  /** Frame i starts at startUs + i * framePeriodUs. */
  readonly framePeriodUs: number;
  /** A `stop` has taken effect; further frames are dark. */
  readonly isStopped: boolean;
  /** Exposes the next frame. Frame, samples and truth are lent until the following call. */
  next(): SimulatedStep;
  /** Takes effect after the latency, counted from the end of the frame last returned. @throws RangeError for a value out of range */
  command(command: InstrumentCommand): void;
}

export interface SimulatedStep {
  readonly frame: Frame;
  /** Samples taken during the frame, in order of time; on their own clock. */
  readonly slow: readonly SlowSample[];
  /** How often the frame reaches the outside: 0 lost, 1, 2 sent twice. */
  readonly deliveryCount: 0 | 1 | 2;
  /** Never shown to the analysis. */
  readonly truth: Truth;
}

/** What really happened in a frame. */
export interface Truth {
  readonly seq: number;
  /** Start of exposure, true even when the frame's own time stamp is wrong. */
  readonly timeUs: number;
  /** Progress of the event, 0 to 1. */
  readonly change: number;
  /** Start of the first exposure the event takes part in; null before it. */
  readonly eventStartUs: number | null;
  /** What drives the event; null in scenarios without one. */
  readonly cause: 'chemistry' | 'beam' | null;
  /** Dose of the area in the beam after this frame, and its unit (UCUM). */
  readonly dose: number;
  readonly doseUnit: string;
  /** Faults and interventions acting on this frame: 'dead', 'hot', 'cosmic', 'drop', 'trip', 'moved', ... */
  readonly faults: readonly string[];
  /** Every state number of the sample and the instrument, by name. */
  readonly state: Readonly<Record<string, number>>;
  /** Every drifting quantity: deviation from its nominal value. */
  readonly nuisances: Readonly<Record<string, number>>;
}

export interface SimulatorOptions {
  /** Name of the frame stream. @default the instrument's: 'xrd', 'eels' */
  readonly stream?: string | undefined;
  /** Integer; its low 32 bits count. @default 1 */
  readonly seed?: number | undefined;
  /** Start of frame 0, microseconds since 1970. @default 2026-01-01T00:00:00Z */
  readonly startUs?: number | undefined;
  /**
   * Time-lapse: frames keep the counts, drift and dose of the instrument's own frame period, as if source and experiment were
   * that much faster. @default one frame per nominal period (XRD 10 s, EELS 1 s)
   */
  readonly framesPerSecond?: number | undefined;
  /** Frame in which the event or fault of the scenario begins. @default 150 */
  readonly eventAtFrame?: number | undefined;
  /** Channels over the same range. @default 1024 */
  readonly channels?: number | undefined;
  /** Sampling period of the slow signals, microseconds. @default 500 000 */
  readonly slowPeriodUs?: number | undefined;
  /** Time from a command to its effect, microseconds. @default 50 000 */
  readonly latencyUs?: number | undefined;
  /** Where the sample starts instead, by name of its state numbers; a value out of its range is refused. */
  readonly start?: Readonly<Record<string, number>> | undefined;
}
