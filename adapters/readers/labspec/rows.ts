import { parseNumber, splitFields, type DecimalMark } from '../../ascii/numbers.ts';
import { MAX_CHANNELS } from '../binary/grid.ts';
import { brokenLine } from '../text/textFile.ts';

/** Fewer coordinates in a row make no axis of a spectrum. */
const LEAST_CHANNELS = 8;
const MOST_LEADING = 3;

/** The row of coordinates above rows of spectra. */
export interface AxisRow {
  readonly coordinates: Float64Array;
  /** Numbers before the values of each row: a time, or a position. */
  readonly leading: number;
  readonly decimal: DecimalMark;
}

/** Whether a line is coordinates and the next as many values, with up to three numbers before them. */
export function isAxisRow(line: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  const fields = trimmedFields(line);
  const below = trimmedFields(next);
  const leading = below.length - fields.length;
  if (fields.length < LEAST_CHANNELS || leading < 1 || leading > MOST_LEADING) return false;
  const decimal = decimalOf(line);
  const x = fields.map((field) => parseNumber(field, decimal) ?? NaN);
  return isMonotonic(x) && below.every((field) => parseNumber(field, decimal) !== null);
}

/** @throws MonitorError naming file and line when it is no row of coordinates. */
export function axisRow(line: string, next: string, path: string, lineNumber: number): AxisRow {
  const decimal = decimalOf(line);
  const fields = trimmedFields(line);
  const coordinates = Float64Array.from(fields, (field) => parseNumber(field, decimal) ?? NaN);
  if (coordinates.length > MAX_CHANNELS) throw brokenLine(path, lineNumber, `more than ${MAX_CHANNELS} coordinates`);
  const bad = coordinates.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0 || coordinates.length === 0)
    throw brokenLine(path, lineNumber, `expected coordinates, found '${fields[Math.max(0, bad)]?.slice(0, 40)}'`);
  // A first row that is cut short says less of what stands before the values than the empty fields of the axis.
  const blank = line.split('\t').findIndex((field) => field.trim() !== '');
  const leading = line.includes('\t') && blank > 0 ? blank : trimmedFields(next).length - fields.length;
  return { coordinates, leading: Math.max(0, Math.min(MOST_LEADING, leading)), decimal };
}

/** The numbers before the values and the values, or what is wrong with them. */
export function rowNumbers(line: string, { coordinates, leading, decimal }: AxisRow): Float64Array | string {
  const fields = trimmedFields(line);
  const expected = leading + coordinates.length;
  if (fields.length !== expected) return `${fields.length} numbers, expected ${expected}`;
  const numbers = Float64Array.from(fields, (field) => parseNumber(field, decimal) ?? Infinity);
  const bad = fields.findIndex((field) => parseNumber(field, decimal) === null);
  return bad >= 0 ? `'${fields[bad]!.slice(0, 40)}' is no number` : numbers;
}

const trimmedFields = (line: string): string[] => splitFields(line.trim(), 'auto', decimalOf(line));
const decimalOf = (line: string): DecimalMark =>
  /\d,\d/.test(line) && /[\t;]/.test(line) && !line.includes('.') ? ',' : '.';

function isMonotonic(x: readonly number[]): boolean {
  const sign = Math.sign(x[1]! - x[0]!);
  return (
    sign !== 0 && x.every((value, i) => Number.isFinite(value) && (i === 0 || Math.sign(value - x[i - 1]!) === sign))
  );
}
