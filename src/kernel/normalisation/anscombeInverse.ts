import type { ReadoutNoise } from './anscombe.ts';

/** Beyond this mean the asymptotic series is exact to 1e-9. */
const LARGEST_MEAN = 200;
const PIECES = 1024;
const LOWEST = 2 * Math.sqrt(3 / 8);

/** Cubic pieces of the mean count over the mean of the transformed counts; made once, by `createAnscombeInverse`. */
export interface AnscombeInverse {
  /** [4 * PIECES] coefficients of each piece. */
  readonly pieces: Float64Array;
  readonly perUnit: number;
}

/** Mean of 2 sqrt(k + 3/8) over Poisson k of mean `mean`, and its slope. */
export function meanOfAnscombe(mean: number): { readonly value: number; readonly slope: number } {
  let value = 0;
  let slope = 0;
  let probability = Math.exp(-mean);
  const last = mean + 12 * Math.sqrt(mean) + 20;
  for (let k = 0; k <= last; k++) {
    const here = 2 * Math.sqrt(k + 3 / 8);
    value += probability * here;
    slope += probability * (2 * Math.sqrt(k + 11 / 8) - here);
    probability *= mean / (k + 1);
  }
  return { value, slope };
}

/** Makes the table that {@link inverseAnscombe} looks up. */
export function createAnscombeInverse(): AnscombeInverse {
  const highest = meanOfAnscombe(LARGEST_MEAN).value;
  const step = (highest - LOWEST) / PIECES;
  const means = new Float64Array(PIECES + 1);
  const slopes = new Float64Array(PIECES + 1);
  let mean = 0;
  for (let k = 0; k <= PIECES; k++) {
    for (let turn = 0; turn < 6; turn++) {
      const { value, slope } = meanOfAnscombe(mean);
      mean = Math.max(0, mean - (value - LOWEST - k * step) / slope);
    }
    means[k] = mean;
    slopes[k] = step / meanOfAnscombe(mean).slope;
  }
  const pieces = new Float64Array(4 * PIECES);
  for (let k = 0; k < PIECES; k++) {
    const rise = means[k + 1]! - means[k]!;
    const from = slopes[k]!;
    const to = slopes[k + 1]!;
    pieces.set([means[k]!, from, 3 * rise - 2 * from - to, from + to - 2 * rise], 4 * k);
  }
  return { pieces, perUnit: 1 / step };
}

/** What {@link inverseAnscombe} needs to know beside the values. */
export interface InverseOptions extends ReadoutNoise {
  readonly inverse: AnscombeInverse;
  /** [n] variances of the values. */
  readonly variances?: Float64Array | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Exact unbiased inverse of `anscombe`: the mean count whose transformed counts have the given mean. The algebraic inverse of a mean is
 * too low, by 1/4 count in the limit. With read noise, its variance in counts is taken away (closed form).
 *
 * @param transformed - [n] finite means of transformed counts, such as what a filter left; below 2 sqrt(3/8) the mean is 0.
 * @param options - see {@link InverseOptions}.
 * @param out - [n], may be `transformed`; in the unit before the transform.
 * @returns `out`.
 * @see Makitalo and Foi, IEEE Trans. Image Process. 20 (2011) 99; 22 (2013) 91 (read noise).
 */
export function inverseAnscombe(transformed: Float64Array, options: InverseOptions, out: Float64Array): Float64Array {
  const { inverse, gain = 1, offset = 0, readNoise = 0, variances, outVariances } = options;
  const { pieces, perUnit } = inverse;
  const ofReadout = (readNoise / gain) ** 2;
  for (let i = 0; i < transformed.length; i++) {
    const d = transformed[i]!;
    const position = (d - LOWEST) * perUnit;
    let mean: number;
    let slope: number;
    if (position < 0) {
      mean = 0;
      slope = pieces[1]! * perUnit;
    } else if (position < PIECES) {
      const piece = Math.floor(position);
      const t = position - piece;
      const q = 4 * piece;
      const [b, c, e] = [pieces[q + 1]!, pieces[q + 2]!, pieces[q + 3]!];
      mean = pieces[q]! + t * (b + t * (c + t * e));
      slope = (b + t * (2 * c + t * 3 * e)) * perUnit;
    } else {
      const square = d * d;
      mean = 0.25 * square - 0.125 + 0.25 / (square * square);
      slope = 0.5 * d;
    }
    out[i] = gain * Math.max(0, mean - ofReadout) + offset;
    if (variances !== undefined && outVariances !== undefined)
      outVariances[i] = variances[i]! * slope * slope * gain * gain;
  }
  return out;
}
