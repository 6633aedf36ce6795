import { readFileSync, statSync } from 'node:fs';
import { parseTable } from '../../../adapters/ascii/table.ts';
import { parseBaseline } from '../../model/baseline.ts';
import { MonitorError } from '../../model/error.ts';
import { channelCentres, checkAxis, fastAxis, type Layout } from '../../model/layout.ts';
import type { TransferAxis } from '../../model/transferFile.ts';
import { openRecording } from '../../recording/reader.ts';

/** The standards that one instrument measured. */
export interface MeasuredStandards {
  readonly axis: TransferAxis;
  /** [standards] of [channels]. */
  readonly rows: readonly Float64Array[];
  /** Whether values count per second of exposure or as a file has them. */
  readonly per: 'second' | 'frame';
}

export interface ReadingStandards {
  /** Which stream of a recording; null when there is one only. */
  readonly stream: string | null;
  /** Every frame of a recording is a standard; otherwise their mean is one. */
  readonly eachFrame: boolean;
  /** Name and unit of the axis of text files. */
  readonly axis: { readonly name: string; readonly unit: string };
}

/**
 * Reads standards, one or more from each path: a recording (directory), a baseline (JSON), or text, `position value` per line.
 *
 * @param what - 'master' or 'slave', for refusals.
 * @throws MonitorError when a path cannot be read, or the axes of one instrument differ.
 */
export function readStandards(paths: readonly string[], how: ReadingStandards, what: string): MeasuredStandards {
  const parts = paths.map((path) => readOne(path, how));
  const [first] = parts;
  if (first === undefined) throw new MonitorError('CONFIG', `no standard of the ${what}`, { id: what });
  for (const [k, part] of parts.entries()) {
    const place = { id: what, path: paths[k] ?? '' };
    const isSame =
      part.axis.unit === first.axis.unit &&
      part.axis.centres.length === first.axis.centres.length &&
      part.axis.centres.every((x, i) => Math.abs(x - (first.axis.centres[i] ?? 0)) <= 1e-9 * Math.max(1, Math.abs(x)));
    if (!isSame)
      throw new MonitorError('CONFIG', `has ${axisText(part.axis)}, the first standard ${axisText(first.axis)}`, place);
    if (part.per !== first.per)
      throw new MonitorError('CONFIG', `counts per ${part.per}, the first standard per ${first.per}`, place);
  }
  return { axis: first.axis, per: first.per, rows: parts.flatMap(({ rows }) => rows) };
}

const axisText = ({ unit, centres }: TransferAxis): string =>
  `${centres.length} channels from ${centres[0]} to ${centres[centres.length - 1]} ${unit}`;

function readOne(path: string, how: ReadingStandards): MeasuredStandards {
  const place = { id: 'standards', path };
  try {
    if (statSync(path).isDirectory()) return readRecording(path, how);
    const bytes = readFileSync(path);
    return bytes.subarray(0, 64).toString().trimStart().startsWith('{')
      ? fromBaseline(bytes)
      : fromText(path, bytes, how);
  } catch (cause) {
    if (cause instanceof MonitorError) throw cause;
    throw new MonitorError('CONFIG', cause instanceof Error ? cause.message : String(cause), place, { cause });
  }
}

function fromBaseline(bytes: Uint8Array): MeasuredStandards {
  const { axis, sum, exposureUs } = parseBaseline(bytes);
  return {
    axis: { name: 'axis', unit: axis.unit, centres: axis.centres },
    rows: [sum.map((value) => value / (exposureUs * 1e-6))],
    per: 'second',
  };
}

function fromText(path: string, bytes: Uint8Array, { axis }: ReadingStandards): MeasuredStandards {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const { columns } = parseTable(lines, [0, 1], { decimal: '.', delimiter: 'auto', comment: '#' }, path);
  const [centres = new Float64Array(), values = new Float64Array()] = columns;
  if (centres.length > 1 && (centres[0] ?? 0) > (centres[centres.length - 1] ?? 0))
    for (const column of [centres, values]) column.reverse();
  checkAxis({ ...axis, placement: 'centre', coordinates: centres });
  return { axis: { ...axis, centres }, rows: [values], per: 'frame' };
}

function readRecording(path: string, { stream, eachFrame }: ReadingStandards): MeasuredStandards {
  const place = { id: 'standards', path };
  const recording = openRecording(path);
  const names = Object.keys(recording.extent());
  const wanted = stream ?? names[0];
  if (wanted === undefined || !names.includes(wanted) || (stream === null && names.length > 1))
    throw new MonitorError('CONFIG', `name one of its streams with --stream: ${names.join(', ') || 'none'}`, place);
  let layout: Layout | null = null;
  let exposureUs = 0;
  const rows: Float64Array[] = [];
  for (const item of recording.items(undefined, undefined, { once: true })) {
    if (item.type !== 'frame' || item.stream !== wanted) continue;
    if (layout !== null && item.layout !== layout) throw new MonitorError('CONFIG', 'its axis changes', place);
    if (item.layout.axes.length !== 1 || item.mask?.includes(1) === true || !(item.exposureUs > 0))
      throw new MonitorError('CONFIG', `frame ${item.seq} is no whole, exposed spectrum`, place);
    ({ layout } = item);
    const { values } = item;
    const [sum] = rows;
    if (eachFrame || sum === undefined) rows.push(values.slice());
    else sum.forEach((value, i) => (sum[i] = value + (values[i] ?? 0)));
    const last = rows[rows.length - 1];
    if (eachFrame && last !== undefined) last.forEach((value, i) => (last[i] = value / (item.exposureUs * 1e-6)));
    exposureUs += item.exposureUs;
  }
  if (layout === null) throw new MonitorError('CONFIG', `there is no frame of ${wanted} in it`, place);
  const axis = fastAxis(layout);
  return {
    axis: { name: axis.name, unit: axis.unit, centres: channelCentres(axis) },
    rows: eachFrame ? rows : rows.map((row) => row.map((value) => value / (exposureUs * 1e-6))),
    per: 'second',
  };
}
