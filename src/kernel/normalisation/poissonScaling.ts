import { refusal } from '../refusal.ts';

/** Factors that even out the noise of a stack of counted spectra before it is decomposed. */
export interface PoissonScaling {
  /** [rows] root of the sum of each spectrum; 0: no count, leave it out. */
  readonly rows: Float64Array;
  /** [n] root of the sum of each channel; 0: no count, leave it out. */
  readonly channels: Float64Array;
}

/**
 * Optimal scaling of counts, Y / sqrt(a b'): a the sums of the spectra, b those of the channels. Exact where the expectation has rank one.
 *
 * @param spectra - rows of [n] counts, finite and not negative in sum.
 * @throws RangeError EmptyInput, LengthMismatch, NonPositiveNorm, NonFiniteInput.
 * @see Keenan and Kotula, Surf. Interface Anal. 36 (2004) 203.
 */
export function poissonScaling(spectra: readonly Float64Array[]): PoissonScaling {
  const n = spectra[0]?.length ?? 0;
  if (n === 0) throw refusal('EmptyInput', 'a scaling of no spectra, or of no channels');
  const channels = new Float64Array(n);
  const rows = Float64Array.from(spectra, (spectrum) => {
    if (spectrum.length !== n) throw refusal('LengthMismatch', `a spectrum of ${spectrum.length}, expected ${n}`);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += spectrum[i]!;
      channels[i] = channels[i]! + spectrum[i]!;
    }
    return sum;
  });
  return { rows: roots(rows, 'spectrum'), channels: roots(channels, 'channel') };
}

/** Divides one spectrum of the stack by the root of its own sum and those of the channels; empty channels stay 0. */
export function scalePoisson(
  spectrum: Float64Array,
  row: number,
  { rows, channels }: PoissonScaling,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < spectrum.length; i++) {
    const scale = rows[row]! * channels[i]!;
    out[i] = scale > 0 ? spectrum[i]! / scale : 0;
  }
  return out;
}

function roots(sums: Float64Array, what: string): Float64Array {
  sums.forEach((sum, k) => {
    if (!Number.isFinite(sum)) throw refusal('NonFiniteInput', `${what} ${k} sums to ${sum}`);
    if (sum < 0) throw refusal('NonPositiveNorm', `${what} ${k} sums to ${sum}, expected counts`);
  });
  return sums.map(Math.sqrt);
}
