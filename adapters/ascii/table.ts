import { parseNumber, splitFields } from './numbers.ts';
import type { DecimalMark, Delimiter } from './numbers.ts';
import type { Column } from './settings.ts';

export interface TextForm {
  readonly decimal: DecimalMark;
  readonly delimiter: Delimiter;
  /** Empty for none. */
  readonly comment: string;
}

/** A line that is not what it should be; names file and line. */
export class LineError extends Error {
  override readonly name = 'LineError';
  constructor(path: string, lineNumber: number, what: string) {
    super(`${path}:${lineNumber}: ${what}`);
  }
}

export interface Table {
  /** [rows] each, in the order they were asked for. */
  readonly columns: readonly Float64Array[];
  /** What stands above the numbers. */
  readonly header: string;
}

/**
 * The wanted columns of a table of numbers. Above the first line that begins with a number is the header; its last line names the columns.
 *
 * @param path - For messages.
 * @throws LineError naming file and line.
 */
export function parseTable(lines: readonly string[], wanted: readonly Column[], form: TextForm, path: string): Table {
  const first = lines.findIndex((line) => isData(line, form));
  if (first < 0) throw new LineError(path, lines.length, 'there are no numbers in it');
  const header = lines.slice(0, first);
  const numbers = columnNumbers(wanted, header, form, path);
  const columns: number[][] = wanted.map(() => []);
  for (let row = first; row < lines.length; row++) {
    const line = lines[row]!;
    if (line.trim() === '' || isComment(line, form)) continue;
    const fields = splitFields(line, form.delimiter, form.decimal);
    for (let k = 0; k < numbers.length; k++)
      columns[k]!.push(numberAt(fields, numbers[k]!, form.decimal, path, row + 1));
  }
  return { columns: columns.map((column) => Float64Array.from(column)), header: header.join('\n') };
}

/** The number in a field. @throws LineError when there is none. */
export function numberAt(
  fields: readonly string[],
  at: number,
  decimal: DecimalMark,
  path: string,
  lineNumber: number,
): number {
  const field = fields[at];
  if (field === undefined)
    throw new LineError(path, lineNumber, `${fields.length} fields, expected at least ${at + 1}`);
  const value = parseNumber(field, decimal);
  if (value === null) throw new LineError(path, lineNumber, `'${field.slice(0, 40)}' is no number`);
  return value;
}

/** Where columns stand, by the names in the last line of the header. @throws LineError when a name is not there. */
export function columnNumbers(
  wanted: readonly Column[],
  header: readonly string[],
  form: TextForm,
  path: string,
): number[] {
  const at = header.findLastIndex((line) => line.trim() !== '');
  const names = at < 0 ? [] : columnNames(header[at]!, form);
  return wanted.map((column) => {
    if (typeof column === 'number') return column;
    const found = names.indexOf(column);
    if (found < 0)
      throw new LineError(
        path,
        at + 1,
        `no column is called '${column}', but ${names.slice(0, 40).join(', ') || 'nothing'}`,
      );
    return found;
  });
}

/** Names may hold single spaces where tabs or wider gaps separate them. */
function columnNames(line: string, form: TextForm): string[] {
  const bare = isComment(line, form) ? line.trim().slice(form.comment.length).trim() : line;
  return form.delimiter === 'auto' && !/[\t;,]/.test(bare) && /\S\s{2,}\S/.test(bare)
    ? bare.trim().split(/\s{2,}/)
    : splitFields(bare, form.delimiter, form.decimal);
}

const isComment = (line: string, form: TextForm): boolean =>
  form.comment !== '' && line.trimStart().startsWith(form.comment);

/** Two or more numbers, and nothing else but gaps. */
function isData(line: string, form: TextForm): boolean {
  if (line.trim() === '' || isComment(line, form)) return false;
  const values = splitFields(line, form.delimiter, form.decimal).map((field) => parseNumber(field, form.decimal));
  return values.every((value) => value !== null) && values.some((value) => Number.isFinite(value));
}
