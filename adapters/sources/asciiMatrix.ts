import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { AdapterSetting, FrameOutlet } from '../../src/model/adapter.ts';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { headerTimeUs } from '../ascii/headerReading.ts';
import { readMatrix } from '../ascii/matrix.ts';
import type { MatrixRow } from '../ascii/matrix.ts';
import { headerTime, textForm } from '../ascii/settings.ts';
import { meaning, timing } from '../files/settings.ts';
import { LineError } from '../ascii/table.ts';
import { missing } from '../files/missing.ts';
import { createSpectrumMaker } from '../files/spectrum.ts';
import type { Spectrum, SpectrumMaker } from '../files/spectrum.ts';
import { hasRoom } from '../hasRoom.ts';

const config = z.strictObject({
  file: z.string().min(1).describe('The file, relative to the pipeline file; unpacked when it ends in .gz.'),
  spectra: z
    .enum(['rows', 'columns', 'long'])
    .describe(
      "'rows': a line with the axis, then one line per spectrum. 'columns': the axis in the first column, then one column per spectrum. 'long': lines of time, axis, value.",
    ),
  headerLines: z.number().int().min(0).default(0).describe('Lines to leave out at the top, beside comments.'),
  leading: z
    .array(z.strictObject({ name: z.string().min(1), unit: z.string().default('1'), factor: z.number().default(1) }))
    .default([])
    .describe(
      "Of 'rows': what stands before the values. The one called 'time' is seconds since the start after its factor; the others become slow signals.",
    ),
  header: z
    .strictObject({ time: headerTime.optional().describe('Start of the series; left out, `start`.') })
    .prefault({})
    .describe('What the lines above the numbers say.'),
  ...textForm,
  ...meaning,
  ...timing,
});
type Config = z.output<typeof config>;

export default defineSource({
  name: 'asciiMatrix',
  summary: 'Plays one text file that holds many spectra, in rows, in columns or in long form.',
  config,
  example: {
    file: 'series.txt',
    spectra: 'rows',
    leading: [{ name: 'time', unit: 's' }],
    axis: { name: 'ramanShift', unit: 'cm-1' },
  },
  create: (settings, setting) => ({
    name: 'asciiMatrix',
    async run(outlet, signal) {
      const path = setting.resolvePath(settings.file);
      if (!existsSync(path)) throw missing(setting.stream, path, settings.sourceNote);
      const spectrumOf = createSpectrumMaker(settings, setting.noise ?? 'poisson');
      let seq = 0;
      let usableCount = 0;
      try {
        for await (const row of readMatrix(path, settings)) {
          const number = seq++;
          if (number <= (setting.resumeAfter?.seq ?? -1)) continue;
          if (deliver(row, number, path, settings, setting, spectrumOf, outlet)) usableCount++;
          if (!(await hasRoom(outlet, signal))) return;
        }
      } catch (cause) {
        if (!(cause instanceof LineError)) throw cause;
        throw new MonitorError('ADAPTER', cause.message, { id: setting.stream, path }, { cause });
      }
      if (usableCount === 0 && setting.resumeAfter === null)
        throw new MonitorError('ADAPTER', `there is no spectrum in ${path}`, { id: setting.stream, path });
    },
  }),
});

function deliver(
  row: MatrixRow,
  seq: number,
  path: string,
  settings: Config,
  setting: AdapterSetting,
  spectrumOf: SpectrumMaker,
  outlet: FrameOutlet,
): boolean {
  const spectrum = row.fault === null ? usable(row, path, spectrumOf) : row.fault;
  if (typeof spectrum === 'string') {
    outlet.reject({ reason: 'garbage', detail: spectrum });
    return false;
  }
  const periodUs = setting.framePeriodUs ?? 1e6;
  const declaredUs = Date.parse(settings.start) * 1000;
  const { time } = settings.header;
  const startUs = (time === undefined ? null : headerTimeUs(row.header, time, declaredUs)) ?? declaredUs;
  const timeUs = Math.round(startUs + (row.seconds === null ? seq * periodUs : row.seconds * 1e6));
  for (const { name, value, unit } of row.numbers) outlet.next({ type: 'slow', name, timeUs, value, unit });
  const exposureUs = settings.exposureMs === undefined ? periodUs : settings.exposureMs * 1e3;
  outlet.next(makeFrame({ stream: setting.stream, seq, timeUs, exposureUs, ...spectrum }));
  return true;
}

function usable(row: MatrixRow, path: string, spectrumOf: SpectrumMaker): Spectrum | string {
  try {
    return spectrumOf(row.coordinates.slice(), row.values, undefined);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return `${path}:${row.lineNumber}: ${cause.message}`;
  }
}
