import {
  createPoissonCusumState,
  resetPoissonCusum,
  updatePoissonCusum,
  type PoissonCusumOptions,
  type PoissonCusumState,
} from './poissonCusum.ts';

/** A cumulative sum for a rise and one for a fall: plain data. */
export type PoissonCusumSides = { up: PoissonCusumState; down: PoissonCusumState };

export interface PoissonCusumSidesOptions extends PoissonCusumOptions {
  /** Which of them are kept. */
  readonly sides: 'up' | 'down' | 'both';
}

export const createCusumSides = (): PoissonCusumSides => ({
  up: createPoissonCusumState(),
  down: createPoissonCusumState(),
});

/**
 * One step of both sides; a fall is watched with 1 / ratio.
 *
 * @param state - changed in place.
 * @param options - `ratio` is that of the rise, > 1; see {@link PoissonCusumSidesOptions}.
 * @returns the side that has more to say; see {@link updatePoissonCusum} for the other arguments.
 */
export function updateCusumSides(
  state: PoissonCusumSides,
  counts: number,
  exposure: number,
  timeUs: number,
  { sides, rate, ratio, learnedExposure = Infinity }: PoissonCusumSidesOptions,
): 'up' | 'down' {
  const { up, down } = state;
  if (sides !== 'down') updatePoissonCusum(up, counts, exposure, timeUs, { rate, ratio, learnedExposure });
  if (sides !== 'up') updatePoissonCusum(down, counts, exposure, timeUs, { rate, ratio: 1 / ratio, learnedExposure });
  return sides === 'down' || down.statistic > up.statistic ? 'down' : 'up';
}

/** Both back to zero. */
export function resetCusumSides({ up, down }: PoissonCusumSides): void {
  resetPoissonCusum(up);
  resetPoissonCusum(down);
}
