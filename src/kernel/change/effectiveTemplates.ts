import { normalTail } from './normalTail.ts';
import type { TemplateBank } from './templateBank.ts';
import type { TemplateDirections } from './templateDirections.ts';

/** Standard deviations at which templates are counted: where thresholds usually lie. */
const LEVEL = 5.2;

/**
 * How many independent templates would give as many false alarms as a bank of overlapping ones: each counts for the
 * probability that it exceeds a level which its neighbour, of the same width or of the next, does not.
 *
 * @param variances - [n] as the directions were laid with.
 * @see Adler and Taylor, Random Fields and Geometry, Springer 2007 (counting maxima by upcrossings).
 */
export function effectiveTemplates(
  bank: TemplateBank,
  directions: TemplateDirections,
  variances: Float64Array,
): number {
  const { count, peaks, widths, centres } = bank;
  let total = 0;
  for (let j = 0; j < count; j++) {
    if (directions.doubt[j] === Infinity) continue;
    if (j >= peaks) {
      total++;
      continue;
    }
    let before = -1;
    let narrower = -1;
    for (let k = j - 1; k >= 0 && centres[k]! > centres[j]! - 2 * widths[j]!; k--) {
      if (before < 0 && widths[k] === widths[j]) before = k;
      if (widths[k]! < widths[j]! && (narrower < 0 || widths[k]! > widths[narrower]!)) narrower = k;
    }
    for (let k = j + 1; k < peaks && centres[k]! < centres[j]! + 0.5 * widths[j]!; k++)
      if (widths[k]! < widths[j]! && (narrower < 0 || nearer(centres, k, narrower, j))) narrower = k;
    total += own(before) * own(narrower);

    function own(k: number): number {
      return k < 0 ? 1 : shareOver(correlation(bank, directions, variances, j, k));
    }
  }
  return Math.max(total, 1);
}

const nearer = (centres: Float64Array, k: number, than: number, j: number): boolean =>
  Math.abs(centres[k]! - centres[j]!) < Math.abs(centres[than]! - centres[j]!);

/** Probability that a normal number exceeding LEVEL leaves a neighbour of correlation rho below it. */
function shareOver(rho: number): number {
  if (rho >= 1) return 0;
  const spread = Math.sqrt(1 - rho * rho);
  let sum = 0;
  for (let k = 0; k < 16; k++) {
    // Above a high level the excess is exponential: its 16 equally likely values.
    const excess = -Math.log((k + 0.5) / 16) / LEVEL;
    sum += 1 - normalTail((LEVEL - rho * (LEVEL + excess)) / spread);
  }
  return sum / 16;
}

/** Correlation of the local parts of two directions. */
function correlation(
  { first, length, offsets }: TemplateBank,
  { local }: TemplateDirections,
  variances: Float64Array,
  a: number,
  b: number,
): number {
  const from = Math.max(first[a]!, first[b]!);
  const to = Math.min(first[a]! + length[a]!, first[b]! + length[b]!);
  let both = 0;
  for (let i = from; i < to; i++)
    both += local[offsets[a]! + i - first[a]!]! * local[offsets[b]! + i - first[b]!]! * variances[i]!;
  return both / Math.sqrt(norm(a) * norm(b));

  function norm(j: number): number {
    let sum = 0;
    for (let i = 0; i < length[j]!; i++) sum += local[offsets[j]! + i]! ** 2 * variances[first[j]! + i]!;
    return sum > 0 ? sum : Infinity;
  }
}
