import { defineReader, type FileContents, type FileSeries } from '../../src/model/reader.ts';
import { readColumns } from './text/columns.ts';
import { frameOf, heldContents, readySeries, uniqueNames } from './text/contents.ts';
import { factsOf, leadingNumber, stampIn } from './text/headerFacts.ts';
import { axisOf } from './text/meaning.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { tableForm } from './text/tableForm.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

export default defineReader({
  name: 'scientaTxt',
  summary: 'Photoelectron spectra of Scienta SES (.txt): a series per region, a frame per slice of the analyser.',
  extensions: ['txt'],
  recognise: (head) => (/^\[Info\]\r?\nNumber of Regions=/.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(splitLines(await readWholeText(path)), path);
  },
});

function contentsOf(lines: readonly string[], path: string): FileContents {
  const oddities = createOddities();
  const starts = lines.flatMap((line, i) => (/^\[Region \d+\]/.test(line) ? [i] : []));
  if (starts.length === 0) throw brokenLine(path, null, 'there is no [Region 1] in it');
  const regions = starts.map((start, k) => seriesOf(lines, start, starts[k + 1] ?? lines.length, path, oddities));
  const names = uniqueNames(regions.map(({ name }) => name));
  const series = regions.map((each, k) => ({ ...each, name: regions.length === 1 ? '' : names[k]! }));
  return heldContents({ format: 'Scienta SES text', modality: 'XPS', series, oddities: oddities.list });
}

function seriesOf(lines: readonly string[], start: number, end: number, path: string, oddities: Oddities): FileSeries {
  const data = lines.findIndex((line, i) => i > start && i < end && /^\[Data \d+\]/.test(line));
  if (data < 0) throw brokenLine(path, start + 1, 'a region without [Data]');
  const form = tableForm(lines.slice(data + 1, end));
  if (form === null) throw brokenLine(path, data + 1, 'there are no three lines of numbers below');
  const { columns } = readColumns(lines, { ...form, first: data + 1 }, path, oddities, end);
  const facts = factsOf(lines.slice(start, data).filter((line) => !line.startsWith('Dimension 1 scale')));
  const axis = axisOf(facts['Dimension 1 name'] ?? 'Kinetic Energy [eV]');
  const spectrum = createSpectra(
    { ...axis, quantity: 'intensity', valueUnit: '1', noise: 'unknown' },
    oddities,
    (what) => brokenLine(path, data + 1, what),
  );
  // 'Step Time' is in milliseconds; a sweep passes each channel once.
  const milliseconds = leadingNumber(facts['Step Time'] ?? null);
  const sweeps = leadingNumber(facts['Number of Sweeps'] ?? null) ?? 1;
  const known = {
    timeUs: stampIn(`${facts['Date'] ?? ''} ${facts['Time'] ?? ''}`, 'ymd'),
    exposureUs: milliseconds === null ? null : Math.round(milliseconds * 1000 * Math.max(1, sweeps)),
  };
  const frames = columns
    .slice(1)
    .map((values) => frameOf(spectrum({ coordinates: columns[0]!.slice(), values }), known));
  return readySeries(facts['Region Name'] ?? '', frames, facts);
}
