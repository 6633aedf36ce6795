import { middleShare } from './differenceNoise.ts';
import type { EvolutionFrames } from './evolutionState.ts';
import { LEAST } from './turningPoint.ts';

type Products = Pick<EvolutionFrames, 'products' | 'times' | 'weights' | 'count'>;

/** Noise energy of the remembered spectra: sums over channels of squared noise over variance. */
export interface NoiseEnergy {
  /** Of one frame of weight 1. */
  own: number;
  /** What it shares with a neighbour. */
  shared: number;
}

/**
 * Noise energy from second differences in time, of neighbours and of every other frame: the first hide what neighbours
 * share (detectors that lag, spectra interpolated in time), the second do not.
 *
 * @param spectra - at least five.
 */
export function noiseEnergy(spectra: Products, out: NoiseEnergy): NoiseEnergy {
  let near = 0;
  let far = 0;
  const end = spectra.count - 4;
  for (let k = 0; k < end; k++) {
    near += differenceEnergy(spectra, k + 1, 1) / end;
    far += differenceEnergy(spectra, k, 2) / end;
  }
  out.own = Math.max(near, far);
  out.shared = 0.75 * Math.max(far - near, 0);
  return out;
}

/**
 * Projects the remembered spectra on the direction of their evolution, learned from frames up to one of them alone: the
 * weighted regression on time of as many as half the memory, for the direction may bend. All from products of spectra, so that it costs nothing per channel. What a frame's own
 * noise and its neighbours' put into the direction is taken off its projection: it would look like progress.
 *
 * @param split - last frame the direction is learned from.
 * @param slopes - [>= count] room.
 * @param out - [>= count] receives the projections, in standard deviations of a frame whose channels scatter as thought.
 * @returns false when there is no direction.
 */
export function projectOnPast(
  { products, times, weights, count }: Products,
  split: number,
  { own, shared }: NoiseEnergy,
  slopes: Float64Array,
  out: Float64Array,
): boolean {
  const memory = times.length;
  const first = Math.max(0, split + 1 - Math.max(LEAST, memory >> 1));
  let mass = 0;
  let mean = 0;
  for (let i = first; i <= split; i++) {
    mass += weights[i]!;
    mean += weights[i]! * (times[i]! - times[0]!);
  }
  mean /= mass;
  slopes.fill(0);
  for (let i = first; i <= split; i++) slopes[i] = weights[i]! * (times[i]! - times[0]! - mean);
  let square = 0;
  for (let j = 0; j < count; j++) {
    let sum = 0;
    for (let i = first; i <= split; i++) sum += slopes[i]! * products[j * memory + i]!;
    square += slopes[j]! * sum;
    const neighbours = (j > 0 ? slopes[j - 1]! : 0) + (j + 1 < count ? slopes[j + 1]! : 0);
    out[j] = sum - (own * slopes[j]! + shared * neighbours) / weights[j]!;
  }
  if (!(square > 0)) return false;
  const scale = 1 / Math.sqrt(square);
  for (let j = 0; j < count; j++) out[j] = scale * out[j]!;
  return true;
}

/** Squared second difference of three spectra in time, over what it is for weights of 1 and no shared noise. */
function differenceEnergy({ products, times, weights }: Products, at: number, lag: number): number {
  const memory = times.length;
  const [a, b, c] = [at, at + lag, at + 2 * lag];
  const late = middleShare(times[a]!, times[b]!, times[c]!);
  const early = 1 - late;
  const product = (i: number, j: number): number => products[i * memory + j]!;
  const energy =
    product(b, b) +
    early * early * product(a, a) +
    late * late * product(c, c) +
    2 * (early * late * product(a, c) - early * product(a, b) - late * product(b, c));
  return energy / (1 / weights[b]! + (early * early) / weights[a]! + (late * late) / weights[c]!);
}
