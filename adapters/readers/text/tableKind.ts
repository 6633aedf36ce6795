import { isAxisLabel, splitUnit } from './meaning.ts';
import { isComment, numbersIn, tableForm, type TableForm } from './tableForm.ts';

/** 'columns': an axis and values beside it; 'long': each line a point of one of many spectra; 'log': slow signals over time. */
export type TableKind = 'columns' | 'long' | 'log';

export interface KnownTable {
  readonly form: TableForm;
  readonly kind: TableKind;
}

const LEAST_SHARE = 0.9;
const TIME_LABEL =
  /^(?:date[ _]?time|date|time|t|elapsed.*|timestamp|time[ _]?stamp|epoch|unix.*|seconds|clock|.*[ _]time)$/i;

/** Whether a label speaks of time. */
export function isTimeLabel(label: string): boolean {
  const { name } = splitUnit(label);
  // A capital T is a temperature.
  return name !== 'T' && TIME_LABEL.test(name);
}

/** What kind of table a text is; null when it is none. @param lines - Of its beginning. */
export function tableKind(lines: readonly string[]): KnownTable | null {
  const form = tableForm(lines);
  if (form === null) return null;
  const rows: number[][] = [];
  let others = 0;
  for (const line of lines.slice(form.first)) {
    if (line.trim() === '' || isComment(line)) continue;
    const numbers = numbersIn(line, form);
    if (numbers === null) others++;
    else rows.push(numbers);
  }
  if (rows.length < LEAST_SHARE * (rows.length + others)) return null;
  if (isLong(form, rows)) return { form, kind: 'long' };
  if (form.names !== null && isLog(form.names)) return { form, kind: 'log' };
  const axis = axisColumn(form);
  return isOrdered(rows.map((row) => row[axis] ?? NaN)) ? { form, kind: 'columns' } : null;
}

/** The column that is the axis: the first whose label says so, a shift or an energy rather than a number of a pixel. */
export function axisColumn({ names }: Pick<TableForm, 'names'>): number {
  if (names === null) return 0;
  const rank = (label: string): number => {
    const { name } = splitUnit(label);
    if (!isAxisLabel(label)) return 9;
    if (/shift/i.test(name)) return 0;
    if (/bind|kinetic|energy|theta|2th|tth|angle|^q$/i.test(name)) return 1;
    return /pixel|channel/i.test(name) ? 3 : 2;
  };
  const ranks = names.map(rank);
  const best = Math.min(...ranks);
  return best === 9 ? 0 : ranks.indexOf(best);
}

/** A time stands in front and no axis beside it. */
const isLog = (names: readonly string[]): boolean =>
  names.slice(0, 3).some(isTimeLabel) && !names.some((name) => isAxisLabel(name) && !isTimeLabel(name));

/** Columns in front that stay the same while the next one runs. */
export function leadingColumns(rows: readonly (readonly number[])[], columnCount: number): number {
  let leading = 0;
  while (leading < columnCount - 2) {
    const k = leading;
    let repeats = 0;
    for (let i = 1; i < rows.length; i++) if (rows[i]![k] === rows[i - 1]![k]) repeats++;
    if (repeats < 0.6 * (rows.length - 1)) break;
    leading++;
  }
  return leading;
}

const isLong = ({ columnCount }: TableForm, rows: readonly (readonly number[])[]): boolean =>
  columnCount >= 3 && columnCount <= 6 && rows.length >= 6 && leadingColumns(rows, columnCount) > 0;

/** Goes one way at least twice as often as the other. */
function isOrdered(x: readonly number[]): boolean {
  let [up, down] = [0, 0];
  for (let i = 1; i < x.length; i++) {
    if (x[i]! > x[i - 1]!) up++;
    if (x[i]! < x[i - 1]!) down++;
  }
  return Math.max(up, down) >= 2 * Math.min(up, down) && up + down > 0;
}
