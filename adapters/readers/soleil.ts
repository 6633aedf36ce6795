import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { readColumns } from './text/columns.ts';
import { frameOf, heldContents, numberIf, readySeries } from './text/contents.ts';
import { factsOf, leadingNumber, stampIn, type Facts } from './text/headerFacts.ts';
import { createOddities, type Oddities } from './text/oddities.ts';
import { createSpectra } from './text/spectrum.ts';
import { tableForm } from './text/tableForm.ts';
import { brokenLine, headText, readWholeText, splitLines } from './text/textFile.ts';

const LUCIA = /^# XAS \/ LUCIA/;
const ROCK = /^# ?This file has been produced by (?:extranormal|.*normal)|^#Data from HDF File:.*\n#Time at start=/m;

export default defineReader({
  name: 'soleil',
  summary: 'X-ray absorption of SOLEIL: scans of LUCIA (.dat), normalised quick scans of ROCK (.txt).',
  extensions: ['dat', 'txt'],
  recognise(head) {
    const text = headText(head);
    return LUCIA.test(text) || ROCK.test(text) ? 'certain' : null;
  },
  async open({ path }) {
    const text = await readWholeText(path);
    return contentsOf(text, path, LUCIA.test(text));
  },
});

function contentsOf(text: string, path: string, isLucia: boolean): FileContents {
  const oddities = createOddities();
  // LUCIA writes two tabs between most columns.
  const lines = splitLines(text).map((line) => line.replaceAll(/\t+/g, '\t'));
  const form = tableForm(lines);
  if (form === null) throw brokenLine(path, null, 'there are no three lines of numbers in it');
  const { columns } = readColumns(lines, form, path, oddities);
  const facts = factsOf(form.header);
  const spectrum = createSpectra(
    { name: 'energy', unit: 'eV', quantity: 'absorption', valueUnit: '1', noise: 'unknown' },
    oddities,
    (what, cause) => brokenLine(path, null, what, cause),
  );
  const values = isLucia ? luciaAbsorption(form.names, columns, path, oddities) : columns[1]!;
  const temperature = numberIf('temperature', leadingNumber(facts['Sample temperature (C)'] ?? null), 'Cel');
  const frame = frameOf(spectrum({ coordinates: columns[0]!, values }), {
    ...(isLucia ? luciaClock(facts, form.header) : rockClock(facts)),
    numbers: temperature,
  });
  oddities.note('the time has no zone; it is taken as UTC');
  return heldContents({
    format: isLucia ? 'SOLEIL LUCIA scan' : 'SOLEIL ROCK normalised scan',
    modality: 'XAS',
    series: [readySeries('', [frame], facts)],
    oddities: oddities.list,
  });
}

/** Fluorescence, corrected for dead time where it was, over the incident beam. */
function luciaAbsorption(
  names: readonly string[] | null,
  columns: readonly Float64Array[],
  path: string,
  oddities: Oddities,
): Float64Array {
  const at = (...labels: readonly string[]): Float64Array | undefined =>
    labels.map((label) => columns[names?.indexOf(label) ?? -1]).find((column) => column?.some((value) => value > 0));
  const incident = at('Io', 'I0');
  const fluorescence = at('FY_c', 'FY');
  if (incident === undefined || fluorescence === undefined)
    throw brokenLine(path, null, `no columns Io and FY, but ${names?.join(', ') ?? 'none'}`);
  const taken = columns[names?.indexOf('FY_c') ?? -1] === fluorescence ? 'FY_c' : 'FY';
  oddities.note(`the absorption is ${taken} / Io`);
  return fluorescence.map((value, i) => value / incident[i]!);
}

const FRENCH_MONTHS = ['janv', 'f.vr', 'mars', 'avr', 'mai', 'juin', 'juil', 'ao.t', 'sept', 'oct', 'nov', 'd.c'];

/** Day in French words, time of day beside it. */
function luciaClock(facts: Facts, header: readonly string[]) {
  const [, day, word = '', year] = /(\d{1,2})\s+(\S+)\s+(\d{4})/.exec(facts['Date'] ?? '') ?? [];
  const month = FRENCH_MONTHS.findIndex((name) => new RegExp(`^${name}`, 'iu').test(word)) + 1;
  const clock = (label: string): number | null => {
    const time = facts[label];
    return month === 0 || time === undefined ? null : stampIn(`${year}-${month}-${day} ${time}`, 'ymd');
  };
  const timeUs = clock('Start of this scan');
  const step = header
    .map((line) => /^##\s*\d+\s+(?:\S+\s+){3}(\S+)/.exec(line)?.[1])
    .find((each) => each !== undefined);
  const stepSeconds = leadingNumber(step ?? null);
  return { timeUs, exposureUs: stepSeconds === null ? null : stepSeconds * 1e6 };
}

function rockClock(facts: Facts) {
  const seconds = leadingNumber(facts['Time from start (seconds)'] ?? null);
  return {
    timeUs: stampIn(facts['Time at start'] ?? '', 'ymd'),
    exposureUs: seconds !== null && seconds > 0 ? Math.round(seconds * 1e6) : null,
  };
}
