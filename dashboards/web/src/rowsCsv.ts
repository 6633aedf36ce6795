import type { LayoutMessage, TrackInfo } from '../../../src/server/protocol.ts';
import type { RowStore } from './rowStore.ts';

export interface RowsCsvOptions {
  readonly rows: RowStore;
  readonly layout: LayoutMessage;
  readonly tracks: readonly TrackInfo[];
  /** Rows from the first to before the last. */
  readonly from: number;
  readonly to: number;
  /** Part of the spectral axis, in its unit. */
  readonly range: readonly [number, number];
  /** Lines at the top: name and text. */
  readonly about: readonly (readonly [name: string, text: string])[];
}

/**
 * Rows as CSV, full precision: times in ISO 8601 UTC with microseconds, one line per row and quantity ('counts', and
 * 'expected' and 'variance' where there is a reference), sums over the frames of the row; one column per channel, headed
 * by its middle. Lines that begin with '#' say what it is.
 */
export function rowsCsv({ rows, layout, tracks, from, to, range, about }: RowsCsvOptions): string {
  const { edges } = layout;
  const middles = Array.from({ length: rows.channels }, (_, j) => 0.5 * (edges[j]! + edges[j + 1]!));
  const first = middles.findIndex((x) => x >= range[0] && x <= range[1]);
  const inside = middles.filter((x) => x >= range[0] && x <= range[1]).length;
  const lines = about.map(([name, text]) => `# ${name}: ${text.replaceAll(/[\r\n]+/g, ' ')}`);
  lines.push(`# columns from the ${FIXED.length + tracks.length + 1}th on: ${layout.axisName}, ${layout.axisUnit}`);
  lines.push([...FIXED, ...tracks.map(trackName), ...middles.slice(first, first + inside)].map(field).join());
  for (let row = from; row < to; row++) {
    const at = rows.slot(row) * rows.channels + first;
    const start = [isoMicros(rows.startUs(row)), isoMicros(rows.endUs(row))];
    const end = [rows.lastSeq(row), rows.frames(row), rows.lost(row)];
    const readings = tracks.map((_, k) => numberText(0.5 * (rows.trackMin(row, k) + rows.trackMax(row, k))));
    const write = (quantity: string, values: Float32Array) =>
      lines.push([...start, quantity, ...end, ...readings, ...values.subarray(at, at + inside)].join());
    write('counts', rows.counts);
    if (!rows.isReferenced(row)) continue;
    write('expected', rows.expected);
    write('variance', rows.variance);
  }
  return `${lines.join('\n')}\n`;
}

const FIXED = ['start_utc', 'last_frame_utc', 'quantity', 'last_seq', 'frames', 'lost'] as const;

function trackName({ kind, name, unit }: TrackInfo): string {
  const what = kind === 'statistic' ? `${name} over threshold` : kind === 'context' ? name : `${name} ${kind}`;
  return unit === '1' || unit === '' ? what : `${what} [${unit}]`;
}

/** A spreadsheet takes what begins with '=', '+', '-' or '@' for a formula: a name from outside must not be one. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : '');

/** '2026-11-18T11:06:40.000000Z' */
export function isoMicros(timeUs: number): string {
  const seconds = Math.floor(timeUs / 1e6);
  const micros = String(Math.floor(timeUs - seconds * 1e6)).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}Z`;
}
