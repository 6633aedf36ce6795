import { refusal } from '../refusal.ts';

export interface MonitorOptions {
  /** What to divide by, positive: the monitor over its reference. */
  readonly factor: number;
  /** One standard deviation of the factor over the factor; 0 = exact. It moves all channels together. @default 0 */
  readonly relativeError?: number;
  /** [n] variances, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n] receives the variances of the result; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by an independent monitor: f = y / k, var f = v / k^2 + f^2 r^2 with r the relative error of k.
 *
 * @param values - [n].
 * @param options - see {@link MonitorOptions}.
 * @param out - [n], may be `values`.
 * @returns `out`.
 * @throws RangeError when the factor is not positive and finite, or `out` has another length.
 */
export function divideByMonitor(values: Float64Array, options: MonitorOptions, out: Float64Array): Float64Array {
  const n = values.length;
  const { factor, relativeError = 0, variances, outVariances } = options;
  if (!(factor > 0 && factor < Infinity))
    throw refusal('ZeroNorm', `the monitor factor is ${factor}, expected a positive number`);
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  const scale = 1 / factor;
  const common = relativeError * relativeError;
  for (let i = 0; i < n; i++) {
    const quotient = values[i]! * scale;
    out[i] = quotient;
    if (variances !== undefined && outVariances !== undefined)
      outVariances[i] = variances[i]! * scale * scale + quotient * quotient * common;
  }
  return out;
}
