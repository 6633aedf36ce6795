import { explainError, MonitorError } from '../../src/model/error.ts';
import {
  defineReader,
  type FileContents,
  type FileFault,
  type FileFrame,
  type FrameNumber,
} from '../../src/model/reader.ts';
import { MAX_CHANNELS } from './binary/grid.ts';
import { frameOf, heldContents } from './text/contents.ts';
import { axisOf, modalityOfAxis, quantityOf, splitUnit, textUnit } from './text/meaning.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { isComment, numbersIn, type TableForm } from './text/tableForm.ts';
import { isTimeLabel, leadingColumns, tableKind } from './text/tableKind.ts';
import { brokenLine, headText, readTextLines, splitLines } from './text/textFile.ts';

const HEAD_LINES = 5000;

export default defineReader({
  name: 'longTable',
  summary:
    'Series and maps in long form (.txt, .csv; Renishaw and others): each line a time or a position, a coordinate, a value.',
  extensions: ['txt', 'csv', 'dat', 'tsv'],
  recognise: (head) => (tableKind(splitLines(headText(head)))?.kind === 'long' ? 'likely' : null),
  open: ({ path }) => contentsOf(path),
});

interface LongForm extends TableForm {
  /** Columns before the coordinate. */
  readonly leading: number;
}

async function contentsOf(path: string): Promise<FileContents> {
  const oddities = createOddities();
  const lines: string[] = [];
  for await (const line of readTextLines(path)) if (lines.push(line) >= HEAD_LINES) break;
  const known = tableKind(lines);
  if (known?.kind !== 'long')
    throw brokenLine(path, null, 'there are no lines of a time, a coordinate and a value in it');
  const { form } = known;
  const rows = lines.slice(form.first).flatMap((line) => [numbersIn(line, form) ?? []]);
  const long = {
    ...form,
    leading: leadingColumns(
      rows.filter((row) => row.length > 0),
      form.columnCount,
    ),
  };
  const first = await firstOf(spectra(path, long, oddities));
  if (first === null) throw brokenLine(path, form.first + 1, 'there is no spectrum in it');
  return heldContents({
    format: 'long table',
    modality: modalityOfAxis(first.layout.axes[0]!),
    series: [
      {
        name: '',
        frameCount: null,
        layout: first.layout,
        shape: null,
        facts: {},
        frames: (from) => after(spectra(path, long, oddities), from),
      },
    ],
    oddities: oddities.list,
  });
}

async function firstOf(items: AsyncIterable<FileFrame | FileFault>): Promise<FileFrame | null> {
  for await (const item of items) if (!('fault' in item)) return item;
  return null;
}

async function* after(items: AsyncIterable<FileFrame | FileFault>, from: number) {
  let number = 0;
  for await (const item of items) if (number++ >= from) yield item;
}

/** A spectrum ends where the numbers before the coordinate change. */
async function* spectra(path: string, form: LongForm, oddities: Oddities): AsyncGenerator<FileFrame | FileFault, void> {
  const finish = createFinish(path, form, oddities);
  let lineNumber = 0;
  let firstLine = 0;
  let lead: readonly number[] | null = null;
  let x: number[] = [];
  let y: number[] = [];
  for await (const line of readTextLines(path)) {
    if (lineNumber++ < form.first || line.trim() === '' || isComment(line)) continue;
    const numbers = numbersIn(line, form);
    if (numbers === null || numbers.length < form.leading + 2) {
      oddities.note(`line ${lineNumber} does not hold ${form.columnCount} numbers and is left out`);
      continue;
    }
    const isSame: boolean = lead !== null && lead.every((value, k) => value === numbers[k]);
    if (!isSame) {
      if (lead !== null) yield finish(lead, x, y, firstLine);
      [lead, x, y, firstLine] = [numbers.slice(0, form.leading), [], [], lineNumber];
    }
    x.push(numbers[form.leading]!);
    y.push(numbers[form.leading + 1]!);
    if (x.length > MAX_CHANNELS) throw brokenLine(path, lineNumber, `a spectrum of more than ${MAX_CHANNELS} points`);
  }
  if (lead !== null) yield finish(lead, x, y, firstLine);
}

function createFinish(path: string, { names, units, leading }: LongForm, oddities: Oddities) {
  const label = (k: number): string => names?.[k] ?? '';
  const axis = names === null ? { name: 'x', unit: '1' } : axisOf(label(leading), units?.[leading]);
  const quantity = quantityOf(label(leading + 1), units?.[leading + 1]);
  if (names === null) oddities.note('the file names no columns; what stands before the coordinate is taken as seconds');
  let begin = 0;
  const spectrum = createSpectra({ ...axis, ...quantity, noise: 'unknown' }, oddities, (what, cause) =>
    brokenLine(path, begin, what, cause),
  );
  const isTime = leading === 1 && (names === null || isTimeLabel(label(0)));
  return (lead: readonly number[], x: readonly number[], y: readonly number[], line: number): FileFrame | FileFault => {
    begin = line;
    try {
      const points = { coordinates: Float64Array.from(x), values: Float64Array.from(y) };
      const numbers = isTime ? [] : lead.map((value, k): FrameNumber => numberOf(label(k), k, value));
      return frameOf(spectrum(points), { seconds: isTime ? lead[0]! : null, numbers });
    } catch (cause) {
      if (!(cause instanceof MonitorError)) throw cause;
      return { fault: explainError(cause) };
    }
  };
}

const numberOf = (label: string, k: number, value: number): FrameNumber => {
  const { name, unit } = splitUnit(label);
  return { name: name === '' ? `column${k + 1}` : name.toLowerCase(), value, unit: textUnit(unit) };
};
