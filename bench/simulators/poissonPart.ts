import { fillPoisson, nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { fitPoisson, type PoissonFit } from './poissonFit.ts';
import type { SimulatorBenchOptions } from './options.ts';

/** Either side of 10 the generator is another one. */
export const POISSON_MEANS = [0.01, 0.1, 1, 3, 9.99, 10, 30, 100, 1e3, 1e4, 1e5, 1e6];
const DRAWS = 400_000;
const FULL_DRAWS = 4_000_000;

/**
 * Draws in one go, as the simulators do: the means take turns, so that neighbours are made in different ways.
 * @returns [means] the numbers of each mean.
 */
export function drawTogether(means: readonly number[], draws: number, seed: number): Float64Array[] {
  const state = seedXoshiro128(seed, 1);
  const turn = Float64Array.from(means);
  const numbers = new Float64Array(means.length);
  const drawn = means.map(() => new Float64Array(draws));
  for (let i = 0; i < draws; i++) {
    fillPoisson(state, turn, numbers);
    for (let k = 0; k < means.length; k++) drawn[k]![i] = numbers[k]!;
  }
  return drawn;
}

function drawAlone(mean: number, draws: number, seed: number, k: number): Float64Array {
  const state = seedXoshiro128(seed, 2 + k);
  return Float64Array.from({ length: draws }, () => nextPoisson(state, mean));
}

function perSecond(mean: number): number {
  const means = new Float64Array(2048).fill(mean);
  const out = new Float64Array(2048);
  const state = seedXoshiro128(1, 0);
  for (let i = 0; i < 50; i++) fillPoisson(state, means, out);
  const before = process.cpuUsage();
  for (let i = 0; i < 500; i++) fillPoisson(state, means, out);
  const { user } = process.cpuUsage(before);
  return Math.round((500 * 2048 * 1e6) / user);
}

/** How well, and how fast, Poisson numbers are made. */
export function poissonPart({ isFull, seed }: SimulatorBenchOptions, say: (line: string) => void) {
  const draws = isFull ? FULL_DRAWS : DRAWS;
  say(`\nPoisson numbers, ${draws} at each mean, one by one and many in one go (fillPoisson)`);
  say('      mean   made   mean off   variance off   chi-square  / d.o.f.        p   millions per CPU second');
  const together = drawTogether(POISSON_MEANS, draws, seed);
  const rows = POISSON_MEANS.map((mean, k) => {
    const rate = perSecond(mean);
    const fits = { alone: fitPoisson(mean, drawAlone(mean, draws, seed, k)), together: fitPoisson(mean, together[k]!) };
    say(line(mean, 'alone', fits.alone, ''));
    say(line(mean, 'in one', fits.together, (rate / 1e6).toFixed(1)));
    return { mean, ...fits, perSecond: rate };
  });
  const smallest = Math.min(...rows.flatMap(({ alone, together }) => [alone.p, together.p]));
  say(
    `means and variances are off in standard errors; the smallest of ${2 * rows.length} p-values is ${smallest.toPrecision(2)}`,
  );
  return { poisson: rows, poissonSmallestP: smallest };
}

function line(mean: number, made: string, fit: PoissonFit, rate: string): string {
  return [
    String(mean).padStart(10),
    made.padStart(6),
    fit.meanDeviation.toFixed(2).padStart(10),
    fit.varianceDeviation.toFixed(2).padStart(14),
    fit.chiSquare.toFixed(1).padStart(12),
    `/ ${fit.degreesOfFreedom}`.padEnd(10),
    fit.p.toFixed(4).padStart(8),
    rate.padStart(10),
  ].join(' ');
}
