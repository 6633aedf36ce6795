import type { FrameNumber } from '../../../src/model/reader.ts';
import { evenly, MAX_CHANNELS } from '../binary/grid.ts';
import { axisOf, quantityOf, textUnit } from '../text/meaning.ts';
import type { Points } from '../text/spectrum.ts';
import type { LineWalk } from './lineWalk.ts';

const MOST_LINES = 1_000_000;
const MOST_BLOCKS = 100_000;
const SPUTTERED = ['MAPDP', 'MAPSVDP', 'SDP', 'SDPSV'];
const WITH_IONS = /^(?:FABMS|FABMS energy spec|ISS|SIMS|SIMS energy spec|SNMS|SNMS energy spec)$/;
const WITH_SPUTTER_SOURCE = /^(?:AES diff|AES dir|EDX|ELS|UPS|XPS|XRF)$/;

/** What stands before the blocks of a file. */
export interface Experiment {
  readonly mode: string;
  readonly scanMode: 'REGULAR' | 'IRREGULAR';
  readonly variables: readonly { readonly label: string; readonly unit: string }[];
  readonly futureBlockLines: number;
  readonly blockCount: number;
}

/** One spectrum of a VAMAS file. */
export interface Block {
  /** From 1, of its first line. */
  readonly line: number;
  readonly name: string;
  readonly sample: string;
  readonly technique: string;
  readonly species: string;
  readonly transition: string;
  readonly axis: { readonly name: string; readonly unit: string };
  readonly quantity: string;
  readonly unit: string;
  readonly points: Points;
  readonly timeUs: number | null;
  /** Of a channel: collection time by number of scans. */
  readonly exposureUs: number | null;
  readonly numbers: readonly FrameNumber[];
  readonly facts: Readonly<Record<string, string>>;
}

/** @throws MonitorError naming file and line. @see Dench, Hazell and Seah, Surf. Interface Anal. 13 (1988) 63. */
export function readExperiment(walk: LineWalk): Experiment {
  walk.skip(5, 'the header');
  walk.skip(walk.count('the number of comment lines', MOST_LINES), 'the comment');
  const mode = walk.text('the experiment mode').toUpperCase();
  const scanMode = walk.text('the scan mode').toUpperCase();
  if (scanMode !== 'REGULAR' && scanMode !== 'IRREGULAR')
    throw walk.broken(`scan mode '${scanMode.slice(0, 20)}' is not read, expected REGULAR or IRREGULAR`);
  if (['MAP', 'MAPDP', 'NORM', 'SDP'].includes(mode)) walk.number('the number of regions');
  if (['MAP', 'MAPDP'].includes(mode)) walk.skip(3, 'the size of the map');
  const variables = Array.from({ length: walk.count('the number of experimental variables', 100) }, () => ({
    label: walk.text('the label of a variable'),
    unit: walk.text('the unit of a variable'),
  }));
  const listed = walk.number('the number of entries in the list of parameters');
  if (listed !== 0) throw walk.broken('blocks that leave out parameters are not read');
  walk.skip(walk.count('the number of items entered by hand', MOST_LINES), 'the items entered by hand');
  const future = walk.count('the number of future entries', MOST_LINES);
  const futureBlockLines = walk.count('the number of future entries of a block', MOST_LINES);
  walk.skip(future, 'the future entries');
  const blockCount = walk.count('the number of blocks', MOST_BLOCKS);
  return { mode, scanMode, variables, futureBlockLines, blockCount };
}

