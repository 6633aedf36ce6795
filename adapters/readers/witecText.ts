import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { readColumns } from './text/columns.ts';
import { frameOf, heldContents, readySeries } from './text/contents.ts';
import { quantityOf } from './text/meaning.ts';
import { createOddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { tableForm } from './text/tableForm.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

const UNITS: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  'rel. 1/cm': ['ramanShift', 'cm-1'],
  nm: ['wavelength', 'nm'],
  eV: ['energy', 'eV'],
};
const PLACE = /\((-?\d+)\/(-?\d+)\)\s*$/;

export default defineReader({
  name: 'witecText',
  summary: 'Raman series and maps of WITec (.txt table): a column of coordinates, then a column per spectrum.',
  extensions: ['txt'],
  recognise: (head) => (/^X-Axis\t[^\n]*\r?\n(?:rel\. 1\/cm|nm|eV)[^\n]*\t/.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(splitLines(await readWholeText(path)), path);
  },
});

function contentsOf(lines: readonly string[], path: string): FileContents {
  const oddities = createOddities();
  const form = tableForm(lines);
  if (form === null) throw brokenLine(path, null, 'there are no three lines of numbers in it');
  const { columns } = readColumns(lines, form, path, oddities);
  const titles = lines[0]!.split('\t').slice(1);
  const units = (lines[1] ?? '').split('\t');
  const [name, unit] = UNITS[(units[0] ?? '').trim()] ?? ['x', '1'];
  const meaning = { name, unit, ...quantityOf('', units[1] ?? ''), noise: 'unknown' as const };
  const spectrum = createSpectra(meaning, oddities, (what, cause) => brokenLine(path, null, what, cause));
  const places = titles.map((title) => PLACE.exec(title));
  const isMap = places.length > 0 && places.every((place) => place !== null);
  const frames = columns.slice(1).map((values, k) => {
    const place = places[k];
    const numbers =
      isMap && place
        ? [
            { name: 'x', value: Number(place[1]), unit: '1' },
            { name: 'y', value: Number(place[2]), unit: '1' },
          ]
        : [];
    return frameOf(spectrum({ coordinates: columns[0]!.slice(), values }), { numbers });
  });
  if (frames.length === 0) throw brokenLine(path, form.first + 1, 'there are no spectra beside the axis');
  const size = (axis: 1 | 2): number => new Set(places.map((place) => place?.[axis])).size;
  const shape = isMap && size(1) * size(2) === frames.length ? [size(2), size(1)] : null;
  return heldContents({
    format: 'WITec text',
    modality: name === 'ramanShift' ? 'Raman' : null,
    series: [readySeries('', frames, { title: titles[0] ?? '' }, shape)],
    oddities: oddities.list,
  });
}
