import { CHANNEL_NAMES } from './point.ts';
import type { FieldValue, Point, Series } from './point.ts';

/** Escaped heads of lines, "measurement,tag=value", by series: a run has few and many points of each. */
const heads = new WeakMap<Series, string>();
const MOST_NAMES = 10_000;

/**
 * One line of InfluxDB's line protocol, without its end; time stamps in microseconds. Every number is a float, so that a field
 * never changes its type. Null when the point has no field that can be sent.
 */
export function lineOf({ series, fields, channels, timeUs }: Point): string | null {
  let text = '';
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'number' || Number.isFinite(value)))
      text += `${text === '' ? ' ' : ','}${escapeName(name)}=${fieldText(value)}`;
  }
  if (channels !== undefined)
    for (let i = 0; i < channels.length; i++)
      if (Number.isFinite(channels[i])) text += `${text === '' ? ' ' : ','}${CHANNEL_NAMES[i]}=${channels[i]}`;
  return text === '' ? null : `${headOf(series)}${text} ${timeUs}`;
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

/** Escaped names: a run has few. */
const escaped = new Map<string, string>();

/** Tag names, tag values and field names. */
function escapeName(text: string): string {
  const known = escaped.get(text);
  if (known !== undefined) return known;
  const made = text.replace(/[,=\s]/g, '\\$&');
  if (escaped.size >= MOST_NAMES) escaped.clear();
  escaped.set(text, made);
  return made;
}

function fieldText(value: FieldValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  // A line ends with a line feed, also inside a text that an older server reads.
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/\r?\n/g, ' ')}"`;
}
