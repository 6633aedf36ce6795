import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { AdapterSetting } from '../../src/model/adapter.ts';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import { makeFrame } from '../../src/model/frame.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { headerNumber as readHeaderNumber, headerTimeUs } from '../ascii/headerReading.ts';
import { column, headerNumber, headerTime, slowLog, textForm } from '../ascii/settings.ts';
import { meaning, timing } from '../files/settings.ts';
import { readSlowTable } from '../ascii/slowTable.ts';
import { LineError, parseTable } from '../ascii/table.ts';
import { compareText, findFiles } from '../files/findFiles.ts';
import { missing } from '../files/missing.ts';
import { linesOf, readText } from '../files/readText.ts';
import { createSpectrumMaker } from '../files/spectrum.ts';
import type { SpectrumMaker } from '../files/spectrum.ts';
import { hasRoom } from '../hasRoom.ts';

const HEAD_BYTES = 64 * 1024;

const config = z.strictObject({
  files: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('Files or folders, one spectrum per file; * and ? stand for parts of a name. Several follow each other.'),
  order: z
    .enum(['number', 'name', 'time'])
    .default('number')
    .describe(
      'Within each entry of `files`: by name with numbers as numbers, by name letter by letter, or by header.time.',
    ),
  columns: z
    .strictObject({
      x: column.default(0),
      y: column.default(1),
      error: column.optional().describe('One standard deviation of y.'),
      variance: column.optional().describe('Variance of y.'),
    })
    .prefault({})
    .describe('Columns by name in the last line of the header, or by number from 0.'),
  means: z
    .record(z.string(), z.strictObject({ column, unit: z.string().default('1') }))
    .default({})
    .describe('Slow signals that are the mean of a column: an incident-beam monitor.'),
  header: z
    .strictObject({
      time: headerTime.optional().describe('Start of the exposure.'),
      exposure: headerNumber.optional().describe('Live time, in seconds after its factor.'),
      numbers: z.record(z.string(), headerNumber).default({}).describe('Slow signals stated in the header.'),
    })
    .prefault({})
    .describe('What the lines above the numbers say.'),
  log: slowLog.optional(),
  ...textForm,
  ...meaning,
  ...timing,
});
type Config = z.output<typeof config>;

export default defineSource({
  name: 'asciiFolder',
  summary: 'Plays a folder of text files with one spectrum each.',
  config,
  example: { files: 'scans/*.xy', axis: { name: 'twoTheta', unit: 'deg' } },
  create: (settings, setting) => ({
    name: 'asciiFolder',
    async run(outlet, signal) {
      const paths = await pathsInOrder(settings, setting);
      const log =
        settings.log &&
        (await readSlowTable(
          setting.resolvePath(settings.log.file),
          settings.log,
          setting.stream,
          settings.sourceNote,
        ));
      const spectrumOf = createSpectrumMaker(settings, setting.noise ?? 'poisson');
      let usableCount = 0;
      for (let seq = 1 + (setting.resumeAfter?.seq ?? -1); seq < paths.length; seq++) {
        const path = paths[seq]!;
        const read = await readUsable(path, () => readStep(path, seq, settings, setting, spectrumOf));
        if (typeof read === 'string') outlet.reject({ reason: 'garbage', detail: read });
        else {
          usableCount++;
          log?.until(read.frame.timeUs, (sample) => outlet.next(sample));
          for (const sample of read.slow) outlet.next(sample);
          outlet.next(read.frame);
        }
        if (!(await hasRoom(outlet, signal))) return;
        if (usableCount === 0 && seq === paths.length - 1 && typeof read === 'string')
          throw new MonitorError('ADAPTER', `no file can be used: ${read}`, { id: setting.stream, path });
      }
    },
  }),
});

/** What was read, or in one sentence why it cannot be used. */
async function readUsable<T>(path: string, read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof LineError) return cause.message;
    if (cause instanceof RangeError) return `${path}: ${cause.message}`;
    throw cause;
  }
}

