import { form2, form3, moments2, moments3 } from './crossMoments.ts';
import { gram, invertGram, multiply } from './gramInverse.ts';
import type { TemplateBank } from './templateBank.ts';

/**
 * Directions in which a spectrum is watched, orthogonal to those in which it may drift: d_j = (g_j - sum_k C_jk u_k) / q
 * with sum_i d_ji u_ki = 0 for every nuisance u_k. So the score S_j = sum_i d_ji y_i has expectation 0 for every mean
 * in the span of the nuisances, whatever their amounts, without estimating them. Scores are scaled to variance 1 per
 * frame of the reference.
 */
export interface TemplateDirections {
  /** Nuisances, K. */
  readonly nuisances: number;
  /** [K][n] nuisances over the weight: their dot product with a spectrum is a nuisance score. */
  readonly weighted: readonly Float64Array[];
  /** [offsets[T]] the local part of each direction, in the place of the bank's shapes: laid once for each laying of those. */
  readonly local: Float64Array;
  /** [T * K] what of the nuisance scores is taken off. */
  readonly mixture: Float64Array;
  /** [T] skewness per frame of the scaled score. */
  readonly skewness: Float64Array;
  /** [T] relative variance of the variance estimate; Infinity for a template that is no direction of its own. */
  readonly doubt: Float64Array;
  /** [K * K] inverse of the nuisances' Gram matrix: scores to coefficients. */
  readonly inverse: Float64Array;
  readonly room: {
    /** [K * K], [K * K], [K * K * K] */
    readonly gram: Float64Array;
    readonly second: Float64Array;
    readonly third: Float64Array;
    /** [K] */
    readonly c: Float64Array;
    readonly scores: Float64Array;
  };
}

export function createTemplateDirections(bank: TemplateBank, nuisances: number, n: number): TemplateDirections {
  return {
    nuisances,
    weighted: Array.from({ length: nuisances }, () => new Float64Array(n)),
    local: bank.shapes,
    mixture: new Float64Array(bank.count * nuisances),
    skewness: new Float64Array(bank.count),
    doubt: new Float64Array(bank.count),
    inverse: new Float64Array(nuisances ** 2),
    room: {
      gram: new Float64Array(nuisances ** 2),
      second: new Float64Array(nuisances ** 2),
      third: new Float64Array(nuisances ** 3),
      c: new Float64Array(nuisances),
      scores: new Float64Array(nuisances),
    },
  };
}

/** What is known of the noise of one reference frame. */
export interface TemplateNoise {
  /** [n] variances as estimated, channel by channel. */
  readonly variances: Float64Array;
  /** [n] the same, smoothed: what is divided by. > 0. */
  readonly weights: Float64Array;
  /** Counts: third cumulants are the variances. Else the noise is taken as normal. */
  readonly counts: boolean;
  /** Reference frames behind the variances. */
  readonly frames: number;
  /** Takes the noise of the reference out of the Gram matrix of the nuisances. */
  readonly correct?: (gram: Float64Array) => void;
  /** The same for the products of the contrast with the nuisances. */
  readonly correctContrast?: (scores: Float64Array) => void;
}

/**
 * Lays the directions of a bank whose shapes are laid.
 *
 * @param nuisances - [K][n] directions of drift, the first the expected spectrum itself.
 */
export function layTemplateDirections(
  directions: TemplateDirections,
  bank: TemplateBank,
  nuisances: readonly Float64Array[],
  noise: TemplateNoise,
): void {
  const { weighted, inverse, room } = directions;
  const { variances, weights } = noise;
  const K = nuisances.length;
  const n = weights.length;
  for (let k = 0; k < K; k++) for (let i = 0; i < n; i++) weighted[k]![i] = nuisances[k]![i]! / weights[i]!;
  moments2(weighted, variances, room.second);
  if (noise.counts) moments3(weighted, variances, room.third);
  gram(nuisances, weighted, room.gram);
  noise.correct?.(room.gram);
  invertGram(room.gram, K, inverse, room.c);
  for (let j = 0; j < bank.count; j++) layOne(directions, bank, j, noise);
}

function layOne(
  { nuisances: K, weighted, local, mixture, skewness, doubt, inverse, room }: TemplateDirections,
  { first, length, offsets, shapes, count, hasContrast }: TemplateBank,
  j: number,
  { variances, weights, counts, frames, correctContrast }: TemplateNoise,
): void {
  const { second, third, c, scores } = room;
  const at = offsets[j]!;
  const from = first[j]!;
  const m = length[j]!;
  for (let l = 0; l < K; l++) {
    const u = weighted[l]!;
    let score = 0;
    for (let i = 0; i < m; i++) score += shapes[at + i]! * u[from + i]!;
    scores[l] = score;
  }
  if (hasContrast && j === count - 1) correctContrast?.(scores);
  multiply(inverse, scores, c);
  // d = l - b, l local and b a mixture of nuisances: the sums over all channels of b alone are known for all templates.
  let v = form2(second, c);
  let v3 = counts ? -form3(third, c) : 0;
  let v4 = 0;
  let alone = 0;
  for (let i = 0; i < m; i++) {
    const l = shapes[at + i]! / weights[from + i]!;
    let b = 0;
    for (let k = 0; k < K; k++) b += c[k]! * weighted[k]![from + i]!;
    const variance = variances[from + i]!;
    local[at + i] = l;
    v += l * (l - 2 * b) * variance;
    alone += l * l * variance;
    if (counts) v3 += l * (l * l - 3 * l * b + 3 * b * b) * variance;
    const square = (l - b) * (l - b);
    v4 += square * square * (counts ? variance : 2 * variance * variance);
  }
  // What drift explains almost wholly is not watched: the rest would be magnified, and the errors of the model with it.
  if (!(v > OWN * alone)) {
    local.fill(0, at, at + m);
    for (let k = 0; k < K; k++) mixture[j * K + k] = 0;
    skewness[j] = 0;
    doubt[j] = Infinity;
    return;
  }
  const scale = 1 / Math.sqrt(v);
  for (let i = 0; i < m; i++) local[at + i]! *= scale;
  for (let k = 0; k < K; k++) mixture[j * K + k] = c[k]! * scale;
  skewness[j] = v3 * scale ** 3;
  doubt[j] = v4 / (v * v * Math.max(frames, 1));
}

/** Least share of a template's information that must be its own. */
const OWN = 0.05;
