import {
  defineReader,
  type FileContents,
  type FileFault,
  type FileFrame,
  type FrameNumber,
} from '../../src/model/reader.ts';
import { heldContents } from './text/contents.ts';
import { exposureOf, factOf, factsOf, leadingNumber, stampIn, type Facts } from './text/headerFacts.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { axisRow, isAxisRow, rowNumbers, type AxisRow } from './labspec/rows.ts';
import { createSpectra } from './text/spectrum.ts';
import { brokenLine, headText, readTextLines, splitLines } from './text/textFile.ts';

const HEADER = /^#(?:Acq\. time|Exposition|Accumulation|Spectro|Hole|Laser|Grating|Detector|Instrument)\b[^=\n]*=/m;

export default defineReader({
  name: 'labSpec',
  summary:
    'Raman series and maps of HORIBA LabSpec (.txt), and tables like them: a row of coordinates, then a row per spectrum.',
  extensions: ['txt'],
  recognise(head) {
    const lines = splitLines(headText(head));
    const at = lines.findIndex((line) => !line.startsWith('#') && line.trim() !== '');
    if (at < 0) return null;
    const hasRows = isAxisRow(lines[at]!, lines[at + 1]);
    return hasRows ? (HEADER.test(lines.slice(0, at).join('\n')) ? 'certain' : 'likely') : null;
  },
  open: ({ path }) => contentsOf(path),
});

interface Start {
  readonly facts: Facts;
  readonly axis: AxisRow;
  readonly isLabSpec: boolean;
}

async function contentsOf(path: string): Promise<FileContents> {
  const oddities = createOddities();
  const found: { start: Start | null } = { start: null };
  let first: FileFrame | null = null;
  for await (const item of spectra(path, oddities, (start) => (found.start = start))) {
    if ('fault' in item) continue;
    first = item;
    break;
  }
  const known = found.start;
  if (known === null || first === null)
    throw brokenLine(path, null, 'there is a row of coordinates, and no spectrum below it');
  return heldContents({
    format: known.isLabSpec ? 'HORIBA LabSpec text' : 'rows of spectra',
    modality: known.isLabSpec ? 'Raman' : null,
    series: [
      {
        name: '',
        frameCount: null,
        layout: first.layout,
        shape: null,
        facts: known.facts,
        frames: (from) => after(spectra(path, oddities), from),
      },
    ],
    oddities: oddities.list,
  });
}

async function* after(
  items: AsyncIterable<FileFrame | FileFault>,
  from: number,
): AsyncGenerator<FileFrame | FileFault, void> {
  let number = 0;
  for await (const item of items) if (number++ >= from) yield item;
}

/** All spectra of a file; those that cannot be used are faults that name the line. */
async function* spectra(
  path: string,
  oddities: Oddities,
  onStart: (start: Start) => void = () => undefined,
): AsyncGenerator<FileFrame | FileFault, void> {
  const header: string[] = [];
  let lineNumber = 0;
  let row: ReturnType<typeof createRow> | null = null;
  let pending: string | null = null;
  for await (const line of readTextLines(path)) {
    lineNumber++;
    if (line.startsWith('#')) header.push(line);
    else if (line.trim() === '') continue;
    else if (row !== null) yield row(line, lineNumber);
    else if (pending === null) pending = line;
    else {
      const axis = axisRow(pending, line, path, lineNumber - 1);
      const facts = factsOf(header);
      const isLabSpec = HEADER.test(header.join('\n'));
      onStart({ facts, axis, isLabSpec });
      row = createRow(axis, facts, isLabSpec, path, oddities);
      yield row(line, lineNumber);
    }
  }
}

function createRow(axis: AxisRow, facts: Facts, isLabSpec: boolean, path: string, oddities: Oddities) {
  const name = isLabSpec ? { name: 'ramanShift', unit: 'cm-1' } : { name: 'x', unit: '1' };
  const spectrum = createSpectra(
    { ...name, quantity: 'intensity', valueUnit: '1', noise: 'unknown' },
    oddities,
    (what) => brokenLine(path, null, what),
  );
  const startUs = stampIn(factOf(facts, /^(?:date|acquired)$/i) ?? '', 'dmy');
  if (startUs !== null) oddities.note('the date of the header has no zone and is read day first, as UTC');
  const accumulations = leadingNumber(factOf(facts, /^accumulations?$/i)) ?? 1;
  const exposureUs = exposureOf(facts) ?? secondsOf(facts, accumulations);
  return (line: string, lineNumber: number): FileFrame | FileFault => {
    const numbers = rowNumbers(line, axis);
    if (typeof numbers === 'string') return { fault: `${path}: line ${lineNumber}: ${numbers}` };
    const lead = numbers.slice(0, axis.leading);
    const seconds = axis.leading === 1 ? lead[0]! : null;
    const points = { coordinates: axis.coordinates.slice(), values: numbers.slice(axis.leading) };
    return {
      ...spectrum(points),
      timeUs: null,
      seconds,
      exposureUs,
      numbers: axis.leading >= 2 ? positions(lead) : [],
      ...(startUs !== null && seconds !== null ? { timeUs: startUs + Math.round(seconds * 1e6) } : {}),
    };
  };
}

const positions = (lead: Float64Array): FrameNumber[] =>
  [...lead].map((value, k) => ({ name: ['x', 'y', 'z'][k] ?? `column${k + 1}`, value, unit: 'um' }));

/** 'Exposition' is in seconds, without saying so. */
function secondsOf(facts: Facts, accumulations: number): number | null {
  const seconds = leadingNumber(factOf(facts, /^(?:exposition|acq\. time \(s\))$/i));
  return seconds === null || !(seconds > 0) ? null : Math.round(seconds * Math.max(1, accumulations) * 1e6);
}
