import { defineReader, type FileContents } from '../../src/model/reader.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { parseNumber } from '../ascii/numbers.ts';
import { createLogClock } from './log/clock.ts';
import { isLogRow, logForm, logFields, type LogForm } from './log/form.ts';
import { heldContents } from './text/contents.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { brokenLine, headText, readTextLines, splitLines } from './text/textFile.ts';

const HEAD_LINES = 2000;
const MOST_SAMPLES = 2 ** 24;
/** Longer than so many usual intervals is a gap. */
const GAP = 20;

export default defineReader({
  name: 'slowLog',
  summary:
    'Logs of slow signals (.csv, .tsv, .txt, .log): a column of times (ISO, epoch, seconds), a column per signal.',
  extensions: ['csv', 'tsv', 'log', 'txt', 'dat'],
  recognise: (head) => (logForm(splitLines(headText(head))) === null ? null : 'likely'),
  async open({ path }) {
    const lines: string[] = [];
    for await (const line of readTextLines(path)) if (lines.push(line) >= HEAD_LINES) break;
    const form = logForm(lines);
    if (form === null) throw brokenLine(path, null, 'there is no column of times in it');
    const oddities = createOddities();
    return contentsOf(await readSamples(path, form, oddities), oddities);
  },
});

const contentsOf = (slow: readonly SlowSample[], { list }: Oddities): FileContents =>
  heldContents({ format: 'log of slow signals', modality: null, series: [], slow, oddities: list });

async function readSamples(path: string, form: LogForm, oddities: Oddities): Promise<SlowSample[]> {
  const clock = createLogClock(form, oddities);
  const watch = createGapWatch(oddities);
  const samples: SlowSample[] = [];
  let lineNumber = 0;
  for await (const line of readTextLines(path)) {
    if (lineNumber++ < form.first || line.trim() === '') continue;
    const fields = logFields(line, form);
    if (!isLogRow(fields, form)) {
      oddities.note(`line ${lineNumber} does not hold a time and ${form.signals.length} values and is left out`);
      continue;
    }
    const timeUs = clock(fields);
    if (timeUs === null) {
      oddities.note(`line ${lineNumber} has no time and is left out`);
      continue;
    }
    watch(timeUs, lineNumber);
    for (const { at, name, unit } of form.signals) {
      const value = parseNumber(fields[at] ?? '', form.decimal);
      if (value !== null && Number.isFinite(value)) samples.push({ type: 'slow', name, timeUs, value, unit });
    }
    if (samples.length > MOST_SAMPLES) throw brokenLine(path, lineNumber, `more than ${MOST_SAMPLES} samples`);
  }
  if (samples.length === 0) throw brokenLine(path, form.first + 1, 'there is no value beside the times');
  return samples;
}

/** Notes where the clock goes back, and where nothing was written for long. */
function createGapWatch(oddities: Oddities): (timeUs: number, lineNumber: number) => void {
  let last: number | null = null;
  let usual: number | null = null;
  return (timeUs, lineNumber) => {
    const step: number | null = last === null ? null : timeUs - last;
    last = timeUs;
    if (step === null) return;
    if (step < 0) oddities.note(`the clock goes back at line ${lineNumber}`);
    else if (usual !== null && step > GAP * usual)
      oddities.note(`nothing was written for ${Math.round(step / 1e6)} s before line ${lineNumber}`);
    else if (step > 0) usual = usual === null ? step : 0.9 * usual + 0.1 * step;
  };
}
