import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

export interface OpeningOptions {
  /** Half width of the window in channels, >= 1; at least the full width of the widest peak. */
  readonly halfWidth: number;
  /** 'ball': the opened spectrum, averaged over the window. 'mean': the opened spectrum, cut down where its own rises and falls allow. @default 'ball' */
  readonly shape?: 'ball' | 'mean';
  /** Channels on either side over which the spectrum is averaged first, so that the lowest channel is not just the noisiest. @default 0 */
  readonly smooth?: number;
}

/** Room for {@link opening}. */
export interface OpeningWorkspace {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** [n] channels that may still be the lowest. */
  readonly queue: Uint32Array;
}

/** @param n - channels. */
export function createOpeningWorkspace(n: number): OpeningWorkspace {
  return { a: new Float64Array(n), b: new Float64Array(n), queue: new Uint32Array(n) };
}

/**
 * Morphological background: what a window of this width, pushed up from below, can fill (an erosion, then a dilation). Windows end at the
 * ends of the axis. It follows the lowest channels, and so lies below the mean of noisy ones.
 *
 * @param values - [n], finite.
 * @param options - see {@link OpeningOptions}.
 * @param out - [n] receives the background; must not be `values`.
 * @param work - of {@link createOpeningWorkspace}.
 * @returns `out`.
 * @throws RangeError for no channels, a value that is not finite, another length or a half width below 1.
 * @see Kneen and Annegarn, Nucl. Instrum. Methods Phys. Res. B 109 (1996) 209 (ball); Perez-Pueyo et al., Appl. Spectrosc. 64 (2010) 595 (mean).
 * @example
 * opening(Float64Array.of(1, 1, 9, 1, 1), { halfWidth: 1 }, new Float64Array(5)); // => Float64Array [1, 1, 1, 1, 1]
 */
export function opening(
  values: Float64Array,
  { halfWidth, shape = 'ball', smooth = 0 }: OpeningOptions,
  out: Float64Array,
  { a, b, queue }: OpeningWorkspace = createOpeningWorkspace(values.length),
): Float64Array {
  const n = values.length;
  if (n === 0) throw refusal('EmptyInput', 'a background of no channels');
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (!Number.isInteger(halfWidth) || halfWidth < 1)
    throw refusal('OutOfRange', `halfWidth is ${halfWidth}, expected an integer >= 1`);
  checkFinite(values, 'values');
  movingMean(values, smooth, a);
  lowest(a, halfWidth, 1, queue, b);
  lowest(b, halfWidth, -1, queue, out);
  if (shape === 'ball') {
    a.set(out);
    return movingMean(a, halfWidth, out);
  }
  lowest(out, halfWidth, 1, queue, a);
  lowest(out, halfWidth, -1, queue, b);
  for (let i = 0; i < n; i++) out[i] = Math.min(out[i]!, 0.5 * (a[i]! + b[i]!));
  return out;
}

/** Lowest (`sign` 1) or highest (-1) value within `half` channels; one comparison or two per channel, however wide the window. */
function lowest(values: Float64Array, half: number, sign: 1 | -1, queue: Uint32Array, out: Float64Array): void {
  const n = values.length;
  let head = 0;
  let tail = 0;
  for (let i = 0; i < n + half; i++) {
    if (i < n) {
      while (tail > head && sign * values[queue[tail - 1]!]! >= sign * values[i]!) tail--;
      queue[tail++] = i;
    }
    const centre = i - half;
    if (centre < 0) continue;
    while (queue[head]! < centre - half) head++;
    out[centre] = values[queue[head]!]!;
  }
}

/** Mean over `half` channels on either side, fewer at the ends. `out` must not be `values`. */
function movingMean(values: Float64Array, half: number, out: Float64Array): Float64Array {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < Math.min(half, n); i++) sum += values[i]!;
  for (let i = 0; i < n; i++) {
    if (i + half < n) sum += values[i + half]!;
    if (i > half) sum -= values[i - half - 1]!;
    out[i] = sum / (Math.min(i + half, n - 1) - Math.max(i - half, 0) + 1);
  }
  return out;
}
