import { MonitorError } from '../../src/model/error.ts';
import { defineReader, type FileContents } from '../../src/model/reader.ts';
import { axisName, modalityOf } from '../hdf5/axisName.ts';
import type { Hdf5Node } from '../hdf5/nodes.ts';
import { openHdf5, type Hdf5File } from '../hdf5/openHdf5.ts';
import { stackProblem, stackSeries, type Stack, type StackColumn } from '../hdf5/stack.ts';
import { secondsOf, unitCode } from '../hdf5/unitCode.ts';
import { evenly } from './binary/grid.ts';
import { brokenFile } from './binary/openBytes.ts';

const SIGNATURE = '\x89HDF\r\n\x1a\n';

export default defineReader({
  name: 'hyperspy',
  summary: 'Signals of HyperSpy (.hspy): spectra, and spectrum images with their calibrated axes.',
  extensions: ['hspy'],
  recognise({ text, extension }) {
    if (!text.startsWith(SIGNATURE)) return null;
    const isNamed = text.includes('HyperSpy') || (text.includes('Experiments') && text.includes('file_format'));
    return isNamed || extension === 'hspy' ? 'certain' : null;
  },
  async open({ path }) {
    const file = await openHdf5(path, path, undefined);
    try {
      return contentsOf(file, path);
    } catch (error) {
      file.close();
      throw error instanceof MonitorError ? error : brokenFile(path, 'the file cannot be read', error);
    }
  },
});

function contentsOf(file: Hdf5File, path: string): FileContents {
  const nodes = file.nodes();
  const broken = (what: string, cause?: unknown): MonitorError => brokenFile(path, what, cause);
  const oddities: string[] = [];
  const experiments = nodes.filter(({ parent, shape }) => parent === 'Experiments' && shape === null);
  const found = experiments.flatMap((experiment) => {
    const stack = stackOf(file, nodes, experiment, broken);
    if (typeof stack === 'string') oddities.push(stack);
    return typeof stack === 'string' ? [] : [{ stack, series: stackSeries(stack, broken) }];
  });
  const [first] = found;
  if (first === undefined)
    throw broken(`no spectra in this file${oddities.length === 0 ? '' : `: ${oddities.join('; ')}`}`);
  for (const { series } of found)
    if (series.descends)
      oddities.push(`the axis of '${series.name}' descends in the file; the spectra are turned round`);
  const { name, unit } = first.stack.meaning;
  return {
    format: `HyperSpy ${text(nodes[0], 'file_format_version')}`.trim(),
    modality: methodOf(first.stack.facts['signal'] ?? '') ?? modalityOf(name, unit),
    series: found.map(({ series: { descends: _, ...series } }) => ({
      ...series,
      name: found.length === 1 ? '' : series.name,
    })),
    slow: [],
    oddities,
    close: file.close,
  };
}

const text = (node: Hdf5Node | undefined, name: string): string => node?.attributes.get(name)?.[0] ?? '';
const number = (node: Hdf5Node, name: string, otherwise: number): number => {
  const written = text(node, name);
  return written !== '' && Number.isFinite(Number(written)) ? Number(written) : otherwise;
};

function methodOf(signal: string): string | null {
  if (/^EDS/i.test(signal)) return 'EDX';
  if (/^EELS/i.test(signal)) return 'EELS';
  return /raman/i.test(signal) ? 'Raman' : null;
}

/** @returns a sentence when the experiment holds no spectra. */
function stackOf(
  file: Hdf5File,
  nodes: readonly Hdf5Node[],
  experiment: Hdf5Node,
  broken: (what: string, cause?: unknown) => MonitorError,
): Stack | string {
  const at = (below: string): Hdf5Node | undefined => nodes.find(({ path }) => path === `${experiment.path}/${below}`);
  const data = at('data');
  const shape = data?.shape ?? [];
  if (data === undefined || data.numbers === null || shape.length === 0) return `'${experiment.name}' holds no numbers`;
  const problem = stackProblem(experiment.name, shape);
  if (problem !== null) return problem;
  const axes = shape.map((_, k) => at(`axis-${k}`) ?? at(`_list_${shape.length}_axes/axis-${k}`));
  const isSpectral = axes.map((axis, k) => {
    const navigates = axis === undefined ? '' : text(axis, 'navigate');
    return navigates === '' ? k === shape.length - 1 : !/^(true|1)$/i.test(navigates);
  });
  if (!isSpectral.at(-1) || isSpectral.filter(Boolean).length !== 1)
    return `'${experiment.name}' [${shape.join(', ')}] holds images, or its spectra do not lie along the last axis`;
  const coordinates = axes.map((axis, k) => coordinatesOf(file, nodes, axis, shape[k]!, broken));
  const last = axes.at(-1);
  const signal = text(at('metadata/Signal'), 'signal_type');
  const columns = axes.slice(0, -1).flatMap((axis, along) => columnOf(axis, along, coordinates[along]!));
  const isTime = ({ unit }: StackColumn): boolean => secondsOf(unit) !== null;
  const time = columns.find(isTime);
  const factor = time === undefined ? 1 : (secondsOf(time.unit) ?? 1);
  const isCounts = /^(EDS|EELS)/i.test(signal) || data.numbers === 'integer';
  const general = at('metadata/General');
  const facts = {
    title: text(general, 'title'),
    acquired: `${text(general, 'date')} ${text(general, 'time')}`.trim(),
    signal,
  };
  return {
    name: experiment.name,
    data: file.array(data.path),
    errors: null,
    coordinates: coordinates.at(-1)!,
    meaning: {
      name: methodOf(signal) === 'EELS' ? 'energyLoss' : axisName(last === undefined ? '' : text(last, 'name')),
      unit: last === undefined ? '1' : unitCode(text(last, 'units')),
      quantity: isCounts ? 'counts' : 'intensity',
      valueUnit: '1',
      noise: methodOf(signal) === 'EDX' || data.numbers === 'integer' ? 'poisson' : 'unknown',
    },
    columns: columns.filter((column) => column !== time),
    seconds: time === undefined ? null : { ...time, values: time.values.map((value) => value * factor) },
    exposures: null,
    startUs: null,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}

/** Evenly spaced by offset and scale, or a list of its own. */
function coordinatesOf(
  file: Hdf5File,
  nodes: readonly Hdf5Node[],
  axis: Hdf5Node | undefined,
  length: number,
  broken: (what: string) => MonitorError,
): Float64Array {
  if (axis === undefined) return evenly(length, 0, 1);
  const list = nodes.find(({ path, numbers }) => path === `${axis.path}/axis` && numbers !== null);
  if (list !== undefined) return file.vector(list.path, length);
  const scale = number(axis, 'scale', 1);
  if (scale === 0) throw broken(`'${axis.path}' has a scale of 0`);
  return evenly(length, number(axis, 'offset', 0), scale);
}

/** Where a spectrum lies along an axis: calibrated, or the number of the pixel. */
function columnOf(axis: Hdf5Node | undefined, along: number, values: Float64Array): StackColumn[] {
  const unit = axis === undefined ? '1' : unitCode(text(axis, 'units'));
  const name =
    (axis === undefined ? '' : text(axis, 'name')).replace(/^<undefined>$|^undefined$/i, '') || `axis${along}`;
  return [
    {
      name: { width: 'x', height: 'y' }[name] ?? name,
      unit,
      along,
      values: unit === '1' ? evenly(values.length, 0, 1) : values,
    },
  ];
}
