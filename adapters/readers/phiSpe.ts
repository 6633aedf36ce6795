import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { makeGrid, evenly } from './binary/grid.ts';
import { takeNumbers, takeText } from './binary/numbers.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { frameOf, heldContents, readySeries, uniqueNames } from './text/contents.ts';
import { readPhiHeader, type PhiRegion } from './phi/header.ts';

const FIRST = 'SOFH';
/** What follows the header: a head of four numbers, then a head per region. */
const FILE_HEAD = 16;
const REGION_HEAD = 96;
const COUNT_AT = 20;
const UNIT_AT = 56;
const KIND_AT = 72;
const DATA_AT = 80;

export default defineReader({
  name: 'phiSpe',
  summary: 'Photoelectron spectra of PHI SmartSoft (.spe): the regions of its header with their count rates.',
  extensions: ['spe'],
  recognise: ({ text }) => (text.startsWith(FIRST) && /^Technique(?:Ex)?:/m.test(text) ? 'certain' : null),
  open({ path }) {
    const file = openBytes(path);
    try {
      return Promise.resolve(contentsOf(file));
    } catch (error) {
      return Promise.reject(error as Error);
    } finally {
      file.close();
    }
  },
});

function contentsOf(file: ByteFile): FileContents {
  const { regions, facts, dataStart, fileType } = readPhiHeader(file);
  if (fileType !== 'SPECTRUM') throw file.broken(`files of type ${fileType} are not read, only SPECTRUM`);
  const names = uniqueNames(regions.map(({ name }) => name));
  const series = regions.map((region, k) => {
    const { values, unit } = readValues(file, dataStart, region, k, regions.length);
    const isRate = /\/s|cps/i.test(unit);
    const meaning = {
      name: 'bindingEnergy',
      unit: 'eV',
      quantity: isRate ? 'countRate' : 'counts',
      valueUnit: isRate ? 's-1' : '1',
      noise: 'unknown',
    } as const;
    const grid = makeGrid(evenly(region.points, region.start, region.step), meaning, file.broken);
    const frame = frameOf(
      { layout: grid.layout, values: grid.ascending(values) },
      { exposureUs: region.secondsPerStep > 0 ? Math.round(region.secondsPerStep * 1e6) : null },
    );
    return readySeries(regions.length === 1 ? '' : names[k]!, [frame], { ...facts, region: region.name });
  });
  const oddities =
    series.length > 0 && regions[0]!.step < 0 ? ['the axis descends in the file; the spectra are turned round'] : [];
  return heldContents({ format: 'PHI SmartSoft', modality: 'XPS', series, oddities });
}

/** [points] numbers of a region; its head says where they lie, as 4-byte or 8-byte floats. */
function readValues(file: ByteFile, dataStart: number, { points, name }: PhiRegion, k: number, count: number) {
  const at = dataStart + FILE_HEAD + k * REGION_HEAD;
  const head = file.view(at, REGION_HEAD, `the head of region ${k + 1} of ${count}`);
  const declared = head.getUint32(COUNT_AT, true);
  const unit = takeText(head, UNIT_AT, 4);
  const kind = takeText(head, KIND_AT, 4);
  const length = head.getUint32(DATA_AT - 4, true);
  if (declared !== points)
    throw file.broken(`region ${name} has ${points} points in the header and ${declared} in the data`);
  if (kind !== 'f4' && kind !== 'f8')
    throw file.broken(`numbers of region ${name} are of kind '${kind}', expected f4 or f8`);
  const bytes = kind === 'f4' ? 4 : 8;
  if (length !== bytes * points) throw file.broken(`region ${name} has ${length} bytes, expected ${bytes * points}`);
  const offset = dataStart + head.getUint32(DATA_AT, true);
  const view = file.view(offset, length, `the data of region ${name}`);
  return { values: takeNumbers(view, kind === 'f4' ? 'f32' : 'f64', new Float64Array(points)), unit };
}
