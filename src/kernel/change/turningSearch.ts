import { differenceFreedom, noiseLevel, type DifferenceNoise } from './differenceNoise.ts';
import { projectOnPast, type NoiseEnergy } from './evolutionAxis.ts';
import type { EvolutionFrames } from './evolutionState.ts';
import {
  AFTER,
  BEFORE,
  createTurningWorkspace,
  testTurning,
  turningStatistic,
  type SeriesNoise,
  type TurningEvidence,
  type TurningWorkspace,
} from './turningPoint.ts';

/** The best turning point of the frames remembered. */
export interface TurningFound {
  statistic: number;
  /** Last frame before the turn. */
  split: number;
  /** +1: rose, then fell. */
  sense: 1 | -1;
}

/** Room for a search. */
export interface TurningSearch {
  /** Of the frames remembered now. */
  readonly energy: NoiseEnergy;
  readonly slopes: Float64Array;
  readonly projections: Float64Array;
  readonly test: TurningWorkspace;
  readonly evidence: TurningEvidence;
  readonly found: TurningFound;
}

export function createTurningSearch(memory: number): TurningSearch {
  return {
    energy: { own: 0, shared: 0 },
    slopes: new Float64Array(memory),
    projections: new Float64Array(memory),
    test: createTurningWorkspace(memory),
    evidence: { turned: 0, jumped: 0, split: 0 },
    found: { statistic: 0, split: BEFORE - 1, sense: 1 },
  };
}

/** Readings over time, oldest first. */
export interface ReadingSeries {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly count: number;
}

/** Looks for a turning point of a scalar, in both senses. */
export function searchReadings(series: ReadingSeries, noise: SeriesNoise, search: TurningSearch): TurningFound {
  const { values, weights, count } = series;
  const { found } = search;
  found.statistic = -1;
  for (let sense: 1 | -1 = 1; ; sense = -1) {
    const tried = { count, sense, first: BEFORE - 1, last: count - 1 - AFTER };
    take(search, values, weights, tried, noise);
    if (sense === -1) return found;
  }
}

/**
 * Looks for a turning point of a spectrum's evolution. For each time it might have turned, the direction is learned from
 * the frames before alone.
 */
export function searchSpectra(frames: EvolutionFrames, noise: SeriesNoise, search: TurningSearch): TurningFound {
  const { count, weights } = frames;
  const { found, energy, slopes, projections } = search;
  found.statistic = -1;
  found.split = BEFORE - 1;
  for (let split = BEFORE - 1; split <= count - 1 - AFTER; split++)
    if (projectOnPast(frames, split, energy, slopes, projections))
      take(search, projections, weights, { count, sense: 1, first: split, last: split }, noise);
  found.statistic = Math.max(found.statistic, 0);
  return found;
}

function take(
  { test, evidence, found }: TurningSearch,
  values: Float64Array,
  weights: Float64Array,
  tried: Parameters<typeof testTurning>[2],
  noise: SeriesNoise,
): void {
  const statistic = turningStatistic(testTurning(values, weights, tried, test, evidence), noise);
  if (statistic <= found.statistic) return;
  found.statistic = statistic;
  found.split = evidence.split;
  found.sense = tried.sense;
}

/**
 * The noise of a series as learned; where the variances are known, as they say, unless it is more by two standard errors.
 *
 * @param isKnown - the variances behind the weights are known, but for an excess.
 */
export function seriesNoise(learned: DifferenceNoise, isKnown: boolean): SeriesNoise {
  const dispersion = noiseLevel(learned);
  const freedom = differenceFreedom(learned);
  if (isKnown && dispersion <= 1 + 2 * Math.sqrt(2 / freedom)) return { dispersion: 1, freedom: Infinity };
  return { dispersion, freedom };
}
