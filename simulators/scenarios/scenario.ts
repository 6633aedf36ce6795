import type { DetectorSetting } from '../parts/detector.ts';
import type { DriftSetting } from '../parts/drift.ts';

/** What a good monitor says about a scenario. */
export type Verdict = 'quiet' | 'alarm' | 'calibrationWarning' | 'damage' | 'fault';

/** Which nuisances, faults and event act together. Everything begins at the option `eventAtFrame`, except drift, which always acts. */
export interface Scenario {
  /** One sentence for the catalogue. */
  readonly summary: string;
  readonly expected: Verdict;
  /** Multiplies the instrument's default drifts; 0 = none. */
  readonly nuisance: number;
  /** Drifts that replace the instrument's own of the same name, not multiplied. */
  readonly drifts?: Readonly<Record<string, DriftSetting>>;
  readonly event?: EventSetting;
  readonly faults?: FaultSetting;
  /** Moves the stage to a fresh area. */
  readonly isMoving?: boolean;
  /** Example pipeline for it, when it is not that of the instrument. */
  readonly example?: string;
  /** A scan over a map of the sample, pixel by pixel, instead of an exposure of one place. */
  readonly scan?: ScanSetting;
  /** Where the sample starts, by name of its state numbers. */
  readonly start?: Readonly<Record<string, number>>;
  /** Replaces entries of the instrument's detector. */
  readonly detector?: DetectorSetting;
}

/** 'chemistry' goes by the frame; 'beam' by the dose of the area, exponentially, after an incubation dose reached at `eventAtFrame`. */
export type EventSetting =
  | {
      readonly cause: 'chemistry';
      /** From nothing to all, along a smooth step. */
      readonly frames: number;
      /** Stays so long, then goes back as fast as it came; left out, it stays. */
      readonly holdFrames?: number;
    }
  | { readonly cause: 'beam' };

export interface ScanSetting {
  /** Pixels that hold a rare phase; the first is met at `eventAtFrame`. */
  readonly rarePixels: number;
}

export interface FaultSetting {
  readonly isDead?: boolean;
  readonly isHot?: boolean;
  readonly isFlickering?: boolean;
  /** Beam multiplied by this, so that channels reach their ceiling. */
  readonly overexposure?: number;
  /** Mean number of hits per frame. */
  readonly cosmicHits?: number;
  /** Probabilities per frame. */
  readonly transfer?: { readonly lost: number; readonly twice: number; readonly late: number; readonly torn: number };
  /** Seconds of the experiment without beam; it comes back over 30 s and the optics have cooled. */
  readonly tripS?: number;
  /** Decays with a time constant of 10 h, then is refilled, then topped up by 0.7 % every 120 s. */
  readonly isRefilled?: boolean;
}
