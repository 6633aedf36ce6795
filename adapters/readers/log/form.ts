import { parseNumber, type DecimalMark } from '../../ascii/numbers.ts';
import { stampIn } from '../text/headerFacts.ts';
import { splitUnit, textUnit } from '../text/meaning.ts';
import { fieldsOf, isComment } from '../text/tableForm.ts';
import { isTimeLabel, tableKind } from '../text/tableKind.ts';

const LEAST_ROWS = 2;
const MOST_SIGNALS = 1000;
const STAMP = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ,]+\d{1,2}:\d{2}/;

/** How a log is written. */
export interface LogForm {
  readonly decimal: DecimalMark;
  /** Number of the first line of values, from 0. */
  readonly first: number;
  readonly header: readonly string[];
  /** Column of the time, and what it is called. */
  readonly time: { readonly at: number; readonly label: string; readonly isStamp: boolean };
  readonly signals: readonly { readonly at: number; readonly name: string; readonly unit: string }[];
  /** Of dates with slashes; null where they are written otherwise. */
  readonly slashOrder: 'dmy' | 'mdy' | null;
  /** Day and month cannot be told apart. */
  readonly isAmbiguous: boolean;
}

export const logFields = (line: string, { decimal }: Pick<LogForm, 'decimal'>): string[] =>
  joinDates(fieldsOf(line, 'auto', decimal));

/** 'auto' splits a date from its time of day where blanks separate the fields. */
function joinDates(fields: readonly string[]): string[] {
  const at = fields.findIndex(
    (field, i) =>
      /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(field) && /^\d{1,2}:\d{2}(?::\d{2})?/.test(fields[i + 1] ?? ''),
  );
  return at < 0 ? [...fields] : [...fields.slice(0, at), `${fields[at]} ${fields[at + 1]}`, ...fields.slice(at + 2)];
}

/** A time and at least one value stand where they should. */
export const isLogRow = (fields: readonly string[], { time, decimal }: LogForm): boolean =>
  fields.length > 1 &&
  (time.isStamp ? STAMP.test(fields[time.at] ?? '') : parseNumber(fields[time.at] ?? 'x', decimal) !== null);

/** How the log in these lines is written; null when it is none. */
export function logForm(lines: readonly string[]): LogForm | null {
  return stampedForm(lines) ?? countedForm(lines);
}

/** Times that are dates: the first lines that hold one in the same column. */
function stampedForm(lines: readonly string[]): LogForm | null {
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.trim() === '' || isComment(lines[i]!)) continue;
    const decimal = decimalOf(lines[i]!);
    const fields = logFields(lines[i]!, { decimal });
    const at = fields.findIndex((field) => STAMP.test(field));
    if (at < 0 || fields.length < 2) continue;
    const rows = lines
      .slice(i, i + 50)
      .filter((line) => line.trim() !== '')
      .map((line) => logFields(line, { decimal }));
    const isFull = rows.length >= LEAST_ROWS && rows.slice(0, -1).every((row) => STAMP.test(row[at] ?? ''));
    return isFull ? formOf(lines, i, rows, at, true, decimal) : null;
  }
  return null;
}

/** Times that are numbers: a table whose header calls a column so, and none an axis. */
function countedForm(lines: readonly string[]): LogForm | null {
  const known = tableKind(lines);
  if (known?.kind !== 'log') return null;
  const { form } = known;
  const at = form.names!.findIndex(isTimeLabel);
  const rows = lines.slice(form.first, form.first + 50).map((line) => fieldsOf(line, 'auto', form.decimal));
  return formOf(lines, form.first, rows, at, false, form.decimal, form.names!, form.units);
}

function formOf(
  lines: readonly string[],
  first: number,
  rows: readonly (readonly string[])[],
  at: number,
  isStamp: boolean,
  decimal: DecimalMark,
  knownNames?: readonly string[],
  units?: readonly string[] | null,
): LogForm | null {
  const header = lines.slice(0, first);
  const width = rows[0]!.length;
  const last = header.findLast((line) => line.trim() !== '')?.replace(/^\s*[#;%!]+\s*/, '');
  const above = last === undefined ? [] : fieldsOf(last, 'auto', decimal);
  const names = knownNames ?? (above.length === width ? above : null);
  const isMeasured = (k: number): boolean =>
    rows.some((row) => Number.isFinite(parseNumber(row[k] ?? '', decimal) ?? NaN)) &&
    rows.slice(0, -1).every((row) => parseNumber(row[k] ?? '', decimal) !== null);
  const signals = Array.from({ length: Math.min(width, MOST_SIGNALS) }, (_, k) => k)
    .filter((k) => k !== at && isMeasured(k) && !(names !== null && isTimeLabel(names[k]!)))
    .map((k) => {
      const { name, unit } = splitUnit(names?.[k] ?? `column${k + 1}`);
      return {
        at: k,
        name: name === '' ? `column${k + 1}` : name,
        unit: textUnit(unit !== '' ? unit : (units?.[k] ?? '')),
      };
    });
  if (signals.length === 0) return null;
  const slashed = isStamp && rows.some((row) => row[at]?.includes('/') && stampIn(row[at], null) === null);
  const parts = rows.map((row) => /^(\d{1,2})[/-](\d{1,2})/.exec(row[at] ?? ''));
  const isDayFirst = parts.some((part) => part !== null && Number(part[1]) > 12);
  const isMonthFirst = parts.some((part) => part !== null && Number(part[2]) > 12);
  return {
    decimal,
    first,
    header,
    time: { at, label: names?.[at] ?? '', isStamp },
    signals,
    slashOrder: slashed ? (isDayFirst ? 'dmy' : 'mdy') : null,
    isAmbiguous: slashed && !isDayFirst && !isMonthFirst,
  };
}

/** Commas are decimal marks where tabs or semicolons separate the fields. */
const decimalOf = (line: string): DecimalMark =>
  /[\t;]/.test(line) && /(?:^|[\t;])\s*[-+]?\d+,\d+\s*(?:[\t;]|$)/.test(line) ? ',' : '.';
