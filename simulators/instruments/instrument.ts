import type { Layout } from '../../src/model/layout.ts';
import type { DetectorSetting } from '../parts/detector.ts';
import type { DriftSetting } from '../parts/drift.ts';
import type { SlowChannel } from '../parts/slowClock.ts';
import type { PixelMap } from './pixelMap.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** What a simulated instrument is: constants, its scenarios, and a sample that lives in it. Times in seconds of the experiment. */
export interface Instrument {
  readonly name: string;
  /** Name of its frame stream. */
  readonly stream: string;
  /** Folded into the seed of detector and sensors, so that two instruments on one sample scatter independently. */
  readonly branch: number;
  /** One sentence for the catalogue. */
  readonly summary: string;
  /** Frame period at which counts and drift are those of the real instrument. */
  readonly nominalPeriodS: number;
  readonly dose: {
    /** UCUM. */
    readonly unit: string;
    /** At nominal beam. */
    readonly perSecond: number;
    /** Dose after which 1/e of the sample is unchanged. */
    readonly critical: number;
  };
  /** Usual drifts by name; 'intensity' is relative and belongs to the beam, the others to the sample's state. */
  readonly drifts: Readonly<Record<string, DriftSetting>>;
  readonly detector: DetectorSetting;
  /** Of instruments whose frames are absorption: noise of the amplifiers of both chambers, relative to their signals. */
  readonly electronicNoise?: number;
  readonly faults: {
    /** Where a dead or hot channel is, on the axis. */
    readonly position: number;
    readonly hotCounts: number;
    readonly cosmicCharge: number;
    /** Axis shift after a beam trip, in the unit of the axis. */
    readonly tripShift: number;
  };
  readonly slowChannels: readonly SlowChannel[];
  readonly scenarios: Readonly<Record<string, Scenario>>;
  layout(channels: number): Layout;
  createSample(channels: number, start: Readonly<Record<string, number>>): Sample;
  /** The sample of scenarios with `scan`. */
  createMap?(channels: number, start: Readonly<Record<string, number>>): PixelMap;
}

/** What acts on the sample during one exposure. */
export interface Circumstances {
  /** Middle of the exposure since the start of frame 0, and the frame period. */
  readonly timeS: number;
  readonly periodS: number;
  /** Open shutter, seconds at the nominal speed of the experiment. */
  readonly liveS: number;
  /** Part of the exposure with open shutter, 0 to 1. */
  readonly openFraction: number;
  /** All factors of the beam together. */
  readonly beam: number;
  /** How many times faster than the nominal frame period the experiment runs. */
  readonly timeLapse: number;
  /** Progress the scenario asks for, 0 to 1. */
  readonly change: number;
  /** Dose of the area in the middle of the exposure, and whether it does harm. */
  readonly dose: number;
  readonly isDamaging: boolean;
  readonly drift: Readonly<Record<string, number>>;
  /** Axis shift beside the drift. */
  readonly axisShift: number;
  /** Position of the stage, um. */
  readonly x: number;
  readonly y: number;
  /** How the area in the beam differs from the first: two standard normal numbers, zero on the first area. */
  readonly area: readonly [number, number];
}

export interface Sample {
  /** Dose rate over that of the instrument, as of a stronger laser. @default 1 */
  readonly doseFactor?: number;
  /** Moves to the middle of the exposure. Returns the progress of the event, 0 to 1. */
  advance(circumstances: Circumstances): number;
  /** Expected counts of the exposure, before the detector. */
  mean(circumstances: Circumstances, out: Float64Array): void;
  /** Expected counts before the sample, of instruments whose frames are absorption. */
  incident?(circumstances: Circumstances, out: Float64Array): void;
  /** True values of the slow channels, in their order. */
  slow(circumstances: Circumstances): readonly number[];
  /** Every state number, for the truth. */
  state(): Readonly<Record<string, number>>;
}
