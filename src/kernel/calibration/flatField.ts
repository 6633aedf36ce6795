import { refusal } from '../refusal.ts';

/** How evenly lit channels answer. */
export interface FlatField {
  /** [n] response, mean 1 over usable channels; 0 where there is none. */
  readonly response: Float64Array;
  /** [n] variance of the response. */
  readonly variances: Float64Array;
  /** [n] 1 = dead: answers less than `least` of the mean. */
  readonly dead: Uint8Array;
}

/**
 * Makes a flat field from the answer to even light.
 *
 * @param values - [n] finite; counts or any scale.
 * @param variances - [n], same scale squared; null for an exact flat.
 * @param least - response over the mean below which a channel is dead. @default 0.05
 * @throws RangeError 'EmptyInput', 'LengthMismatch', 'NonFiniteInput', or 'ZeroNorm' when no channel answers.
 */
export function createFlatField(values: Float64Array, variances: Float64Array | null, least = 0.05): FlatField {
  const n = values.length;
  if (n === 0) throw refusal('EmptyInput', 'a flat field of no channels');
  if (variances !== null && variances.length !== n)
    throw refusal('LengthMismatch', `variances have ${variances.length} elements, expected ${n}`);
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(values[i]) || !Number.isFinite(variances?.[i] ?? 0))
      throw refusal('NonFiniteInput', `the flat field is ${values[i]} in channel ${i}, expected a finite number`);
  const sorted = values.slice().sort();
  // Dead and hot channels must not pull the mean: the middle is close enough to tell them.
  const middle = sorted[n >> 1]!;
  const dead = Uint8Array.from(values, (value) => (value > least * middle && value > 0 ? 0 : 1));
  let sum = 0;
  let count = 0;
  for (let i = 0; i < n; i++)
    if (dead[i] === 0) {
      sum += values[i]!;
      count++;
    }
  const mean = sum / count;
  if (!(mean > 0)) throw refusal('ZeroNorm', 'no channel of the flat field answers');
  return {
    response: values.map((value, i) => (dead[i] === 1 ? 0 : value / mean)),
    variances: values.map((_, i) => (dead[i] === 1 ? 0 : (variances?.[i] ?? 0) / (mean * mean))),
    dead,
  };
}

export interface DivideFlatOptions {
  readonly flat: FlatField;
  /** [n] of the values. */
  readonly variances?: Float64Array | undefined;
  /** [n] receives those of the result. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by a flat field: y / f, var = v / f^2 + (y / f)^2 (var f / f^2). The error of the flat is the same in every frame: it does
 * not average out. Dead channels come out as 0.
 *
 * @param values - [n].
 * @param out - [n], may be `values`.
 * @throws RangeError 'LengthMismatch'.
 */
export function divideByFlatField(values: Float64Array, options: DivideFlatOptions, out: Float64Array): Float64Array {
  const { flat, variances, outVariances } = options;
  const n = values.length;
  if (flat.response.length !== n || out.length !== n)
    throw refusal('LengthMismatch', `the flat field has ${flat.response.length} channels, expected ${n}`);
  for (let i = 0; i < n; i++) {
    const response = flat.response[i]!;
    const per = response > 0 ? 1 / response : 0;
    const quotient = values[i]! * per;
    out[i] = quotient;
    if (outVariances !== undefined)
      outVariances[i] = (variances?.[i] ?? 0) * per * per + quotient * quotient * flat.variances[i]! * per * per;
  }
  return out;
}
