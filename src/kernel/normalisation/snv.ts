import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

export interface SnvOptions {
  /** Degrees of freedom taken off in the standard deviation: 1 in chemometrics, 0 in most libraries of numbers. @default 1 */
  readonly ddof?: 0 | 1;
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n], 1 = counts for neither mean nor standard deviation. */
  readonly mask?: Uint8Array | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/** Below this share of the squares, the variance of the channels is rounding. */
const LEAST_VARIANCE = 1e-24;

/**
 * Standard normal variate: z = (y - mean) / s, each spectrum by its own mean and standard deviation over N channels.
 *
 * Both are made of the channels themselves. To first order dz_i / dy_j = (delta_ij - 1 / N - z_i z_j / (N - ddof)) / s, and
 * var z_i is the sum over j of its square times v_j.
 *
 * @param values - [n]; finite where not masked.
 * @param options - see {@link SnvOptions}.
 * @param out - [n], may be `values`; all 0 when 0 is returned.
 * @returns s, or 0 when the channels are all the same (ZeroVariance).
 * @throws RangeError LengthMismatch, NonFiniteInput; TooShort for fewer than two channels.
 * @see Barnes, Dhanoa and Lister, Appl. Spectrosc. 43 (1989) 772.
 */
export function snv(values: Float64Array, options: SnvOptions, out: Float64Array): number {
  const n = values.length;
  const { ddof = 1, variances, mask, outVariances } = options;
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (mask === undefined) checkFinite(values, 'values');
  let count = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (mask?.[i] === 1) continue;
    sum += values[i]!;
    count++;
  }
  if (count < 2) throw refusal('TooShort', `${count} channels, expected 2 at least`);
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < n; i++) if (mask?.[i] !== 1) squares += (values[i]! - mean) ** 2;
  const s = Math.sqrt(squares / (count - ddof));
  if (!(squares > LEAST_VARIANCE * count * mean * mean)) {
    out.fill(0);
    outVariances?.fill(0);
    return 0;
  }
  const scale = 1 / s;
  let total = 0;
  let tilted = 0;
  let bent = 0;
  for (let i = 0; i < n; i++) {
    const z = (values[i]! - mean) * scale;
    out[i] = z;
    if (variances === undefined || mask?.[i] === 1) continue;
    total += variances[i]!;
    tilted += z * variances[i]!;
    bent += z * z * variances[i]!;
  }
  if (variances === undefined || outVariances === undefined) return s;
  const ofMean = 1 / count;
  const ofScale = 1 / (count - ddof);
  for (let i = 0; i < n; i++) {
    const z = out[i]!;
    const own = mask?.[i] === 1 ? 1 : 1 - 2 * ofMean - 2 * z * z * ofScale;
    const common = ofMean * ofMean * total + 2 * z * ofMean * ofScale * tilted + z * z * ofScale * ofScale * bent;
    outVariances[i] = Math.max(0, own * variances[i]! + common) * scale * scale;
  }
  return s;
}
