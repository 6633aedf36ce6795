import { createDifferenceNoise, DIFFERENCE_SPAN, learnDifference, type DifferenceNoise } from './differenceNoise.ts';
import { noiseEnergy, projectOnPast } from './evolutionAxis.ts';
import { forgetFrames } from './evolutionFrames.ts';
import { createEvolutionFrames, type EvolutionFrames, type EvolutionOptions } from './evolutionState.ts';
import { speedOf, type Speed } from './speed.ts';
import { LEAST, type SeriesNoise } from './turningPoint.ts';
import { searchReadings, searchSpectra, seriesNoise, type TurningSearch } from './turningSearch.ts';
import { createTurningHold, type TurningHold } from './turningHold.ts';

/** A steady evolution under watch. Plain data; bounded. */
export type Trend = {
  /** Of a reading: spectra of one channel. */
  evolution: EvolutionFrames;
  /** What the evolution scatters about its course, over what its channels explain. */
  dispersion: DifferenceNoise;
  hold: TurningHold;
  /** Way travelled: unit of the reading, or share of the spectrum. */
  progress: number;
  /** Frames taken since the start. */
  taken: number;
};

export function createTrend(options: EvolutionOptions): Trend {
  return {
    evolution: createEvolutionFrames(options),
    dispersion: createDifferenceNoise(),
    hold: createTurningHold(),
    progress: 0,
    taken: 0,
  };
}

/** Takes a reading in. @param weight - 1 over its variance, or 1 when that is not known. */
export function takeReading({ evolution }: Trend, value: number, weight: number, timeUs: number): void {
  if (evolution.count === evolution.times.length) forgetFrames(evolution, 1);
  const at = evolution.count++;
  evolution.frames[at] = value;
  evolution.weights[at] = weight;
  evolution.times[at] = timeUs;
}

/** Learns the noise from the last third differences in time; at first from all there are. */
export function learnTrendNoise(trend: Trend, isReading: boolean, search: TurningSearch): void {
  const { evolution, dispersion } = trend;
  const { count, times, weights, frames } = evolution;
  trend.taken++;
  if (count < DIFFERENCE_SPAN || (!isReading && evolution.since < 0)) return;
  const { energy, slopes, projections } = search;
  if (!isReading) {
    noiseEnergy(evolution, energy);
    if (!projectOnPast(evolution, count - 1, energy, slopes, projections)) return;
  }
  const series = { values: isReading ? frames : projections, times, weights };
  const last = count - DIFFERENCE_SPAN;
  for (let k = isReading || dispersion.count > 0 ? last : 0; k <= last; k++) learnDifference(dispersion, series, k);
}

/** How a trend is judged. */
export interface TrendOptions {
  readonly isReading: boolean;
  /** The variances of the channels are known. */
  readonly isKnown: boolean;
}

/** What is said of a trend, beside what the search found. */
export interface TrendJudgement extends Speed {
  noise: SeriesNoise;
}

/** Frames the present speed is taken from, at most. */
const SPEED_FRAMES = 6;

/**
 * Judges a trend of at least 8 frames. The speed is signed: along the first direction of the evolution +, back -; of a
 * spectrum its size is a share of the spectrum per second, channels weighed by their noise.
 *
 * @param search - its `found` has the turning point; `projections` is scratch.
 * @param out - receives speed and noise.
 */
export function judgeTrend(trend: Trend, options: TrendOptions, search: TurningSearch, out: TrendJudgement): void {
  const { evolution, dispersion, hold } = trend;
  const { count, frames, times, weights } = evolution;
  out.noise = seriesNoise(dispersion, options.isKnown);
  const from = count - Math.min(SPEED_FRAMES, count >> 1);
  const span = { from, end: count, dispersion: out.noise.dispersion };
  if (options.isReading) {
    searchReadings({ values: frames, weights, count }, out.noise, search);
    speedOf(frames, times, weights, span, out);
  } else {
    searchSpectra(evolution, out.noise, search);
    const { energy, projections, slopes } = search;
    if (projectOnPast(evolution, from - 1, energy, slopes, projections)) {
      speedOf(projections, times, weights, span, out);
      const scale = 1 / spectrumNorm(evolution);
      out.value *= hold.direction * scale;
      out.standardError *= scale;
    } else {
      out.value = 0;
      out.standardError = Infinity;
    }
  }
  if (count > 1) trend.progress += out.value * 1e-6 * (times[count - 1]! - times[count - 2]!);
}

/** The series around the turning point that was found. */
export function turningSeries(
  { evolution }: Trend,
  { isReading }: TrendOptions,
  { found, energy, slopes, projections }: TurningSearch,
): Pick<EvolutionFrames, 'times' | 'weights' | 'count'> & { readonly values: Float64Array } {
  const { times, weights, count } = evolution;
  if (isReading) return { values: evolution.frames, times, weights, count };
  projectOnPast(evolution, found.split, energy, slopes, projections);
  return { values: projections, times, weights, count };
}

/** Whether there are frames enough to judge. */
export function canJudge({ evolution, taken, dispersion }: Trend, learn: number): boolean {
  return evolution.count >= LEAST && taken >= learn && dispersion.count > 0;
}

function spectrumNorm({ reference, precision }: EvolutionFrames): number {
  let sum = 0;
  for (let i = 0; i < reference.length; i++) sum += precision[i]! * reference[i]! * reference[i]!;
  return Math.sqrt(sum);
}
