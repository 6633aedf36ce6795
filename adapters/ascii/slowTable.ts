import { explainError, MonitorError } from '../../src/model/error.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { missing } from '../files/missing.ts';
import { linesOf, readText } from '../files/readText.ts';
import { createSlowPlayback } from '../files/slowPlayback.ts';
import type { SlowPlayback } from '../files/slowPlayback.ts';
import { headerTimeUs } from './headerReading.ts';
import { splitFields } from './numbers.ts';
import type { SlowLog } from './settings.ts';
import { columnNumbers, LineError, numberAt } from './table.ts';
import { parseOffset, parseStamp } from './time.ts';

const MAX_HEADER_LINES = 10_000;

/** Reads a log of slow signals. @throws MonitorError 'ADAPTER' when it is missing, or naming file and line. */
export async function readSlowTable(
  path: string,
  log: SlowLog,
  id: string,
  sourceNote: string | undefined,
): Promise<SlowPlayback> {
  let text: string;
  try {
    text = await readText(path, log.encoding);
  } catch (cause) {
    throw missing(id, path, sourceNote, cause);
  }
  try {
    return createSlowPlayback(samplesOf(linesOf(text), log, path));
  } catch (cause) {
    if (!(cause instanceof LineError)) throw cause;
    throw new MonitorError('ADAPTER', explainError(cause), { id, path }, { cause });
  }
}

function samplesOf(lines: readonly string[], log: SlowLog, path: string): SlowSample[] {
  const form = { decimal: log.decimal, delimiter: log.delimiter, comment: '' };
  const count = headerLineCount(lines, log, path);
  const header = lines.slice(0, count);
  const signals = Object.entries(log.signals);
  const [timeAt, ...at] = columnNumbers(
    [log.time.column, ...signals.map(([, { column }]) => column)],
    header,
    form,
    path,
  );
  const zeroUs = log.start === undefined ? null : headerTimeUs(header.join('\n'), log.start, 0);
  if (log.start !== undefined && zeroUs === null)
    throw new LineError(path, 1, 'the header does not say when time 0 was');
  const samples: SlowSample[] = [];
  for (let row = count; row < lines.length; row++) {
    if (lines[row]!.trim() === '') continue;
    const fields = splitFields(lines[row]!, log.delimiter, log.decimal);
    const timeUs =
      zeroUs === null
        ? absoluteTimeUs(fields[timeAt!] ?? '', log, path, row + 1)
        : zeroUs + Math.round(numberAt(fields, timeAt!, log.decimal, path, row + 1) * log.time.factor * 1e6);
    signals.forEach(([name, { unit, factor }], k) => {
      const value = numberAt(fields, at[k]!, log.decimal, path, row + 1) * factor;
      if (Number.isFinite(value)) samples.push({ type: 'slow', name, timeUs, value, unit });
    });
  }
  return samples;
}

function absoluteTimeUs(field: string, log: SlowLog, path: string, lineNumber: number): number {
  const stamp = parseStamp(field, log.time.dateOrder, parseOffset(log.time.utcOffset));
  return stamp ?? Math.round(numberAt([field], 0, log.decimal, path, lineNumber) * log.time.factor * 1e6);
}

function headerLineCount(lines: readonly string[], log: SlowLog, path: string): number {
  if (typeof log.headerLines === 'number') return log.headerLines;
  const match = log.headerLines.exec(lines.slice(0, MAX_HEADER_LINES).join('\n'));
  const count = Number(match?.[1]);
  if (!Number.isInteger(count) || count < 1) throw new LineError(path, 1, 'the header does not say how long it is');
  return count;
}
