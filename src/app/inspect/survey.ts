import type { FileContents } from '../../model/reader.ts';
import type { SlowSample } from '../../model/signal.ts';
import { surveySeries } from './surveySeries.ts';
import type { SeriesSurvey } from './surveySeries.ts';

/** A slow signal in a few numbers. */
export interface SlowSurvey {
  readonly name: string;
  readonly unit: string;
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** What is inside a file, in a few numbers. */
export interface FileSurvey {
  readonly path: string;
  readonly format: string;
  readonly modality: string | null;
  readonly series: readonly SeriesSurvey[];
  readonly slow: readonly SlowSurvey[];
  readonly oddities: readonly string[];
}

/** Looks at no more than `mostFrames` spectra of each series. */
export async function surveyFile(path: string, contents: FileContents, mostFrames: number): Promise<FileSurvey> {
  const series: SeriesSurvey[] = [];
  for (const each of contents.series) series.push(await surveySeries(each, mostFrames));
  return {
    path,
    format: contents.format,
    modality: contents.modality,
    series,
    slow: surveySlow(contents.slow),
    oddities: contents.oddities,
  };
}

/** In the order of their first appearance. */
export function surveySlow(samples: readonly SlowSample[]): SlowSurvey[] {
  const found = new Map<string, { -readonly [Key in keyof SlowSurvey]: SlowSurvey[Key] }>();
  for (const { name, unit, value, timeUs } of samples) {
    const known = found.get(name);
    if (known === undefined)
      found.set(name, { name, unit, count: 1, least: value, most: value, firstUs: timeUs, lastUs: timeUs });
    else {
      known.count++;
      known.least = Math.min(known.least, value);
      known.most = Math.max(known.most, value);
      known.firstUs = Math.min(known.firstUs, timeUs);
      known.lastUs = Math.max(known.lastUs, timeUs);
    }
  }
  return [...found.values()];
}
