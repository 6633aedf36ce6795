import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { createDetector, type DetectorChoice } from './detector.ts';
import { makeSample } from './makeStream.ts';
import { makeDrift, type DriftKind } from './streamDrift.ts';
import { streamMean } from './streamMean.ts';

/** How often a detector is wrong, over many spectra and many learned baselines. */
export interface RunLengthRow {
  readonly drift: DriftKind;
  /** Counts relative to the usual. */
  readonly scale: number;
  /** Mean frames between false alarms as configured. */
  readonly nominal: number;
  /** Frames watched per false alarm; null when there was none. */
  readonly measured: number | null;
  /** Of `measured`. */
  readonly standardError: number | null;
  readonly alarms: number;
  /** Frames watched, learning left out. */
  readonly frames: number;
  readonly baselines: number;
}

export interface RunLengthPlan {
  readonly drift: DriftKind;
  readonly scale: number;
  readonly nominal: number;
  readonly baselines: number;
}

const CHANNELS = 256;
const LEARN = 300;
/** Frames of a drifting stream: a longer one would walk off its axis. */
const DRIFTING_FRAMES = 1700;

/**
 * Draws a spectrum, learns it, and watches until the first false alarm, but no longer than the nominal run length
 * (of a drifting stream 1700 frames); then the next spectrum. Frames watched per alarm is the run length
 * if alarms come at a constant rate, and never flatters a detector whose bad baselines alarm early.
 */
export function measureRunLength(choice: DetectorChoice, plan: RunLengthPlan, seed: number): RunLengthRow {
  const { drift, scale, nominal, baselines } = plan;
  const watched = drift === 'none' ? nominal : Math.min(nominal, DRIFTING_FRAMES);
  const values = new Float64Array(CHANNELS);
  let [frames, alarms] = [0, 0];
  for (let each = 0; each < baselines; each++) {
    const state = seedXoshiro128(seed, 100_000 + each);
    const sample = makeSample(CHANNELS, scale, state);
    const conditions = makeDrift(drift, LEARN + Math.max(watched, DRIFTING_FRAMES), state);
    const detector = createDetector(choice, CHANNELS, LEARN, nominal);
    const mean = streamMean(sample, conditions[0]!, null, new Float64Array(CHANNELS));
    for (let t = 0; t < LEARN + watched; t++) {
      if (drift !== 'none') streamMean(sample, conditions[t]!, null, mean);
      for (let i = 0; i < CHANNELS; i++) values[i] = nextPoisson(state, mean[i]!);
      const found = detector.take(values);
      if (t < LEARN) continue;
      frames++;
      if (!found) continue;
      alarms++;
      break;
    }
  }
  return { drift, scale, nominal, ...runLengthFrom(frames, alarms), alarms, frames, baselines };
}

/** Frames per alarm, with the standard error of so many alarms. */
export function runLengthFrom(frames: number, alarms: number): Pick<RunLengthRow, 'measured' | 'standardError'> {
  if (alarms === 0) return { measured: null, standardError: null };
  return { measured: frames / alarms, standardError: frames / alarms / Math.sqrt(alarms) };
}
