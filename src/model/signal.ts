import type { Alert } from './alert.ts';
import type { Frame } from './frame.ts';

/** A named scalar derived from frames. */
export interface Reading {
  readonly type: 'reading';
  readonly stream: string;
  readonly seq: number;
  readonly timeUs: number;
  /** Id of the stage that made it. Stage and name together are unique in a pipeline. */
  readonly stage: string;
  /** 'statistic', 'shift', 'dose', 'weight.Fe2O3'. */
  readonly name: string;
  readonly value: number;
  /** One standard deviation, same unit; absent when unknown. */
  readonly standardError?: number | undefined;
  /** What the choice of settings could make of it, same unit; absent when not estimated. */
  readonly systematicError?: number | undefined;
  /** UCUM code. */
  readonly unit: string;
  /** 'invalid': not a real representation of the value (EPICS INVALID). */
  readonly quality: 'valid' | 'invalid';
  /** The part of the fast axis it speaks of, in its unit; absent when the whole frame is meant. */
  readonly region?: readonly [from: number, to: number] | undefined;
  /** Unit of `region`. */
  readonly regionUnit?: string | undefined;
  /** Of a statistic: +1 more, -1 less, 0 a change of shape; absent when it says nothing. */
  readonly sign?: -1 | 0 | 1 | undefined;
}

/** A statistic that crossed its threshold: what a detector says, before anyone is called. */
export interface Detection {
  readonly type: 'detection';
  readonly stream: string;
  readonly seq: number;
  /** When it was noticed. */
  readonly timeUs: number;
  /** When the change is estimated to have begun; timeUs - onsetUs is the detection delay. */
  readonly onsetUs: number;
  /** About 95 % interval of the onset. */
  readonly onsetIntervalUs?: readonly [from: number, to: number] | undefined;
  /** Id of the stage that found it. */
  readonly detector: string;
  readonly statistic: number;
  readonly threshold: number;
  /** Where on the fast axis, in its unit; absent when the whole frame is meant. */
  readonly region?: readonly [from: number, to: number] | undefined;
  /** Unit of `region`. */
  readonly regionUnit?: string | undefined;
  /** +1 more, -1 less, 0 a change of shape. */
  readonly sign: -1 | 0 | 1;
  /** What matched best: a line, a phase, 'peak'; {@link FRACTION_OF_LIMIT}. */
  readonly template?: string | undefined;
  /** Mean number of frames of quiet data between false detections at this setting; absent when not known. */
  readonly averageRunLength?: number | undefined;
}

/** Template of a detection whose statistic is no test statistic, but the share of a limit that is used up. */
export const FRACTION_OF_LIMIT = 'fraction of limit';

/** Template of a detection of an evolution that turned back; its sign is the new direction. */
export const TURNING_POINT = 'turning point';

/** Template of a detection that the next frame would pass the tolerated damage: its statistic is the probability, its threshold the risk that is run. */
export const DAMAGE_AHEAD = 'damage';

/** Template of a detection that the tolerated damage is passed: its statistic is the probability of that. */
export const DAMAGE_DONE = 'damaged';

/** All that may flow through a pipeline, by its name in a port. */
export interface SignalMap {
  readonly frame: Frame;
  readonly reading: Reading;
  readonly detection: Detection;
  readonly alert: Alert;
}
export type SignalType = keyof SignalMap;
export type Signal = SignalMap[SignalType];
export type Emit<Out extends SignalType> = (signal: SignalMap[Out]) => void;

export const SIGNAL_TYPES = ['frame', 'reading', 'detection', 'alert'] as const satisfies readonly SignalType[];

/** One sample of a slow signal: temperature, potential, beam monitor. Arrives on its own clock. */
export interface SlowSample {
  readonly type: 'slow';
  readonly name: string;
  /** Only for the frames of this stream, on its clock; absent, for those of all streams. */
  readonly stream?: string | undefined;
  readonly timeUs: number;
  readonly value: number;
  /** UCUM code. */
  readonly unit: string;
}
