import { defineReader, type FileContents } from '../../src/model/reader.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { parseNumber, splitFields, type DecimalMark } from '../ascii/numbers.ts';
import { heldContents } from './text/contents.ts';
import { factsOf } from './text/headerFacts.ts';
import { textUnit } from './text/meaning.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { stampOf } from './biologic/stamp.ts';
import { signalsOf, type MptSignal } from './biologic/signals.ts';
import { brokenLine, headText, readTextLines } from './text/textFile.ts';

const FIRST = /^(?:EC-Lab ASCII FILE|BT-Lab ASCII FILE)/;
const MOST_HEADER_LINES = 10_000;
const MOST_SAMPLES = 2 ** 24;

export default defineReader({
  name: 'biologicMpt',
  summary: 'Electrochemistry of Biologic EC-Lab (.mpt): potential, current, charge as slow signals on their own clock.',
  extensions: ['mpt', 'txt'],
  recognise: (head) => (FIRST.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    const oddities = createOddities();
    const { samples, technique } = await readSamples(path, oddities);
    return contentsOf(samples, technique, oddities);
  },
});

const contentsOf = (slow: readonly SlowSample[], technique: string, oddities: Oddities): FileContents =>
  heldContents({
    format: technique === '' ? 'Biologic EC-Lab' : `Biologic EC-Lab, ${technique}`,
    modality: null,
    series: [],
    slow,
    oddities: oddities.list,
  });

async function readSamples(path: string, oddities: Oddities): Promise<{ samples: SlowSample[]; technique: string }> {
  const header: string[] = [];
  let headerCount = MOST_HEADER_LINES;
  let table: MptTable | null = null;
  const samples: SlowSample[] = [];
  let lineNumber = 0;
  for await (const line of readTextLines(path)) {
    lineNumber++;
    if (lineNumber <= headerCount) {
      header.push(line);
      const count = /^Nb header lines\s*:\s*(\d+)/.exec(line)?.[1];
      if (count !== undefined) headerCount = Math.min(MOST_HEADER_LINES, Number(count));
      if (lineNumber === headerCount) table = tableOf(header, path, oddities);
      continue;
    }
    if (line.trim() === '') continue;
    if (samples.length > MOST_SAMPLES) throw brokenLine(path, lineNumber, `more than ${MOST_SAMPLES} samples`);
    takeRow(table!, line, lineNumber, samples, oddities);
  }
  if (table === null) throw brokenLine(path, lineNumber, 'the file ends within its header');
  if (samples.length === 0) oddities.note('there is no line of measurement below the header');
  return { samples, technique: header[3]?.trim() ?? '' };
}

interface MptTable {
  readonly zeroUs: number;
  readonly isAbsolute: boolean;
  readonly timeAt: number;
  readonly signals: readonly MptSignal[];
  decimal: DecimalMark | null;
}

/** @throws MonitorError when there is no column of times, or none that is known from where they count. */
function tableOf(header: readonly string[], path: string, oddities: Oddities): MptTable {
  const names = header
    .at(-1)!
    .split('\t')
    .map((name) => name.trim());
  const timeAt = names.indexOf('time/s');
  if (timeAt < 0) throw brokenLine(path, header.length, `no column time/s, but ${names.slice(0, 12).join(', ')}`);
  const started = factsOf(header)['Acquisition started on'];
  const zeroUs = started === undefined ? null : stampOf(started);
  if (started !== undefined && zeroUs === null) throw brokenLine(path, null, `'${started}' is no date`);
  if (zeroUs === null)
    oddities.note('the header does not say when the acquisition started; times without a date count from 1970');
  else oddities.note('the clock of the header has no zone; it is taken as UTC');
  const signals = signalsOf(names, textUnit);
  if (signals.length === 0) throw brokenLine(path, header.length, 'no column that is measured');
  return { zeroUs: zeroUs ?? 0, isAbsolute: zeroUs !== null, timeAt, signals, decimal: null };
}

function takeRow(table: MptTable, line: string, lineNumber: number, samples: SlowSample[], oddities: Oddities): void {
  const fields = splitFields(line, 'tab', '.');
  table.decimal ??= fields.some((field) => /^[-+\d]+,\d/.test(field)) ? ',' : '.';
  const { decimal, timeAt, zeroUs, signals } = table;
  const time = fields[timeAt] ?? '';
  // Times are seconds since the start, or written out as dates.
  const seconds = parseNumber(time, decimal);
  const timeUs =
    seconds === null ? stampOf(time) : Number.isFinite(seconds) ? zeroUs + Math.round(seconds * 1e6) : null;
  if (timeUs === null) {
    oddities.note(`line ${lineNumber} has no time and is left out`);
    return;
  }
  if (fields.length < signals.at(-1)!.at + 1) oddities.note(`line ${lineNumber} is cut short`);
  for (const { at, name, unit } of signals) {
    const value = parseNumber(fields[at] ?? '', decimal);
    if (value !== null && Number.isFinite(value)) samples.push({ type: 'slow', name, timeUs, value, unit });
  }
}
