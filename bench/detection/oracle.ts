import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { createWitness, drawPeak, PROBLEM } from './spectrumProblem.ts';
import { between } from './streamDrift.ts';

/** Thresholds that are weighed at once, nats. */
const THRESHOLDS = Float64Array.from({ length: 181 }, (_, k) => 2 + 0.05 * k);
const HIGHEST = THRESHOLDS[THRESHOLDS.length - 1]!;
/** Excursions from zero, under either law, from which the run length is computed. */
const EXCURSIONS = 6000;
const DELAYS = 1500;
/** Excursions and delays per place of the peak. */
const PER_PLACE = 50;

export interface OracleResult {
  readonly threshold: number;
  /** Frames, mean. */
  readonly delay: number;
  readonly standardError: number;
}

/**
 * The CUSUM that is told the spectrum, the place of the new peak and its height, at a mean of `runLength` frames between false alarms.
 * Its run length is (mean frames of an excursion from zero) / (probability that an excursion reaches the threshold);
 * the second is small, and is computed from excursions of changed data, each weighted by its likelihood ratio.
 * @see Siegmund, Sequential Analysis, Springer 1985, chapter 2
 */
export function oracleDelay(
  usual: Float64Array,
  information: number,
  seed: number,
  runLength: number = PROBLEM.runLength,
): OracleResult {
  const state = seedXoshiro128(seed, Math.round(1000 * information));
  const reached = new Float64Array(THRESHOLDS.length);
  let quietFrames = 0;
  for (let k = 0; k < EXCURSIONS; k += PER_PLACE) {
    const witness = createWitness(usual, drawPeak(usual, information, state), state);
    for (let each = 0; each < PER_PLACE; each++) {
      quietFrames += excursion(() => witness.draw(false), null);
      excursion(() => witness.draw(true), reached);
    }
  }
  const runLengths = reached.map((weight) => quietFrames / weight);
  const threshold = thresholdAt(runLength, runLengths);

  const [shortest, longest] = PROBLEM.quietFrames;
  let [count, sum, squares] = [0, 0, 0];
  for (let k = 0; k < DELAYS; k += PER_PLACE) {
    const witness = createWitness(usual, drawPeak(usual, information, state), state);
    for (let each = 0; each < PER_PLACE; each++) {
      let evidence = 0;
      for (let left = Math.round(between(state, shortest, longest)); left > 0 && evidence < threshold; left--)
        evidence = Math.max(0, evidence + witness.draw(false));
      // A false alarm has no delay.
      if (evidence >= threshold) continue;
      let delay = 0;
      for (; evidence < threshold; delay++) evidence = Math.max(0, evidence + witness.draw(true));
      count++;
      sum += delay;
      squares += delay * delay;
    }
  }
  const delay = sum / count;
  return { threshold, delay, standardError: Math.sqrt((squares / count - delay * delay) / count) };
}

/**
 * One excursion of the sum from zero, until it is not above zero or above every threshold.
 * @param reached - gains exp(-sum) at each threshold when the sum first reaches it.
 * @returns its frames.
 */
function excursion(draw: () => number, reached: Float64Array | null): number {
  let sum = 0;
  let frames = 0;
  let next = 0;
  do {
    sum += draw();
    frames++;
    for (; reached !== null && next < THRESHOLDS.length && sum >= THRESHOLDS[next]!; next++)
      reached[next]! += Math.exp(-sum);
  } while (sum > 0 && sum < HIGHEST);
  return frames;
}

/** Log-linear between the thresholds. */
function thresholdAt(runLength: number, runLengths: Float64Array): number {
  const above = runLengths.findIndex((each) => each >= runLength);
  if (above < 1) throw new RangeError(`a run length of ${runLength} lies outside of the thresholds weighed`);
  const [low, high] = [Math.log(runLengths[above - 1]!), Math.log(runLengths[above]!)];
  const share = (Math.log(runLength) - low) / (high - low);
  return THRESHOLDS[above - 1]! + share * (THRESHOLDS[above]! - THRESHOLDS[above - 1]!);
}
