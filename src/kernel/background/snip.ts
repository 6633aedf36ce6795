import { refusal } from '../refusal.ts';
import { clipPasses } from './clipPasses.ts';
import { inverseLls, lls } from './lls.ts';

export interface SnipOptions {
  /** Largest clipping distance in channels, integer >= 1; at least the full width of the widest peak. Larger gives a lower, smoother background. */
  readonly halfWidth: number;
  /** 'decreasing' clips from halfWidth down to 1 and is smoother (Morhac); 'increasing' from 1 up. @default 'decreasing' */
  readonly order?: 'decreasing' | 'increasing';
  /** Clip the log-log-square-root transformed counts: for peaks of very different heights. @default true */
  readonly lls?: boolean;
}

/**
 * Statistics-sensitive non-linear iterative peak-clipping (SNIP) background.
 *
 * For each distance p: v(i) = min(v(i), (v(i - p) + v(i + p)) / 2), all i from the values of the previous pass; the p channels
 * nearest each end stay as they are.
 *
 * @param counts - [n], finite; with `lls`, values below 0 count as 0.
 * @param options - see {@link SnipOptions}; a halfWidth above (n - 1) / 2 works as that.
 * @param out - [n] receives the background, in counts; allocated when absent; must not be `counts`.
 * @returns `out`; one or two channels are their own background.
 * @throws RangeError for no channels, a non-finite value, another length, a halfWidth below 1, or `out` being `counts`.
 * @see Ryan et al., Nucl. Instrum. Methods Phys. Res. B 34 (1988) 396; Morhac et al., Nucl. Instrum. Methods Phys. Res. A 401 (1997) 113.
 * @example
 * snip(Float64Array.of(1, 1, 9, 1, 1), { halfWidth: 1, lls: false }); // => Float64Array [1, 1, 1, 1, 1]
 */
export function snip(
  counts: Float64Array,
  options: SnipOptions,
  out: Float64Array = new Float64Array(counts.length),
): Float64Array {
  const { halfWidth, order = 'decreasing', lls: transforms = true } = options;
  const n = counts.length;
  if (n === 0) throw refusal('EmptyInput', 'a background of no channels');
  if (out === counts) throw refusal('OutOfRange', 'out is counts itself, expected another array');
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (!Number.isInteger(halfWidth) || halfWidth < 1)
    throw refusal('OutOfRange', `halfWidth is ${halfWidth}, expected an integer >= 1`);
  for (let i = 0; i < n; i++)
    if (counts[i]! - counts[i]! !== 0)
      throw refusal('NonFiniteInput', `counts[${i}] is ${counts[i]}, expected a finite number`);

  if (transforms) lls(counts, out);
  else out.set(counts);
  const widest = Math.min(halfWidth, (n - 1) >> 1);
  clipPasses(out, widest, order);
  return transforms ? inverseLls(out, out) : out;
}
