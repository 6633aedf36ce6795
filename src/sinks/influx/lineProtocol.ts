import { sendableFields } from './point.ts';
import type { FieldValue, Point, Series } from './point.ts';

/** Escaped heads of lines, "measurement,tag=value", by series: a run has few and many points of each. */
const heads = new WeakMap<Series, string>();

/**
 * One line of InfluxDB's line protocol, without its end; time stamps in microseconds. Every number is a float, so that a field
 * never changes its type. Null when the point has no field that can be sent.
 */
export function lineOf(point: Point): string | null {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(sendableFields(point)))
    fields.push(`${escapeName(name)}=${fieldText(value)}`);
  if (fields.length === 0) return null;
  return `${headOf(point.series)} ${fields.join(',')} ${point.timeUs}`;
}

/** Name of the measurement of a line, as it is written. */
export function measurementOf(line: string): string {
  return /^(?:\\.|[^,\s\\])*/.exec(line)?.[0] ?? '';
}

function headOf(series: Series): string {
  let head = heads.get(series);
  if (head === undefined) {
    const tags = Object.entries(series.tags).sort(([a], [b]) => (a < b ? -1 : 1));
    head = [
      series.measurement.replace(/[,\s]/g, '\\$&'),
      ...tags.map(([name, value]) => `${escapeName(name)}=${escapeName(value)}`),
    ].join(',');
    heads.set(series, head);
  }
  return head;
}

/** Tag names, tag values and field names. */
const escapeName = (text: string): string => (/[,=\s]/.test(text) ? text.replace(/[,=\s]/g, '\\$&') : text);

function fieldText(value: FieldValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  // A line ends with a line feed, also inside a text that an older server reads.
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/\r?\n/g, ' ')}"`;
}
