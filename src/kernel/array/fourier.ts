import { refusal } from '../refusal.ts';

/** Room and factors for {@link fourier}. */
export interface FourierPlan {
  /** Length, a power of two. */
  readonly size: number;
  /** [size / 2] cos and sin of 2 pi k / size. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** [size] where each element goes: its index with the bits reversed. */
  readonly places: Uint32Array;
}

/** @param size - a power of two, >= 2. @throws RangeError for another. */
export function createFourierPlan(size: number): FourierPlan {
  const bits = Math.round(Math.log2(size));
  if (size < 2 || 2 ** bits !== size) throw refusal('OutOfRange', `size is ${size}, expected a power of two`);
  const half = size / 2;
  const places = new Uint32Array(size);
  for (let i = 1; i < size; i++) places[i] = (places[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  return {
    size,
    cosines: Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size)),
    sines: Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size)),
    places,
  };
}

/**
 * Discrete Fourier transform in place, X(k) = sum x(j) exp(-2 pi i j k / size), not scaled. With `real` and `imaginary` swapped it is the
 * inverse times `size`.
 *
 * @param real - [size].
 * @param imaginary - [size].
 * @param plan - of {@link createFourierPlan}.
 */
export function fourier(
  real: Float64Array,
  imaginary: Float64Array,
  { size, cosines, sines, places }: FourierPlan,
): void {
  for (let i = 0; i < size; i++) {
    const j = places[i]!;
    if (j <= i) continue;
    const r = real[i]!;
    const m = imaginary[i]!;
    real[i] = real[j]!;
    imaginary[i] = imaginary[j]!;
    real[j] = r;
    imaginary[j] = m;
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let k = 0; k < half; k++) {
      const c = cosines[k * stride]!;
      const s = sines[k * stride]!;
      for (let i = k; i < size; i += 2 * half) {
        const j = i + half;
        const r = real[j]! * c + imaginary[j]! * s;
        const m = imaginary[j]! * c - real[j]! * s;
        real[j] = real[i]! - r;
        imaginary[j] = imaginary[i]! - m;
        real[i] = real[i]! + r;
        imaginary[i] = imaginary[i]! + m;
      }
    }
  }
}
