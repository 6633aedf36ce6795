import { dirname, extname, join } from 'node:path';
import { stringify } from 'yaml';
import type { FileSurvey } from './survey.ts';
import type { SeriesSurvey } from './surveySeries.ts';

/** Name of the stream of a series: letters, digits, '_', '-' and '.'. */
export function streamName(survey: FileSurvey, series: SeriesSurvey): string {
  const wanted = survey.series.length > 1 ? series.name : (survey.modality ?? 'spectra').toLowerCase();
  const plain = wanted.replace(/[^\w.-]+/g, '-').replace(/^[-._]+|-+$/g, '');
  return plain === '' ? `series${survey.series.indexOf(series)}` : plain;
}

/** A stream to begin with: `streams` of a pipeline file. `files` as the source is to name them. */
export function startingStreams(survey: FileSurvey, chosen: readonly SeriesSurvey[], files: readonly string[]) {
  return Object.fromEntries(chosen.map((series) => [streamName(survey, series), streamOf(survey, series, files)]));
}

/** The same as text. */
export const startingText = (survey: FileSurvey, files: readonly string[]): string =>
  stringify({ streams: startingStreams(survey, survey.series, files) }, { lineWidth: 0 }).trimEnd();

function streamOf(survey: FileSurvey, series: SeriesSurvey, files: readonly string[]) {
  const source =
    survey.format === 'a recording of operando'
      ? { use: 'recording', with: { directory: files[0], stream: series.name } }
      : {
          use: 'file',
          with: {
            files: files.length === 1 ? files[0] : files,
            ...(survey.series.length > 1 ? { series: series.name } : {}),
            ...(series.clock.kind === 'absolute' ? {} : { start: '2000-01-01T00:00:00Z' }),
          },
        };
  const { period } = series.clock;
  return {
    source,
    noise: series.noise.noise,
    ...(period !== null && period > 0 ? { framePeriodMs: Number((period * 1e3).toPrecision(6)) } : {}),
  };
}

/** Several files of one folder and one ending as one pattern. */
export function asPattern(paths: readonly string[]): string[] {
  const first = paths[0];
  if (first === undefined || paths.length === 1) return [...paths];
  const isAlike = paths.every((path) => dirname(path) === dirname(first) && extname(path) === extname(first));
  return isAlike ? [join(dirname(first), `*${extname(first)}`)] : [...paths];
}
