import { refusal } from '../refusal.ts';
import { peakPlaces, REACH, SIGMA, spanAt } from './peakPlaces.ts';

/** A group of lines that come and go together: a phase, an element. */
export interface LineSet {
  readonly name: string;
  /** True positions, axis units, >= 1 of them. */
  readonly positions: readonly number[];
  /** Relative intensities, as many as positions; all alike when absent. */
  readonly intensities?: readonly number[] | undefined;
  /** Full width at half maximum of each line, axis units. */
  readonly fwhm: number;
}

/** What may happen to a spectrum: the shapes that are looked for. */
export interface TemplateBank {
  /** Templates, T. */
  readonly count: number;
  /** The first `peaks` of them are single peaks, in blocks along the axis; line sets follow, then the contrast. */
  readonly peaks: number;
  /** [T] true position of a single peak, axis units; NaN for other templates. */
  readonly centres: Float64Array;
  /** [T] full width at half maximum, axis units. */
  readonly widths: Float64Array;
  readonly sets: readonly LineSet[];
  /** Whether the last template is the contrast of all peaks against the background. */
  readonly hasContrast: boolean;
  /** [T + 1] where a template's values begin in `shapes`. */
  readonly offsets: Int32Array;
  /** [T] first channel of a template's values, and how many there are: of the shift they were laid for. */
  readonly first: Int32Array;
  readonly length: Int32Array;
  /** [offsets[T]] values of the shapes, each 1 at its highest. */
  readonly shapes: Float64Array;
}

export interface TemplateOptions {
  /** [n] channel centres, strictly increasing. */
  readonly x: Float64Array;
  /** Widths (FWHM) of the single peaks looked for, axis units; none for no single peaks. */
  readonly fwhm: readonly number[];
  readonly sets: readonly LineSet[];
  /** Look for all peaks growing or decaying together against the background. */
  readonly contrast: boolean;
}

/** Standard deviations between neighbouring peak templates: closer ones cost more in false alarms than they find. */
const PACE = 1;

/**
 * Makes room for the templates of an axis. Their values are laid by {@link layTemplates}.
 *
 * Single peaks stand one standard deviation apart, at least one channel: a peak half-way between loses 6 % of its
 * information.
 *
 * @throws RangeError for a width that is not positive or a set without lines.
 */
export function createTemplateBank({ x, fwhm, sets, contrast }: TemplateOptions): TemplateBank {
  for (const width of [...fwhm, ...sets.map((set) => set.fwhm)])
    if (!(width > 0)) throw refusal('OutOfRange', `a width of ${width}, expected a positive number`);
  for (const { name, positions, intensities = positions } of sets)
    if (positions.length === 0 || intensities.length !== positions.length)
      throw refusal('LengthMismatch', `${name} has ${positions.length} lines and ${intensities.length} intensities`);
  const n = x.length;
  const pitch = n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1);
  const peaks = fwhm.flatMap((width) =>
    peakPlaces(x, Math.max(PACE * SIGMA * width, pitch)).map((at) => ({ at, width })),
  );
  peaks.sort((a, b) => a.at - b.at || a.width - b.width);
  const most = peaks.map(({ at, width }) => Math.min(n, spanAt(x, at, width).length + 2));
  const dense = sets.length + (contrast ? 1 : 0);
  const count = peaks.length + dense;
  const offsets = new Int32Array(count + 1);
  for (let j = 0; j < count; j++) offsets[j + 1] = offsets[j]! + (most[j] ?? n);
  const centres = new Float64Array(count).fill(NaN);
  const widths = new Float64Array(count).fill(NaN);
  peaks.forEach(({ at, width }, j) => {
    centres[j] = at;
    widths[j] = width;
  });
  return {
    count,
    peaks: peaks.length,
    centres,
    widths,
    sets,
    hasContrast: contrast,
    offsets,
    first: new Int32Array(count),
    length: new Int32Array(count),
    shapes: new Float64Array(offsets[count]!),
  };
}

/**
 * Lays the shapes for an axis that has drifted: a template at the true position c is at the channel that shows c.
 *
 * @param shift - added to the coordinates, axis units.
 * @param contrast - [n] the peaks of the reference alone; used when the bank has a contrast.
 */
export function layTemplates(bank: TemplateBank, x: Float64Array, shift: number, contrast: Float64Array): void {
  const { count, peaks, centres, widths, sets, offsets, first, length, shapes } = bank;
  const n = x.length;
  for (let j = 0; j < peaks; j++) {
    const at = centres[j]! - shift;
    const span = spanAt(x, at, widths[j]!);
    first[j] = span.first;
    length[j] = Math.min(span.length, offsets[j + 1]! - offsets[j]!);
    const scale = 1 / (SIGMA * widths[j]!);
    for (let i = 0; i < length[j]!; i++) {
      const u = (x[span.first + i]! - at) * scale;
      shapes[offsets[j]! + i] = Math.exp(-0.5 * u * u);
    }
  }
  for (let j = peaks; j < count; j++) {
    length[j] = n;
    const out = shapes.subarray(offsets[j]!, offsets[j + 1]!);
    const set = sets[j - peaks];
    if (set === undefined) out.set(contrast);
    else {
      const scale = 1 / (SIGMA * set.fwhm);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let l = 0; l < set.positions.length; l++) {
          const u = (x[i]! + shift - set.positions[l]!) * scale;
          if (Math.abs(u) < 2 * REACH) sum += (set.intensities?.[l] ?? 1) * Math.exp(-0.5 * u * u);
        }
        out[i] = sum;
      }
    }
  }
}

/** [blocks + 1] first template of each block of single peaks, blocks of about `width`. */
export function peakBlocks({ peaks, centres }: TemplateBank, width: number): Int32Array {
  const starts: number[] = [];
  let from = -Infinity;
  for (let j = 0; j < peaks; j++)
    if (centres[j]! >= from + width) {
      starts.push(j);
      from = centres[j]!;
    }
  return Int32Array.from([...starts, peaks]);
}
