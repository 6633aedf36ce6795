import {
  defineReader,
  type FileContents,
  type FileFault,
  type FileFrame,
  type FileSeries,
} from '../../src/model/reader.ts';
import { frameOf, heldContents, uniqueNames } from './text/contents.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra, type Spectrum } from './text/spectrum.ts';
import { brokenLine, headText, readTextLines } from './text/textFile.ts';
import { curvesOf, type Curve } from './specs/curves.ts';

export default defineReader({
  name: 'specsXy',
  summary:
    'Photoelectron spectra of SPECS Prodigy and SpecsLab (.xy): a series per region, a frame per cycle and scan.',
  extensions: ['xy'],
  recognise: (head) => (/^# Created by:\s+SpecsLab/m.test(headText(head)) ? 'certain' : null),
  open: ({ path }) => contentsOf(path),
});

/** Points that are held in memory at most; of a larger file every series is read anew. */
const MOST_HELD = 2 ** 22;

/** What is kept of a region when the file is gone through once. */
interface Region {
  readonly key: number;
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly first: Spectrum;
  readonly startUs: number | null;
  count: number;
  /** All its curves, where the file is small enough to be held. */
  readonly held: Curve[];
}

async function contentsOf(path: string): Promise<FileContents> {
  const oddities = createOddities();
  const regions = new Map<number, Region>();
  const make = createMaker(path, oddities);
  let points = 0;
  for await (const curve of curvesOf(readTextLines(path), path)) {
    points += curve.points.values.length;
    const known = regions.get(curve.region);
    if (known !== undefined) known.count++;
    else {
      regions.set(curve.region, {
        key: curve.region,
        name: curve.name,
        facts: curve.facts,
        first: make(curve),
        startUs: curve.timeUs,
        count: 1,
        held: [],
      });
    }
    if (points <= MOST_HELD) regions.get(curve.region)!.held.push(curve);
  }
  if (regions.size === 0) throw brokenLine(path, null, 'there is no spectrum in it');
  const list = [...regions.values()];
  const names = uniqueNames(list.map(({ name }) => name));
  return heldContents({
    format: 'SPECS Prodigy xy',
    modality: 'XPS',
    series: list.map((region, k) => seriesOf(region, list.length === 1 ? '' : names[k]!, path, oddities)),
    oddities: oddities.list,
  });
}

const seriesOf = (region: Region, name: string, path: string, oddities: Oddities): FileSeries => ({
  name,
  frameCount: region.count,
  layout: region.first.layout,
  shape: null,
  facts: region.facts,
  frames: (from) => framesOf(region, from, path, oddities),
});

async function* framesOf(
  { key, startUs, held, count }: Region,
  from: number,
  path: string,
  oddities: Oddities,
): AsyncGenerator<FileFrame | FileFault, void> {
  const make = createMaker(path, oddities);
  let number = 0;
  for await (const curve of held.length === count ? held : curvesOf(readTextLines(path), path, key)) {
    if (number++ < from) continue;
    const { timeUs, numbers, dwellSeconds } = curve;
    yield frameOf(make(curve), {
      timeUs,
      seconds: timeUs === null || startUs === null ? null : (timeUs - startUs) / 1e6,
      exposureUs: dwellSeconds === null ? null : Math.round(dwellSeconds * 1e6),
      numbers,
    });
  }
}

/** Count rates of a multichannel analyser: their noise is not known. */
function createMaker(path: string, oddities: Oddities): (curve: Curve) => Spectrum {
  const makers = new Map<string, (curve: Curve) => Spectrum>();
  return (curve) => {
    const { axis, quantity, unit } = curve;
    const key = [axis.name, axis.unit, quantity].join();
    let maker = makers.get(key);
    if (maker === undefined) {
      let line = curve.line;
      const spectra = createSpectra({ ...axis, quantity, valueUnit: unit, noise: 'unknown' }, oddities, (what, cause) =>
        brokenLine(path, line, what, cause),
      );
      maker = ({ line: begin, points: { coordinates, values } }) => {
        line = begin;
        return spectra({ coordinates: coordinates.slice(), values: values.slice() });
      };
      makers.set(key, maker);
    }
    return maker(curve);
  };
}
