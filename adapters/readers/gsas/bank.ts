import { parseNumber } from '../../ascii/numbers.ts';
import { evenly, MAX_CHANNELS } from '../binary/grid.ts';
import type { Oddities } from '../text/oddities.ts';
import type { Points } from '../text/spectrum.ts';
import { isComment } from '../text/tableForm.ts';
import { brokenLine } from '../text/textFile.ts';

const COUNTS_FIELD = /(.{2})(.{1,6})/g;
const ESD_FIELD = /.{1,8}/g;
const PER_DEGREE = 100;
const KINDS = ['FXYE', 'FXY', 'ESD', 'STD'];

/** One bank of a GSAS file. */
export interface Bank {
  readonly number: number;
  /** From 1. */
  readonly line: number;
  readonly axis: { readonly name: string; readonly unit: string };
  readonly points: Points;
}

/**
 * A bank: its line and the numbers below it. Angles of constant-wavelength data are hundredths of a degree, times of
 * flight microseconds.
 *
 * @throws MonitorError naming file and line.
 */
export function readBank(lines: readonly string[], start: number, end: number, path: string, oddities: Oddities): Bank {
  const words = lines[start]!.trim().split(/\s+/);
  const number = Number(words[1]);
  const declared = Number(words[2]);
  const binning = words[4] ?? '';
  const kind = /^[A-Z]+$/.test(words.at(-1)!) && words.length > 5 ? words.at(-1)! : 'STD';
  if (!KINDS.includes(kind))
    throw brokenLine(path, start + 1, `numbers written as ${kind}, expected ${KINDS.join(', ')}`);
  const [first = NaN, step = NaN] = words.slice(5).map(Number);
  if (!(declared > 0) || declared > MAX_CHANNELS)
    throw brokenLine(path, start + 1, `a bank of ${words[2]} points, expected 1 to ${MAX_CHANNELS}`);
  const rows: number[] = [];
  let bad: number | null = null;
  for (let i = start + 1; i < end && rows.length < 3 * declared; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || isComment(line)) continue;
    if (!takeNumbers(line, kind, rows)) bad ??= i + 1;
  }
  if (bad !== null && rows.length === 0) throw brokenLine(path, bad, 'expected numbers');
  if (bad !== null) oddities.note(`line ${bad} does not hold the numbers of a point and is left out`);
  const isTime = /^(?:SLOG|RALF|TIME_MAP|LPSD)/.test(binning);
  if (isTime && !(kind === 'FXYE' || kind === 'FXY'))
    throw brokenLine(path, start + 1, `binning ${binning} of times of flight without an axis is not read`);
  const axis = isTime ? { name: 'timeOfFlight', unit: 'us' } : { name: 'twoTheta', unit: 'deg' };
  const points = pointsOf(rows, kind, declared, { first, step, scale: isTime ? 1 : PER_DEGREE });
  if (points.values.length === 0) throw brokenLine(path, start + 1, 'a bank without points');
  if (points.values.length < declared)
    oddities.note(`bank ${number} is cut short: ${points.values.length} of ${declared} points`);
  return { number, line: start + 1, axis, points };
}

/** The numbers of a line; false when there is anything else in it. STD and ESD may have columns of fixed width without gaps. */
function takeNumbers(line: string, kind: string, rows: number[]): boolean {
  const spaced = (): (number | null)[] =>
    line
      .trim()
      .split(/\s+/)
      .map((field) => parseNumber(field, '.'));
  if (kind === 'STD')
    return (
      takeCounts(line, rows) ||
      takeAll(
        spaced().flatMap((counts) => [counts, 1]),
        rows,
      )
    );
  const fixed =
    kind === 'ESD' ? (line.trimEnd().match(ESD_FIELD) ?? []).map((field) => parseNumber(field.trim(), '.')) : [];
  const isFixed = fixed.length > 1 && fixed.every(isFinite);
  const numbers = isFixed ? fixed : spaced();
  if (kind === 'FXYE' && numbers.length < 3) return false;
  return takeAll(kind === 'FXYE' ? numbers.slice(0, 3) : numbers, rows);
}

const isFinite = (value: number | null): boolean => value !== null && Number.isFinite(value);

function takeAll(numbers: readonly (number | null)[], rows: number[]): boolean {
  if (numbers.includes(null)) return false;
  for (const value of numbers) rows.push(value!);
  return true;
}

/** Pairs of the number of detectors (2 places, blank for 1) and the counts (6 places). */
function takeCounts(line: string, rows: number[]): boolean {
  const pairs: (number | null)[] = [];
  for (const [, detectors = '', counts = ''] of line.trimEnd().matchAll(COUNTS_FIELD)) {
    const many = parseNumber(detectors.trim(), '.');
    pairs.push(parseNumber(counts.trim(), '.'), many === null || many > 0 ? many : 1);
  }
  return pairs.length > 0 && pairs.every(isFinite) && takeAll(pairs, rows);
}

function pointsOf(
  rows: readonly number[],
  kind: string,
  declared: number,
  { first, step, scale }: { first: number; step: number; scale: number },
): Points {
  const width = kind === 'FXYE' ? 3 : 2;
  const count = Math.min(declared, Math.floor(rows.length / width));
  const column = (k: number): Float64Array => Float64Array.from({ length: count }, (_, i) => rows[i * width + k]!);
  const squares = (k: number): Float64Array => column(k).map((sigma) => sigma * sigma);
  if (kind === 'FXYE')
    return { coordinates: column(0).map((x) => x / scale), values: column(1), variances: squares(2) };
  if (kind === 'FXY') return { coordinates: column(0).map((x) => x / scale), values: column(1) };
  const coordinates = evenly(count, first, step).map((x) => x / scale);
  if (kind === 'ESD') return { coordinates, values: column(0), variances: squares(1) };
  return {
    coordinates,
    values: column(0),
    variances: column(0).map((counts, i) => Math.max(1, counts) / column(1)[i]!),
  };
}
