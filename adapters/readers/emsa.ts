import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { parseNumber } from '../ascii/numbers.ts';
import { evenly, MAX_CHANNELS } from './binary/grid.ts';
import { frameOf, heldContents, numberIf, readySeries } from './text/contents.ts';
import { leadingNumber, stampIn } from './text/headerFacts.ts';
import { textUnit } from './text/meaning.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

const FIRST = /^\s*#FORMAT\s*:\s*EMSA/i;
const KEYWORD = /^\s*#{1,2}\s*([A-Za-z][A-Za-z0-9]*)\s*([^:]*):\s?(.*)$/;

export default defineReader({
  name: 'emsa',
  summary: 'Spectra of the EMSA/MAS standard (.msa, ISO 22029): EDS and EELS, values alone or pairs.',
  extensions: ['msa', 'emsa', 'ems', 'txt'],
  recognise: (head) => (FIRST.test(headText(head)) ? 'certain' : null),
  async open({ path }) {
    return contentsOf(splitLines(await readWholeText(path)), path);
  },
});

type Keywords = Readonly<Record<string, string>>;

function contentsOf(lines: readonly string[], path: string): FileContents {
  const oddities = createOddities();
  const { keywords, units, dataStart } = keywordsOf(lines, path);
  const numbers = numbersOf(lines, dataStart, path, oddities);
  const number = (key: string): number | null => leadingNumber(keywords[key] ?? null);
  const isPairs = /XY/i.test(keywords['DATATYPE'] ?? '');
  const width = isPairs ? 2 : 1;
  const count = Math.floor(numbers.length / width);
  const declared = number('NPOINTS');
  if (count === 0) throw brokenLine(path, dataStart + 1, 'there are no numbers below #SPECTRUM');
  if (declared !== null && declared !== count) oddities.note(`the header has ${declared} points, the file ${count}`);
  const values = Float64Array.from({ length: count }, (_, i) => numbers[i * width + width - 1]!);
  const coordinates = isPairs
    ? Float64Array.from({ length: count }, (_, i) => numbers[2 * i]!)
    : calibrated(count, number('XPERCHAN'), number('OFFSET'), path);
  const axis = axisOf(keywords, units);
  const isCounts = /count/i.test(keywords['YUNITS'] ?? '') && !/\/\s*s|per s/i.test(keywords['YUNITS'] ?? '');
  const isWhole = values.every((value) => Number.isInteger(value) && value >= 0);
  const isCounting = isCounts && isWhole && axis.method !== 'EELS';
  const spectrum = createSpectra(
    {
      name: axis.name,
      unit: axis.unit,
      quantity: isCounts ? 'counts' : 'intensity',
      valueUnit: '1',
      noise: isCounting ? 'poisson' : 'unknown',
    },
    oddities,
    (what, cause) => brokenLine(path, null, what, cause),
  );
  const seconds = number('LIVETIME') ?? number('INTEGTIME') ?? number('REALTIME') ?? milliseconds(number('DWELLTIME'));
  const frame = frameOf(spectrum({ coordinates, values }), {
    timeUs: stampIn(`${keywords['DATE'] ?? ''} ${keywords['TIME'] ?? ''}`, null),
    exposureUs: seconds !== null && seconds > 0 ? Math.round(seconds * 1e6) : null,
    numbers: numberIf('probeCurrent', number('PROBECUR'), 'nA'),
  });
  const facts = Object.fromEntries(
    Object.entries(keywords).filter(([key, value]) => value !== '' && key !== 'SPECTRUM'),
  );
  return heldContents({
    format: `EMSA/MAS ${keywords['VERSION'] ?? ''}`.trim(),
    modality: axis.method,
    series: [readySeries('', [frame], facts)],
    oddities: oddities.list,
  });
}

const milliseconds = (value: number | null): number | null => (value === null ? null : value / 1000);

function keywordsOf(lines: readonly string[], path: string) {
  const keywords: Record<string, string> = {};
  const units: Record<string, string> = {};
  for (let i = 0; i < lines.length; i++) {
    const [, key = '', unit = '', value = ''] = KEYWORD.exec(lines[i]!.slice(0, 500)) ?? [];
    const name = key.toUpperCase();
    if (/^\s*#\s*SPECTRUM\b/i.test(lines[i]!)) return { keywords, units, dataStart: i + 1 };
    if (name === '' || keywords[name] !== undefined) continue;
    keywords[name] = value.trim();
    units[name] = unit.replace('-', '').trim();
  }
  throw brokenLine(path, lines.length, 'there is no line #SPECTRUM');
}

/** The numbers below the header, however many on a line, with commas or blanks between. */
function numbersOf(lines: readonly string[], start: number, path: string, oddities: Oddities): number[] {
  const numbers: number[] = [];
  for (let i = start; i < lines.length; i++) {
    const line = lines[i]!.trim();
    if (/^#\s*(?:ENDOFDATA|CHECKSUM)/i.test(line)) return numbers;
    if (line === '' || line.startsWith('#')) continue;
    for (const field of line.split(/\s*,\s*|\s+/)) {
      const value = field === '' ? null : parseNumber(field, '.');
      if (field !== '' && value === null) throw brokenLine(path, i + 1, `'${field.slice(0, 40)}' is no number`);
      if (value !== null) numbers.push(value);
    }
    if (numbers.length > 2 * MAX_CHANNELS) throw brokenLine(path, i + 1, `more than ${MAX_CHANNELS} points`);
  }
  oddities.note('the file ends without #ENDOFDATA');
  return numbers;
}

/** OFFSET is the coordinate of the first value. */
function calibrated(count: number, step: number | null, offset: number | null, path: string): Float64Array {
  if (step === null || step === 0) throw brokenLine(path, null, 'the header has no #XPERCHAN, the width of a channel');
  return evenly(count, offset ?? 0, step);
}

function axisOf(keywords: Keywords, units: Keywords): { name: string; unit: string; method: string | null } {
  const signal = (keywords['SIGNALTYPE'] ?? '').toUpperCase();
  const label = (keywords['XLABEL'] ?? '').toLowerCase();
  const unit = textUnit(keywords['XUNITS'] || units['XPERCHAN'] || '');
  const isLoss = /EEL|ELS/.test(signal) || (signal === '' && /loss/.test(label));
  const method = isLoss ? 'EELS' : /EDS|EDX|XEDS|WDS/.test(signal) ? 'EDX' : signal === 'XPS' ? 'XPS' : null;
  const known = unit !== '1' ? unit : (/\b(keV|eV)\b/i.exec(keywords['XUNITS'] ?? '')?.[1] ?? '1');
  const code = /^kev$/i.test(known) ? 'keV' : /^ev$/i.test(known) ? 'eV' : known;
  return { name: isLoss ? 'energyLoss' : /eV$/.test(code) ? 'energy' : 'x', unit: code, method };
}
