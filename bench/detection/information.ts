import { streamMean, type Conditions, type Sample } from './streamMean.ts';

/** What one frame tells of a change, nats. */
export interface FrameInformation {
  /** Kullback-Leibler divergence of the changed from the unchanged frame, gain, axis and slope known. */
  readonly known: number;
  /** Half the Fisher information that is left when gain, axis shift and background slope are unknown. */
  readonly orthogonal: number;
}

/** Cumulated information at which a change is due at a mean of 10 000 frames between false alarms (Lorden 1971, Lai 1998). */
export const LOG_RUN_LENGTH = Math.log(1e4);

/** Channels by which the axis is moved for the derivative of the mean. */
const STEP = 0.01;

/** Measures the information per frame of a sample in its changes; holds its own scratch. */
export function createInformation(sample: Sample) {
  const { channels } = sample;
  const usual = new Float64Array(channels);
  const before = new Float64Array(channels);
  const after = new Float64Array(channels);
  const slope = Float64Array.from({ length: channels }, (_, i) => i / channels - 0.5);
  const change = new Float64Array(channels);

  return (conditions: Conditions, changed: Float64Array): FrameInformation => {
    streamMean(sample, conditions, null, usual);
    streamMean(sample, { ...conditions, shift: conditions.shift - STEP }, null, before);
    streamMean(sample, { ...conditions, shift: conditions.shift + STEP }, null, after);
    let known = 0;
    for (let i = 0; i < channels; i++) {
      change[i] = changed[i]! - usual[i]!;
      after[i] = (after[i]! - before[i]!) / (2 * STEP);
      known += changed[i]! * Math.log1p(change[i]! / usual[i]!) - change[i]!;
    }
    const nuisances = [usual.slice(), after, slope.slice()];
    nuisances.forEach((direction, k) => {
      for (const earlier of nuisances.slice(0, k)) project(direction, earlier, usual);
    });
    for (const direction of nuisances) project(change, direction, usual);
    return { known, orthogonal: 0.5 * product(change, change, usual) };
  };
}

/** Takes from `vector` what lies along `direction`, in the metric 1 / mean. */
function project(vector: Float64Array, direction: Float64Array, mean: Float64Array): void {
  const length = product(direction, direction, mean);
  // A spectrum without any feature has no derivative to project out.
  if (!(length > 1e-12)) return;
  const share = product(vector, direction, mean) / length;
  for (let i = 0; i < vector.length; i++) vector[i]! -= share * direction[i]!;
}

/** Sum over channels of a b / mean. */
function product(a: Float64Array, b: Float64Array, mean: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! * b[i]!) / mean[i]!;
  return sum;
}

/** Frames until the cumulated information reaches ln 10 000; null when it does not. */
export function boundOf(perFrame: Iterable<number>): number | null {
  let sum = 0;
  let frames = 0;
  for (const information of perFrame) {
    sum += information;
    frames++;
    if (sum >= LOG_RUN_LENGTH) return frames;
  }
  return null;
}
