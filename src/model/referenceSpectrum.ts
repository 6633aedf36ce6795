import { baselineOn, parseBaseline } from './baseline.ts';
import { xdiAbsorption } from './xdiAbsorption.ts';
import { axisLength, channelCentre, fastAxis, type Layout } from './layout.ts';

/** A spectrum of known state, on the channels of a layout. */
export interface ReferenceSpectrum {
  /** [n] any scale; of two references of the same kind of file, the same. */
  readonly values: Float64Array;
  /** [n]; null when the file says nothing of them, and the spectrum is taken for exact. */
  readonly variances: Float64Array | null;
}

/**
 * Reads the spectrum of a reference file: a baseline (`operando baseline`), per second of exposure; or text, one channel
 * per line, `position value [standard deviation]`, positions rising, interpolated linearly; `#` begins a comment. The header of
 * an XDI file says how its columns give the absorption.
 *
 * @param bytes - UTF-8.
 * @param what - what it is called in refusals: 'intact', 'damaged'.
 * @throws RangeError naming the first place that is wrong, or the channel that the file does not cover.
 */
export function parseReferenceSpectrum(bytes: Uint8Array, layout: Layout, what: string): ReferenceSpectrum {
  const text = new TextDecoder().decode(bytes);
  return text.trimStart().startsWith('{') ? fromBaseline(bytes, layout) : fromColumns(text, layout, what);
}

function fromBaseline(bytes: Uint8Array, layout: Layout): ReferenceSpectrum {
  const { sum, sumOfSquares, frames, exposureUs, noise } = baselineOn(parseBaseline(bytes), layout);
  const seconds = exposureUs * 1e-6;
  const scatter = (i: number): number =>
    Math.max(0, (sumOfSquares[i] - sum[i] ** 2 / frames) * (frames / Math.max(1, frames - 1)));
  const isCounts = noise === 'poisson';
  return {
    values: sum.map((value) => value / seconds),
    variances:
      isCounts || frames > 1
        ? sum.map((value, i) => (isCounts ? Math.max(value, 1) : scatter(i)) / seconds ** 2)
        : null,
  };
}

function fromColumns(text: string, layout: Layout, what: string): ReferenceSpectrum {
  const rows: number[][] = [];
  const absorption = xdiAbsorption(text);
  text.split(/\r?\n/).forEach((line, k) => {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') return;
    const numbers = words.split(/[\s,;]+/).map(Number);
    const row = absorption === null ? numbers : [numbers[0] ?? NaN, absorption(numbers)];
    const last = rows.length === 0 ? undefined : rows[rows.length - 1];
    if (row.length < 2 || row.length > 3 || !row.every(Number.isFinite))
      throw new RangeError(`line ${k + 1} of ${what} is '${words}', expected 'position value [standard deviation]'`);
    if (last !== undefined && (row[0] <= last[0] || row.length !== last.length))
      throw new RangeError(`line ${k + 1} of ${what} is '${words}', expected a rising position and as many columns`);
    rows.push(row);
  });
  if (rows.length < 2) throw new RangeError(`${what} has ${rows.length} channels, expected 2 at least`);
  const axis = fastAxis(layout);
  const n = axisLength(axis);
  const values = new Float64Array(n);
  const variances = new Float64Array(n);
  let j = 0;
  for (let i = 0; i < n; i++) {
    const x = channelCentre(axis, i);
    while (j < rows.length - 2 && rows[j + 1][0] < x) j++;
    const [from, to] = [rows[j], rows[j + 1]];
    const share = (x - from[0]) / (to[0] - from[0]);
    if (share < -1e-3 || share > 1 + 1e-3)
      throw new RangeError(
        `${what} has no channel at ${x} ${axis.unit}, it goes from ${rows[0][0]} to ${rows[rows.length - 1][0]}`,
      );
    values[i] = from[1] + share * (to[1] - from[1]);
    variances[i] = Math.max(from[2] ?? 0, to[2] ?? 0) ** 2;
  }
  return { values, variances: rows[0].length === 3 ? variances : null };
}