/** @throws MonitorError naming file and line. */
export function readBlock(walk: LineWalk, experiment: Experiment, index: number): Block {
  const line = walk.lineNumber() + 1;
  const { mode, variables } = experiment;
  const name = walk.text(`block ${index + 1}`);
  const sample = walk.text('the sample');
  const timeUs = readTime(walk);
  walk.skip(walk.count('the number of comment lines', MOST_LINES), 'the comment of a block');
  const technique = walk.text('the technique');
  const place = ['MAP', 'MAPDP'].includes(mode) ? [walk.number('x'), walk.number('y')] : [];
  const stated = variables.map(({ label, unit }) => ({ label, unit, value: walk.number(`the value of ${label}`) }));
  const source = walk.text('the source');
  if (SPUTTERED.includes(mode) || WITH_IONS.test(technique)) walk.skip(3, 'the sputtering ion');
  const sourceEnergy = walk.number('the energy of the source');
  walk.skip(3, 'the source');
  if (['MAP', 'MAPDP', 'MAPSV', 'MAPSVDP', 'SEM'].includes(mode)) walk.skip(2, 'the field of view');
  if (['MAPSV', 'MAPSVDP', 'SEM'].includes(mode)) walk.skip(6, 'the line scans');
  walk.skip(2, 'the angles of the source');
  const analyser = walk.text('the mode of the analyser');
  const passEnergy = walk.number('the pass energy');
  if (technique === 'AES diff') walk.number('the differential width');
  walk.skip(7, 'the analyser');
  const species = walk.text('the species');
  const transition = walk.text('the transition');
  walk.number('the charge of the particle');
  const regular = experiment.scanMode === 'REGULAR' ? readAbscissa(walk) : null;
  const columns = Array.from({ length: walk.count('the number of variables', 100) }, () => ({
    label: walk.text('the label of a variable'),
    unit: walk.text('the unit of a variable'),
  }));
  walk.text('the signal mode');
  const collection = walk.number('the collection time') * walk.number('the number of scans');
  walk.number('the time correction');
  if (WITH_SPUTTER_SOURCE.test(technique) && SPUTTERED.includes(mode)) walk.skip(7, 'the sputtering source');
  walk.skip(3, 'the tilt of the sample');
  walk.skip(3 * walk.count('the number of further parameters', MOST_LINES), 'the further parameters');
  walk.skip(experiment.futureBlockLines, 'the future entries');
  const data = readValues(walk, regular, columns);
  const facts = {
    block: name,
    sample,
    technique,
    source,
    analyser,
    sourceEnergy: `${sourceEnergy} eV`,
    passEnergy: `${passEnergy} eV`,
  };
  return {
    line,
    name,
    sample,
    technique,
    species: known(species),
    transition: known(transition),
    ...data,
    timeUs,
    exposureUs: collection > 0 ? Math.round(collection * 1e6) : null,
    numbers: [
      ...stated.map(({ label, unit, value }) => ({ name: label, value, unit: textUnit(unit === 'd' ? '' : unit) })),
      ...place.map((value, k) => ({ name: 'xy'[k]!, value, unit: '1' })),
    ].filter(({ value }) => Number.isFinite(value)),
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '' && !value.startsWith('NaN'))),
  };
}

const known = (label: string): string => (/^(?:|not specified|-)$/i.test(label) ? '' : label);

function readTime(walk: LineWalk): number | null {
  const [year, month, day, hour, minute, second, zone] = Array.from({ length: 7 }, () => walk.number('the date')) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!(year > 1900) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= 31)) return null;
  return (Date.UTC(year, month - 1, day, hour, minute) + second * 1000 - (zone || 0) * 3.6e6) * 1000;
}

interface Abscissa {
  readonly label: string;
  readonly unit: string;
  readonly start: number;
  readonly step: number;
}

const readAbscissa = (walk: LineWalk): Abscissa => ({
  label: walk.text('the label of the axis'),
  unit: walk.text('the unit of the axis'),
  start: walk.number('the start of the axis'),
  step: walk.number('the step of the axis'),
});

/** Values of all variables in turn. Without an axis, the first of them is it. */
function readValues(
  walk: LineWalk,
  regular: Abscissa | null,
  columns: readonly { readonly label: string; readonly unit: string }[],
) {
  const width = columns.length;
  const needed = regular === null ? 2 : 1;
  if (width < needed) throw walk.broken(`${width} variables, expected at least ${needed}`);
  const count = walk.count('the number of values', MAX_CHANNELS * width);
  if (count > walk.remaining())
    throw walk.broken(`${count} values are declared, the file has ${walk.remaining()} more lines`);
  walk.skip(2 * width, 'the smallest and largest values');
  const rows = Math.floor(count / width);
  const numbers = Array.from({ length: width }, () => new Float64Array(rows));
  for (let i = 0; i < count; i++) {
    const value = walk.number('a value');
    if (i < rows * width) numbers[i % width]![Math.floor(i / width)] = value;
  }
  const at = needed - 1;
  const label = regular ?? columns[0]!;
  const { quantity, valueUnit: unit } = quantityOf(
    columns[at]!.label,
    columns[at]!.unit === 'd' ? '' : columns[at]!.unit,
  );
  const coordinates = regular === null ? numbers[0]! : evenly(rows, regular.start, regular.step);
  return { axis: axisOf(label.label, label.unit), quantity, unit, points: { coordinates, values: numbers[at]! } };
}
