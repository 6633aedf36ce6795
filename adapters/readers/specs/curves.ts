import { parseNumber } from '../../ascii/numbers.ts';
import { parseStamp } from '../../ascii/time.ts';
import type { FrameNumber } from '../../../src/model/reader.ts';
import { MAX_CHANNELS } from '../binary/grid.ts';
import { leadingNumber } from '../text/headerFacts.ts';
import type { Points } from '../text/spectrum.ts';
import { brokenLine } from '../text/textFile.ts';

const KEY = /^#\s*([A-Za-z][^:]*?):\s*(.*)$/;
const PARAMETER = /^#\s*Parameter:\s*"([^"]*)"\s*=\s*(\S+)/;

/** One scan of one cycle of a region. */
export interface Curve {
  /** Number of its region in the file, from 0. */
  readonly region: number;
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  /** From 1, where it begins. */
  readonly line: number;
  readonly axis: { readonly name: string; readonly unit: string };
  readonly quantity: string;
  readonly unit: string;
  readonly points: Points;
  readonly timeUs: number | null;
  /** Of a point, in all scans that are summed. */
  readonly dwellSeconds: number | null;
  readonly numbers: readonly FrameNumber[];
}

/** What the comments have said so far. */
interface Setting {
  region: number;
  exported: Record<string, string>;
  group: string;
  facts: Record<string, string>;
  curve: Record<string, string>;
  numbers: Map<string, number>;
  /** Scans that are summed in a curve. */
  scans: number;
  /** What follows are readings beside the spectrum. */
  isExternal: boolean;
}

/**
 * The curves of an export, one by one.
 *
 * @param only - Number of the one region that is wanted; the others are passed over unread.
 * @throws MonitorError naming file and line.
 */
export async function* curvesOf(
  lines: AsyncIterable<string>,
  path: string,
  only: number | null = null,
): AsyncGenerator<Curve, void> {
  const said: Setting = {
    region: -1,
    exported: {},
    group: '',
    facts: {},
    curve: {},
    numbers: new Map(),
    scans: 1,
    isExternal: false,
  };
  let rows: number[][] = [];
  let begin = 0;
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber++;
    if (line.startsWith('#')) {
      if (rows.length > 0) yield curveOf(said, rows, begin);
      rows = [];
      hear(line, said);
      if (only !== null && said.region > only) return;
      continue;
    }
    if ((only !== null && said.region !== only) || line.trim() === '') continue;
    if (said.region < 0) throw brokenLine(path, lineNumber, 'numbers before any region');
    if (rows.length === 0) begin = lineNumber;
    const fields = line
      .trim()
      .split(/\s+/)
      .map((field) => parseNumber(field, '.'));
    // The last line of a file that is being written may be cut.
    if (fields.length < 2 || said.isExternal) continue;
    if (fields.includes(null)) throw brokenLine(path, lineNumber, 'expected an energy and a count rate');
    rows.push(fields as number[]);
    if (rows.length > MAX_CHANNELS) throw brokenLine(path, lineNumber, `a curve of more than ${MAX_CHANNELS} points`);
  }
  if (rows.length > 0) yield curveOf(said, rows, begin);
}

function hear(line: string, said: Setting): void {
  const parameter = PARAMETER.exec(line);
  if (parameter !== null) {
    const value = parseNumber(parameter[2]!, '.');
    if (value !== null && Number.isFinite(value)) said.numbers.set(parameter[1]!, value);
    return;
  }
  const [, key = '', value = ''] = KEY.exec(line.slice(0, 1000)) ?? [];
  if (key === 'Group') said.group = value.trim();
  else if (key === 'Region') {
    said.region++;
    said.facts = { Region: value.trim(), Group: said.group };
    said.curve = {};
    said.numbers = new Map();
    [said.scans, said.isExternal] = [1, false];
  } else if (said.region >= 0 && key.startsWith('External Channel Data')) said.isExternal = true;
  else if (key === 'Number of Scans') said.scans = Math.max(1, leadingNumber(value) ?? 1);
  else if (key === 'Cycle') {
    said.curve = {};
    said.isExternal = false;
    const cycle = /^(\d+)/.exec(value)?.[1];
    if (cycle !== undefined) said.numbers.set('cycle', Number(cycle));
    const scan = /Scan:\s*(\d+)/.exec(value)?.[1];
    if (scan === undefined) said.numbers.delete('scan');
    else said.numbers.set('scan', Number(scan));
  } else if (key !== '') {
    const target = said.region < 0 ? said.exported : said.numbers.has('cycle') ? said.curve : said.facts;
    target[key] = value.trim();
  }
}

function curveOf(said: Setting, rows: readonly (readonly number[])[], line: number): Curve {
  const { facts, curve, exported, region } = said;
  const labels = (curve['ColumnLabels'] ?? 'energy counts').split(/\s+/);
  const isIndex = labels[0] === 'index';
  const isBinding = /binding/i.test(exported['Energy Axis'] ?? '');
  const isRate = /\/s/.test(labels[1] ?? '') || /per second/i.test(exported['Count Rate'] ?? '');
  const dwell = leadingNumber(facts['Dwell Time'] ?? null);
  const stamp = curve['Acquisition Date'] ?? facts['Acquisition Date'] ?? '';
  return {
    region,
    name: facts['Region'] === '' ? `region ${region + 1}` : (facts['Region'] ?? ''),
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
    line,
    axis: isIndex
      ? { name: 'channel', unit: '1' }
      : { name: isBinding ? 'bindingEnergy' : 'kineticEnergy', unit: 'eV' },
    quantity: isRate ? 'countRate' : 'counts',
    unit: isRate ? 's-1' : '1',
    points: {
      coordinates: Float64Array.from(rows, (row) => row[0]!),
      values: Float64Array.from(rows, (row) => row[1]!),
    },
    timeUs: parseStamp(stamp, 'mdy', 0),
    dwellSeconds: dwell === null ? null : dwell * (said.numbers.has('scan') ? 1 : said.scans),
    numbers: [...said.numbers].map(([name, value]) => ({ name, value, unit: '1' })),
  };
}
