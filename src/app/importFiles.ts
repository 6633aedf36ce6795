import { resolve } from 'node:path';
import { stringify } from 'yaml';
import fileSource from '../../adapters/sources/file.ts';
import type { FrameOutlet } from '../model/adapter.ts';
import { MonitorError } from '../model/error.ts';
import { cloneFrame } from '../model/frame.ts';
import { createSlowSignals } from '../pipeline/slowSignals.ts';
import { createRecordingWriter } from '../recording/writer.ts';
import type { RecordingWriter } from '../recording/writer.ts';
import { ID_PATTERN } from '../config/schema.ts';
import { openInput } from './inspect/openInput.ts';
import { startingStreams, streamName } from './inspect/startingConfig.ts';
import { surveyFile, type FileSurvey } from './inspect/survey.ts';
import type { SeriesSurvey } from './inspect/surveySeries.ts';

export interface ImportOptions {
  /** In the order of playing. */
  readonly paths: readonly string[];
  readonly directory: string;
  /** Null takes all series of the first file. */
  readonly series: string | null;
  /** Further files with slow signals. */
  readonly slow: readonly string[];
  /** Of files without a clock; null for the defaults of the source `file`. */
  readonly start: string | null;
  readonly periodUs: number | null;
  readonly exposureMs: number | null;
  readonly mostFrames: number;
  /** Pipeline file to keep with it; null for one without stages. */
  readonly configText: string | null;
  /** A sentence about what cannot be used. */
  tell(line: string): void;
  progress(line: string): void;
  readonly interrupted: AbortSignal;
}

export interface ImportedStream {
  readonly stream: string;
  readonly frameCount: number;
  readonly rejectedCount: number;
}

/** Frames whose values decide what the kept pipeline file says of noise and period. */
const SURVEY_FRAMES = 200;
const FRAMES_PER_TURN = 256;
const NAMED_REJECTIONS = 10;

/** Writes the series of files as streams of a recording. @throws MonitorError ADAPTER or RECORDING. */
export async function importFiles(options: ImportOptions): Promise<ImportedStream[]> {
  const first = options.paths[0] ?? '';
  const survey = await surveyFirst(first);
  const chosen = chooseSeries(survey, options.series, first);
  const names = new Set(chosen.map((series) => streamName(survey, series)));
  if (names.size < chosen.length)
    throw new MonitorError('ADAPTER', `two series of ${first} have one name: choose with --series`, { id: 'import' });
  const modality = survey.modality !== null && ID_PATTERN.test(survey.modality) ? survey.modality : 'spectroscopy';
  const configText =
    options.configText ??
    stringify({ version: 1, run: 'imported', modality, streams: startingStreams(survey, chosen, options.paths) });
  const header = {
    run: 'imported',
    instrument: 'instrument',
    modality,
    config: configText,
    versions: { node: process.versions.node },
  };
  const writer = createRecordingWriter({ directory: options.directory, header });
  const done: ImportedStream[] = [];
  try {
    for (const series of chosen)
      done.push(
        await importSeries(
          survey.series.length > 1 ? series.name : undefined,
          streamName(survey, series),
          options,
          writer,
        ),
      );
    await writer.flush();
  } finally {
    await writer.close();
  }
  return done;
}

async function surveyFirst(path: string): Promise<FileSurvey> {
  const contents = await openInput(path, 'import');
  try {
    return await surveyFile(path, contents, SURVEY_FRAMES);
  } finally {
    contents.close();
  }
}

function chooseSeries(survey: FileSurvey, name: string | null, path: string): readonly SeriesSurvey[] {
  if (survey.format === 'a recording of operando')
    throw new MonitorError('ADAPTER', `${path} is a recording already`, { id: 'import', path });
  const chosen = name === null ? survey.series : survey.series.filter((series) => series.name === name);
  if (chosen.length > 0) return chosen;
  const there = survey.series.map((series) => `'${series.name}'`).join(', ') || 'no spectra';
  throw new MonitorError('ADAPTER', `${path} has ${there}${name === null ? '' : `, but no series '${name}'`}`, {
    id: 'import',
    path,
  });
}

async function importSeries(
  series: string | undefined,
  stream: string,
  options: ImportOptions,
  writer: RecordingWriter,
): Promise<ImportedStream> {
  const slowSignals = createSlowSignals();
  const enough = new AbortController();
  let frameCount = 0;
  let rejectedCount = 0;
  const outlet: FrameOutlet = {
    next(item) {
      if (item.type === 'slow') {
        const sample = { ...item, stream };
        slowSignals.add(sample);
        writer.writeSlow(sample);
        return;
      }
      const context: Record<string, number> = {};
      const contextAgeUs: Record<string, number> = {};
      slowSignals.joinAsOf(item.timeUs, context, contextAgeUs, stream);
      writer.writeFrame({ ...cloneFrame(item), context, contextAgeUs });
      if (++frameCount >= options.mostFrames) enough.abort();
      if (frameCount % FRAMES_PER_TURN === 0) options.progress(`${stream}: ${frameCount} spectra`);
    },
    reject({ detail }) {
      if (++rejectedCount <= NAMED_REJECTIONS) options.tell(detail);
    },
    room: () => (frameCount % FRAMES_PER_TURN === FRAMES_PER_TURN - 1 ? writer.flush() : null),
    report: ({ detail }) => options.tell(detail),
  };
  const { paths, slow, start, exposureMs, periodUs } = options;
  const settings = fileSource.config.parse({
    files: paths.map((path) => resolve(path)),
    series,
    slow: slow.map((path) => resolve(path)),
    ...(start === null ? {} : { start }),
    ...(exposureMs === null ? {} : { exposureMs }),
  });
  const resolvePath = (path: string): string => resolve(path);
  const setting = { stream, noise: undefined, framePeriodUs: periodUs, resolvePath, resumeAfter: null };
  await fileSource.create(settings, setting).run(outlet, AbortSignal.any([options.interrupted, enough.signal]));
  return { stream, frameCount, rejectedCount };
}
