import { MAX_CHANNELS } from '../binary/grid.ts';
import type { Oddities } from './oddities.ts';
import { isComment, numbersIn, type TableForm } from './tableForm.ts';
import { brokenLine } from './textFile.ts';

/** More numbers are not held of one table. */
const MOST_NUMBERS = 2 ** 27;

export interface Columns {
  /** [columnCount][rows]; NaN where a field is empty. */
  readonly columns: readonly Float64Array[];
  /** The last line holds a coordinate and nothing beside it, and ends as lines do: the last bin edge. */
  readonly lastEdge: number | null;
}

/**
 * The numbers of a table, from line `first` (from 0) up to `end`. Comments are passed over; a line of anything else is
 * left out and noted.
 *
 * @throws MonitorError naming file and line when lines that are no numbers outweigh those that are.
 */
export function readColumns(
  lines: readonly string[],
  { first, columnCount, decimal, delimiter }: Pick<TableForm, 'first' | 'columnCount' | 'decimal' | 'delimiter'>,
  path: string,
  oddities: Oddities,
  end = lines.length,
): Columns {
  const rows: number[][] = [];
  let bad: number | null = null;
  let badCount = 0;
  let lastEdge: number | null = null;
  for (let i = first; i < end; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || isComment(line)) continue;
    const numbers = numbersIn(line, { decimal, delimiter });
    if (numbers === null || (numbers.length < 2 && columnCount > 1)) {
      bad ??= i + 1;
      badCount++;
      lastEdge = numbers === null || badCount > 1 ? null : (numbers[0] ?? null);
      continue;
    }
    lastEdge = null;
    rows.push(numbers);
    if (rows.length > MAX_CHANNELS || rows.length * columnCount > MOST_NUMBERS)
      throw brokenLine(path, i + 1, `a table of more than ${MAX_CHANNELS} lines or ${MOST_NUMBERS} numbers`);
  }
  if (rows.length === 0 || badCount > rows.length)
    throw brokenLine(path, bad, `expected ${columnCount} numbers on a line`);
  const isEdge = lastEdge !== null && continues(rows, lastEdge) && lines.at(-1) === '';
  if (bad !== null && !isEdge)
    oddities.note(
      `line ${bad} holds no ${columnCount} numbers and is left out${badCount > 1 ? `, with ${badCount - 1} others` : ''}`,
    );
  const columns = Array.from({ length: columnCount }, (_, k) => Float64Array.from(rows, (row) => row[k] ?? NaN));
  return { columns, lastEdge: isEdge ? lastEdge : null };
}

/** Whether a number is about where the next coordinate would be. */
function continues(rows: readonly (readonly number[])[], next: number): boolean {
  const last = rows.at(-1)?.[0] ?? NaN;
  const step = last - (rows.at(-2)?.[0] ?? NaN);
  return (next - last) / step > 0.5 && (next - last) / step < 2;
}
