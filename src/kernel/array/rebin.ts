import { refusal } from '../refusal.ts';

export interface RebinOptions {
  /** Neighbouring channels added into one, integer >= 1; larger is coarser and less noisy. What is left over at the end is dropped. */
  readonly factor: number;
  /** [n], 1 = left out of its sum. */
  readonly mask?: Uint8Array | undefined;
}

/**
 * Adds groups of `factor` neighbouring channels: counts and Poisson variances are conserved.
 *
 * @param values - [n] counts, or variances of independent channels.
 * @param options - see {@link RebinOptions}.
 * @param out - [floor(n / factor)]; allocated when absent; may be `values` itself only when factor is 1.
 * @returns `out`; a group that is masked altogether gives 0.
 * @throws RangeError when the factor is no positive integer, exceeds n, or lengths disagree.
 * @example
 * rebin(Float64Array.of(1, 2, 3, 4, 5), { factor: 2 }); // => Float64Array [3, 7]
 */
export function rebin(values: Float64Array, options: RebinOptions, out?: Float64Array): Float64Array {
  const { factor, mask } = options;
  const n = values.length;
  if (!Number.isInteger(factor) || factor < 1 || factor > n)
    throw refusal('OutOfRange', `factor is ${factor}, expected an integer from 1 to ${n}`);
  const m = Math.floor(n / factor);
  const bins = out ?? new Float64Array(m);
  if (bins.length !== m) throw refusal('LengthMismatch', `out has ${bins.length} elements, expected ${m}`);
  if (mask !== undefined && mask.length !== n)
    throw refusal('LengthMismatch', `mask has ${mask.length} elements, expected ${n}`);
  for (let k = 0, i = 0; k < m; k++) {
    let total = 0;
    for (const end = i + factor; i < end; i++) if (mask === undefined || mask[i] !== 1) total += values[i]!;
    bins[k] = total;
  }
  return bins;
}
