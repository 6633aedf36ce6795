import { parseNumber, splitFields } from '../../ascii/numbers.ts';
import type { DecimalMark, Delimiter } from '../../ascii/numbers.ts';

const COMMENT = /^\s*(?:[#;!%*'"]|\/\/)/;
/** Numbers must follow each other in so many lines for a text to be a table. */
const LEAST_ROWS = 3;
const SAMPLE_LINES = 400;

/** How a table of numbers is written. */
export interface TableForm {
  readonly decimal: DecimalMark;
  readonly delimiter: Delimiter;
  /** Number of the first line of numbers, from 0. */
  readonly first: number;
  readonly columnCount: number;
  /** What stands above the numbers. */
  readonly header: readonly string[];
  /** [columnCount] names, where the header has as many. */
  readonly names: readonly string[] | null;
  /** [columnCount] units, where a line under the names has them. */
  readonly units: readonly string[] | null;
}

export const isComment = (line: string): boolean => COMMENT.test(line);

/** The numbers of a line, NaN where a field is empty; null when it holds anything else, or not one number. */
export function numbersIn(line: string, { decimal, delimiter }: Pick<TableForm, 'decimal' | 'delimiter'>) {
  const fields = fieldsOf(line, delimiter, decimal);
  const numbers = new Array<number>(fields.length);
  let isAny = false;
  for (let i = 0; i < fields.length; i++) {
    const value = parseNumber(fields[i]!, decimal);
    if (value === null) return null;
    isAny ||= Number.isFinite(value);
    numbers[i] = value;
  }
  return isAny ? numbers : null;
}

/** Fields without quotes around them; an empty last one counts. */
export function fieldsOf(line: string, delimiter: Delimiter, decimal: DecimalMark): string[] {
  const bare = line.includes('"') ? line.replaceAll('"', '') : line;
  return splitFields(delimiter === 'auto' ? bare.replace(/ +$/, '') : bare, delimiter, decimal);
}

/** How the table in these lines is written; null when there is none. */
export function tableForm(lines: readonly string[]): TableForm | null {
  const decimal = decimalOf(lines);
  for (const mark of decimal === ',' ? ([',', '.'] as const) : (['.'] as const)) {
    const form = formWith(lines, mark);
    if (form !== null) return form;
  }
  return null;
}

function formWith(lines: readonly string[], decimal: DecimalMark): TableForm | null {
  const how = { decimal, delimiter: 'auto' as const };
  let start = -1;
  let width = 0;
  let run = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || (run > 0 && isComment(line))) continue;
    const count = isComment(line) ? 0 : (numbersIn(line, how)?.length ?? 0);
    if (count >= 2 && count === width) run++;
    else [start, width, run] = count >= 2 ? [i, count, 1] : [-1, 0, 0];
    if (run === LEAST_ROWS) {
      const header = lines.slice(0, start);
      return { ...how, first: start, columnCount: width, header, ...labelsOf(header, width, decimal) };
    }
  }
  return null;
}

/** The last lines of a header that have a field per column: names, or names and units. */
function labelsOf(header: readonly string[], width: number, decimal: DecimalMark) {
  const said = header.filter((line) => line.replaceAll(/[\s#;!%*,\-=_]/g, '') !== '').slice(-4);
  const rows = said.map((line) => labelFields(line, width, decimal));
  const last = rows.at(-1) ?? null;
  const before = rows.at(-2) ?? null;
  const isUnits = last !== null && before !== null && last.every((field) => field.length <= 24 && !isNumber(field));
  return isUnits && looksLikeUnits(last) ? { names: before, units: last } : { names: last, units: null };
}

const isNumber = (field: string): boolean => field !== '' && parseNumber(field, '.') !== null;
const looksLikeUnits = (fields: readonly string[]): boolean =>
  fields.every((field) =>
    /^[([]?(?:|eV|keV|nm|deg(?:rees?)?|°.*|rel\. 1\/cm|1\/cm|cm\^?-1|a\.?u\.?|arb.*|counts?(?:[ /].*)?|(?:CCD )?cts.*|cps|K|°?C|s|ms|A|mA|V|mV|\u00c5.*|1\/\u00c5|Angstrom.*|-)[)\]]?$/i.test(
      field,
    ),
  );

function labelFields(line: string, width: number, decimal: DecimalMark): string[] | null {
  if (line.includes('=')) return null;
  const bare = line.replace(/^\s*(?:[#;!%*]|\/\/)+\s*/, '');
  const splits = [
    () => fieldsOf(bare, 'auto', decimal),
    () => bare.trim().split(/\s*\t+\s*/),
    () => fieldsOf(bare.trim().replace(/[,;]$/, ''), 'auto', decimal),
    () => bare.trim().split(/\s{2,}/),
    () => bare.trim().split(/\s*,\s*/),
    () => bare.trim().split(/\s+/),
  ];
  for (const split of splits) {
    const fields = split().map((field) => field.replace(/^#/, '').trim());
    if (fields.length === width && fields.some((field) => /[^\d.,+\-eE\s]/.test(field))) return fields;
  }
  return null;
}

/** A comma is the decimal mark where it stands between digits, something else separates the fields, and no point does that. */
function decimalOf(lines: readonly string[]): DecimalMark {
  let commas = 0;
  let points = 0;
  for (const line of lines.slice(-SAMPLE_LINES)) {
    if (isComment(line) || /[^\d\s.,;+\-eEdDNa"]/.test(line)) continue;
    const fields = splitFields(line.replaceAll('"', ''), 'auto', ',');
    if (fields.length < 2) continue;
    if (fields.some((field) => /^[+-]?\d*,\d+(?:[eEdD][+-]?\d+)?$/.test(field))) commas++;
    if (fields.some((field) => field.includes('.') || field.endsWith(','))) points++;
  }
  return commas > 0 && points === 0 ? ',' : '.';
}