async function readStep(
  path: string,
  seq: number,
  settings: Config,
  setting: AdapterSetting,
  spectrumOf: SpectrumMaker,
): Promise<{ frame: Frame; slow: SlowSample[] }> {
  const { x, y, error, variance } = settings.columns;
  const spread = variance ?? error;
  const means = Object.values(settings.means).map((mean) => mean.column);
  const wanted = [x, y, ...(spread === undefined ? [] : [spread]), ...means];
  const lines = linesOf(await readText(path, settings.encoding));
  const { columns, header } = parseTable(lines, wanted, settings, path);
  const variances = spread === undefined ? undefined : variancesOf(columns[2]!, settings);
  const spectrum = spectrumOf(columns[0]!, columns[1]!, variances);
  const { timeUs, exposureUs } = timesOf(header, seq, settings, setting);
  const slow = numbersOf(header, columns.slice(wanted.length - means.length), settings, timeUs);
  return { frame: makeFrame({ stream: setting.stream, seq, timeUs, exposureUs, ...spectrum }), slow };
}

function timesOf(header: string, seq: number, settings: Config, setting: AdapterSetting) {
  const startUs = Date.parse(settings.start) * 1000;
  const periodUs = setting.framePeriodUs ?? 1e6;
  const { time, exposure } = settings.header;
  const stated = exposure === undefined ? null : readHeaderNumber(header, exposure, settings.decimal);
  return {
    timeUs: (time === undefined ? null : headerTimeUs(header, time, startUs)) ?? Math.round(startUs + seq * periodUs),
    exposureUs:
      stated === null ? (settings.exposureMs === undefined ? periodUs : settings.exposureMs * 1e3) : stated * 1e6,
  };
}

async function pathsInOrder(settings: Config, setting: AdapterSetting): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of typeof settings.files === 'string' ? [settings.files] : settings.files) {
    const found = findFiles(setting.resolvePath(entry));
    if (found.length === 0) throw missing(setting.stream, setting.resolvePath(entry), settings.sourceNote);
    if (settings.order === 'name') found.sort(compareText);
    paths.push(...(settings.order === 'time' ? await sortedByTime(found, settings, setting) : found));
  }
  return paths;
}

async function sortedByTime(found: string[], settings: Config, setting: AdapterSetting): Promise<string[]> {
  const startUs = Date.parse(settings.start) * 1000;
  const rule = settings.header.time;
  if (rule === undefined) throw new MonitorError('ADAPTER', "order 'time' needs header.time", { id: setting.stream });
  const timed: { path: string; timeUs: number }[] = [];
  for (const path of found) {
    const timeUs = headerTimeUs(await readHead(path, settings), rule, startUs);
    if (timeUs === null)
      throw new MonitorError('ADAPTER', `${path} does not say when it was taken (header.time)`, {
        id: setting.stream,
        path,
      });
    timed.push({ path, timeUs });
  }
  return timed.sort((a, b) => a.timeUs - b.timeUs).map(({ path }) => path);
}

async function readHead(path: string, settings: Config): Promise<string> {
  if (path.endsWith('.gz')) return readText(path, settings.encoding);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString(settings.encoding, 0, bytesRead);
  } finally {
    await file.close();
  }
}

const variancesOf = (spread: Float64Array, { columns }: Config): Float64Array =>
  columns.variance === undefined ? spread.map((sigma) => sigma * sigma) : spread;

function numbersOf(header: string, means: readonly Float64Array[], settings: Config, timeUs: number): SlowSample[] {
  const stated = Object.entries(settings.header.numbers).map(([name, rule]): SlowSample => {
    const value = readHeaderNumber(header, rule, settings.decimal) ?? NaN;
    return { type: 'slow', name, timeUs, value, unit: rule.unit };
  });
  const measured = Object.entries(settings.means).map(([name, { unit }], k): SlowSample => {
    const value = means[k]!.reduce((sum, number) => sum + number, 0) / means[k]!.length;
    return { type: 'slow', name, timeUs, value, unit };
  });
  return [...stated, ...measured].filter(({ value }) => Number.isFinite(value));
}
