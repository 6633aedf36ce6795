import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { xdiAbsorption } from '../../src/model/xdiAbsorption.ts';
import { readColumns } from './text/columns.ts';
import { frameOf, heldContents, readySeries } from './text/contents.ts';
import { leadingNumber, stampIn } from './text/headerFacts.ts';
import { textUnit } from './text/meaning.ts';
import { createOddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { numbersIn, isComment } from './text/tableForm.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

const FIRST = /^\s*[#;%]?\s*XDI\/\d/;
const FIELD = /^[#;%]\s*([A-Za-z][\w]*\.[\w]+)\s*:\s*(.*)$/;

export default defineReader({
  name: 'xdi',
  summary: 'X-ray absorption spectra of the XAS Data Interchange format (.xdi): absorption from the columns it names.',
  extensions: ['xdi', 'xd', 'xxdi'],
  recognise: (head) => (FIRST.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(await readWholeText(path), path);
  },
});

function contentsOf(text: string, path: string): FileContents {
  const oddities = createOddities();
  const lines = splitLines(text);
  const facts = Object.fromEntries(
    lines.flatMap((line): [string, string][] => {
      const [, key = '', value = ''] = isComment(line) ? (FIELD.exec(line.slice(0, 2000)) ?? []) : [];
      return key === '' || value.trim() === '' ? [] : [[key.toLowerCase(), value.trim()]];
    }),
  );
  const first = lines.findIndex((line) => line.trim() !== '' && !isComment(line));
  const form = { decimal: '.', delimiter: 'space', first } as const;
  const width = first < 0 ? 0 : (numbersIn(lines[first]!, form)?.length ?? 0);
  if (width < 2) throw brokenLine(path, Math.max(0, first) + 1, 'expected an energy and what was measured at it');
  const { columns } = readColumns(lines, { ...form, columnCount: width }, path, oddities);
  const absorption = xdiAbsorption(text);
  if (absorption === null)
    oddities.note('the header names no columns of an absorption; the second column is taken as it is');
  const values = columns[0]!.map((_, i) => {
    const row = columns.map((column) => column[i]!);
    return absorption === null ? row[1]! : absorption(row);
  });
  const spectrum = createSpectra(
    { ...axisOf(facts['column.1']), quantity: 'absorption', valueUnit: '1', noise: 'unknown' },
    oddities,
    (what, cause) => brokenLine(path, null, what, cause),
  );
  const points = { coordinates: energies(columns[0]!, facts, oddities.note), values };
  const start = stampIn(facts['scan.start_time'] ?? '', 'ymd');
  const temperature = /^\s*[-+]?[\d.]+\s*(K|C)\b/i.exec(facts['sample.temperature'] ?? '')?.[1];
  const numbers =
    temperature === undefined
      ? []
      : [
          {
            name: 'temperature',
            value: leadingNumber(facts['sample.temperature']!) ?? NaN,
            unit: /k/i.test(temperature) ? 'K' : 'Cel',
          },
        ];
  const frame = frameOf(spectrum(points), { timeUs: start, numbers });
  return heldContents({
    format: `XDI ${/XDI\/([\d.]+)/.exec(text)?.[1] ?? ''}`.trim(),
    modality: 'XAS',
    series: [readySeries('', [frame], facts)],
    oddities: oddities.list,
  });
}

const isAngle = (column: string | undefined): boolean => /^angle\b/i.test(column ?? '');

function axisOf(column: string | undefined): { name: string; unit: string } {
  const unit = /^\S+\s+(\S+)/.exec(column ?? '')?.[1] ?? 'eV';
  return { name: 'energy', unit: isAngle(column) ? 'eV' : textUnit(unit) === '1' ? 'eV' : textUnit(unit) };
}

/** Angles of the monochromator become energies by Bragg's law, E = h c / (2 d sin angle). */
function energies(
  x: Float64Array,
  facts: Readonly<Record<string, string>>,
  note: (sentence: string) => void,
): Float64Array {
  const spacing = leadingNumber(facts['mono.d_spacing'] ?? null);
  if (!isAngle(facts['column.1']) || spacing === null) return x;
  note('the first column is the angle of the monochromator; energies are from its d spacing');
  const radian = /rad/i.test(facts['column.1'] ?? '') ? 1 : Math.PI / 180;
  return x.map((angle) => 12398.419843320026 / (2 * spacing * Math.sin(angle * radian)));
}
