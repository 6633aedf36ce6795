import { readLines } from '../files/readText.ts';
import type { Encoding } from '../files/readText.ts';
import { splitFields } from './numbers.ts';
import { LineError, numberAt } from './table.ts';
import type { TextForm } from './table.ts';

export interface MatrixForm extends TextForm {
  readonly encoding: Encoding;
  readonly spectra: 'rows' | 'columns' | 'long';
  readonly headerLines: number;
  readonly leading: readonly { readonly name: string; readonly unit: string; readonly factor: number }[];
}

/** One spectrum of a matrix. */
export interface MatrixRow {
  /** Where it stands or begins, from 1. */
  readonly lineNumber: number;
  /** Lent: copy what is kept. */
  readonly coordinates: Float64Array;
  readonly values: Float64Array;
  /** Since the start; null when the file does not say. */
  readonly seconds: number | null;
  /** What stands beside it. */
  readonly numbers: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  /** Header and comments so far. */
  readonly header: string;
  /** Names file and line when it cannot be used. */
  readonly fault: string | null;
}

interface Line {
  readonly lineNumber: number;
  readonly fields: readonly string[];
  readonly header: string;
}

/** The spectra of a file, one by one. @throws LineError when there is no axis, and for a bad line where no spectrum can be told from the next. */
export function readMatrix(path: string, form: MatrixForm): AsyncGenerator<MatrixRow, void> {
  const lines = dataLines(path, form);
  return form.spectra === 'rows'
    ? inRows(lines, form, path)
    : form.spectra === 'columns'
      ? inColumns(lines, form, path)
      : inLongForm(lines, form, path);
}

async function* dataLines(path: string, form: MatrixForm): AsyncGenerator<Line, void> {
  let lineNumber = 0;
  let header = '';
  for await (const line of readLines(path, form.encoding)) {
    lineNumber++;
    const isComment = form.comment !== '' && line.startsWith(form.comment);
    if (lineNumber <= form.headerLines || isComment) header += `${line.trimEnd()}\n`;
    else if (line.trim() !== '') yield { lineNumber, header, fields: splitFields(line, form.delimiter, form.decimal) };
  }
}

async function* inRows(
  lines: AsyncGenerator<Line, void>,
  form: MatrixForm,
  path: string,
): AsyncGenerator<MatrixRow, void> {
  const lead = form.leading.length;
  let coordinates: Float64Array | null = null;
  for await (const { lineNumber, header, fields } of lines) {
    if (coordinates === null) {
      const from = Math.min(
        lead,
        fields.findIndex((field) => field !== ''),
      );
      coordinates = numbersOf(fields, from, fields.length, form, path, lineNumber);
      continue;
    }
    const row = { lineNumber, header, coordinates, seconds: null, numbers: [] };
    try {
      const values = numbersOf(fields, lead, lead + coordinates.length, form, path, lineNumber);
      const stated = form.leading.map(({ name, unit, factor }, k) => ({
        name,
        unit,
        value: numberAt(fields, k, form.decimal, path, lineNumber) * factor,
      }));
      const time = stated.find(({ name }) => name === 'time');
      const numbers = stated.filter((number) => number !== time && Number.isFinite(number.value));
      yield { ...row, values, seconds: time?.value ?? null, numbers, fault: null };
    } catch (cause) {
      if (!(cause instanceof LineError)) throw cause;
      yield { ...row, values: new Float64Array(0), fault: cause.message };
    }
  }
}

async function* inColumns(
  lines: AsyncGenerator<Line, void>,
  form: MatrixForm,
  path: string,
): AsyncGenerator<MatrixRow, void> {
  const rows: Float64Array[] = [];
  let first: Line | null = null;
  for await (const line of lines) {
    first ??= line;
    rows.push(numbersOf(line.fields, 0, first.fields.length, form, path, line.lineNumber));
  }
  if (first === null) return;
  const coordinates = Float64Array.from(rows, (row) => row[0]!);
  const { lineNumber, header } = first;
  for (let k = 1; k < first.fields.length; k++) {
    const values = Float64Array.from(rows, (row) => row[k]!);
    yield { lineNumber, header, coordinates, values, seconds: null, numbers: [], fault: null };
  }
}

async function* inLongForm(
  lines: AsyncGenerator<Line, void>,
  form: MatrixForm,
  path: string,
): AsyncGenerator<MatrixRow, void> {
  let first: Line | null = null;
  let seconds = NaN;
  let x: number[] = [];
  let y: number[] = [];
  const row = (from: Line): MatrixRow => ({
    ...from,
    coordinates: Float64Array.from(x),
    values: Float64Array.from(y),
    seconds,
    numbers: [],
    fault: null,
  });
  for await (const line of lines) {
    const [time, coordinate, value] = numbersOf(line.fields, 0, 3, form, path, line.lineNumber);
    if (first === null || time !== seconds) {
      if (first !== null) yield row(first);
      first = line;
      seconds = time!;
      x = [];
      y = [];
    }
    x.push(coordinate!);
    y.push(value!);
  }
  if (first !== null) yield row(first);
}

function numbersOf(
  fields: readonly string[],
  from: number,
  to: number,
  form: MatrixForm,
  path: string,
  lineNumber: number,
): Float64Array {
  const numbers = new Float64Array(to - from);
  for (let i = from; i < to; i++) numbers[i - from] = numberAt(fields, i, form.decimal, path, lineNumber);
  return numbers;
}
