import { safeName, type Series } from './point.ts';

/** Tags that all points of a run share. */
export interface RunTags {
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  readonly site: string;
}

/** Tags of one series beside those of the run; what is left out or '' is no tag. */
export interface SeriesTags {
  readonly detector?: string | undefined;
  readonly stream?: string | undefined;
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
}

export type SeriesBook = (measurement: string, tags?: SeriesTags) => Series;

/** Gives the same object for the same series. */
export function createSeriesBook(runTags: RunTags): SeriesBook {
  const known = new Map<string, Series>();
  return (measurement, { detector = '', stream = '', name = '', unit = '' } = {}) => {
    const key = `${measurement}\n${detector}\n${stream}\n${name}\n${unit}`;
    let series = known.get(key);
    if (series === undefined) {
      const { run, instrument, modality, site } = runTags;
      const tags = { detector, instrument, modality, name, run, site, stream, unit };
      const filled = Object.entries(tags).filter(([, value]) => value !== '');
      series = { measurement, tags: Object.fromEntries(filled.map(([tag, value]) => [tag, safeName(value)])) };
      known.set(key, series);
    }
    return series;
  };
}
