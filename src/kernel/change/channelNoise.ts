import { createNoiseWorkspace, noiseEstimate, type NoiseWorkspace } from './noiseEstimate.ts';

/** Weight of the neighbours' mean variance against the channel's own, in degrees of freedom. */
export const PRIOR_FREEDOM = 10;
/** Channels on each side whose variance counts as the neighbours'. */
const REACH = 16;

/**
 * Variance of each channel from sums of squared residuals, drawn towards the mean of its neighbours:
 * (sum + 10 local) / (freedom + 10). With few reference frames a channel's own variance is too uncertain to divide by.
 *
 * @param squares - [n] sums of squared residuals.
 * @param freedom - number of residuals in each, >= 1.
 * @param out - [n] receives the variances; must not be `squares`.
 * @returns `out`.
 * @see Smyth, Stat. Appl. Genet. Mol. Biol. 3 (2004) 3, for shrinking variances.
 * @example
 * regularisedVariances(Float64Array.of(8, 8), 4, new Float64Array(2))[0]; // => 2
 */
export function regularisedVariances(squares: Float64Array, freedom: number, out: Float64Array): Float64Array {
  const n = squares.length;
  let sum = 0;
  let from = 0;
  let to = 0;
  for (let i = 0; i < n; i++) {
    while (to < n && to <= i + REACH) sum += squares[to++]!;
    while (from < i - REACH) sum -= squares[from++]!;
    const local = Math.max(sum, 0) / (freedom * (to - from));
    out[i] = (squares[i]! + PRIOR_FREEDOM * local) / (freedom + PRIOR_FREEDOM);
  }
  return out;
}

/** Room for {@link frameVariances}. */
export interface FrameNoise {
  readonly residual: Float64Array;
  readonly deviation: Float64Array;
  readonly noise: NoiseWorkspace;
  readonly level: NoiseWorkspace;
}

export function createFrameNoise(n: number): FrameNoise {
  return {
    residual: new Float64Array(n),
    deviation: new Float64Array(n),
    noise: createNoiseWorkspace(n, 64),
    level: createNoiseWorkspace(n, n),
  };
}

/**
 * Variance of now - reference, from the second differences of that difference alone: so a frame of poor statistics
 * brings its own larger noise. Within a block of 64 channels the noise is taken to grow as the root of the intensity.
 *
 * @param values - [n] now.
 * @param reference - [n] expectation at gain 1.
 * @param work - of {@link createFrameNoise}.
 * @param out - [n] receives the variances.
 */
export function frameVariances(
  values: Float64Array,
  reference: Float64Array,
  work: FrameNoise,
  out: Float64Array,
): void {
  const n = values.length;
  const { residual, deviation, noise } = work;
  let a = 0;
  let b = 0;
  for (let i = 0; i < n; i++) {
    a += values[i]! * reference[i]!;
    b += reference[i]! * reference[i]!;
  }
  const gain = b > 0 ? a / b : 0;
  for (let i = 0; i < n; i++) residual[i] = values[i]! - gain * reference[i]!;
  noiseEstimate(residual, noise, deviation);
  let total = 0;
  for (let k = 0; k < noise.levels.length; k++) total += noise.levels[k]!;
  const least = (0.01 * total) / noise.levels.length;
  const length = n / noise.levels.length;
  for (let k = 0; k < noise.levels.length; k++) {
    const from = Math.floor(k * length);
    const to = Math.floor((k + 1) * length);
    let mean = 0;
    for (let i = from; i < to; i++) mean += Math.abs(reference[i]!) / (to - from);
    for (let i = from; i < to; i++) {
      const sigma = Math.max(deviation[i]!, least);
      out[i] = sigma * sigma * (mean > 0 ? Math.max(1, Math.abs(reference[i]!) / mean) : 1);
    }
  }
}

/**
 * Noise level of one frame against what was learned: from second differences of the standardised residual.
 *
 * @returns a factor >= 1 on the standard deviation: it can only make the test more careful.
 */
export function frameLevel(residuals: Float64Array, variances: Float64Array, work: FrameNoise): number {
  const n = residuals.length;
  for (let i = 0; i < n; i++) work.residual[i] = variances[i]! > 0 ? residuals[i]! / Math.sqrt(variances[i]!) : 0;
  noiseEstimate(work.residual, work.level, work.deviation);
  return Math.max(1, work.level.levels[0]!);
}
