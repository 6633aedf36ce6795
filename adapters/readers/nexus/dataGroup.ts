import { axisName, isSpectral } from '../../hdf5/axisName.ts';
import type { Hdf5Node } from '../../hdf5/nodes.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import type { Stack, StackColumn } from '../../hdf5/stack.ts';
import { secondsOf, unitCode } from '../../hdf5/unitCode.ts';
import { evenly } from '../binary/grid.ts';

const ERRORS = /^errors?$|_errors?$|^uncertaint(y|ies)$|^sigma$/i;
const EXPOSURE = /^(count|live|exposure|integration)_?time$/i;
const TIME = /^(time|elapsed_?time|timestamps?|time_stamp)$/i;
/** Seconds since 1970, rather than since the beginning. */
const IS_EPOCH = 1e8;

/** A dataset of spectra, and what stands beside it. */
export interface DataGroup {
  readonly name: string;
  readonly signal: Hdf5Node;
  /** Names of the axes of the signal, slowest first; '' or '.' where there is none. */
  readonly axes: readonly string[];
  /** Datasets of numbers in the same group. */
  readonly beside: readonly Hdf5Node[];
  readonly startUs: number | null;
  readonly facts: Readonly<Record<string, string>>;
}

export const attribute = (node: Hdf5Node | undefined, name: string): string => node?.attributes.get(name)?.[0] ?? '';

/** The stack of a group; null when no axis fits and one is `required`. @throws MonitorError 'ADAPTER' when something cannot be read. */
export function stackOf(file: Hdf5File, group: DataGroup, required: boolean): Stack | null {
  const { name, signal, axes, beside, startUs, facts } = group;
  const shape = signal.shape ?? [];
  const channels = shape.at(-1) ?? 0;
  const lead = shape.slice(0, -1);
  const fits = (node: Hdf5Node): boolean =>
    node.shape?.length === 1 && (node.shape[0] === channels || node.shape[0] === channels + 1);
  const axis = axisNode(axes.at(-1) ?? '', beside, fits, lead.length > 0 ? axes.slice(0, -1) : []);
  if (axis === undefined && required) return null;
  const spread = beside.find((node) => ERRORS.test(node.name) && sameShape(node, shape));
  const columns = beside
    .filter((node) => node !== axis && node !== spread && node !== signal && !ERRORS.test(node.name))
    .flatMap((node) => columnOf(file, node, lead, axes));
  const seconds = timeOf(
    columns.find(({ name: word, unit }) => TIME.test(word) && (secondsOf(unit) !== null || unit === '1')),
  );
  const exposures = columns.find(({ name: word }) => EXPOSURE.test(word)) ?? null;
  const coordinates = axis === undefined ? evenly(channels, 0, 1) : file.vector(axis.path);
  const unit = unitCode(attribute(axis, 'units') || attribute(axis, 'unit'));
  const isCounts = signal.numbers === 'integer' || /^counts?$/i.test(attribute(signal, 'units'));
  return {
    name,
    data: file.array(signal.path),
    errors: spread === undefined ? null : file.array(spread.path),
    coordinates,
    meaning: {
      name: axis === undefined ? 'channel' : axisName(axis.name),
      unit,
      quantity: isCounts ? 'counts' : 'intensity',
      valueUnit: isCounts ? '1' : unitCode(attribute(signal, 'units')),
      noise: spread !== undefined ? 'gaussian' : isCounts ? 'poisson' : 'unknown',
    },
    columns: columns.filter((column) => column !== seconds.column && column !== exposures),
    seconds: seconds.relative,
    exposures: exposures === null ? null : inSeconds(exposures),
    startUs: seconds.startUs ?? startUs,
    facts,
  };
}

const sameShape = (node: Hdf5Node, shape: readonly number[]): boolean =>
  node.shape?.length === shape.length && node.shape.every((extent, k) => extent === shape[k]);

/** The axis that is named; without a name, one that fits, preferably one that sounds like an axis of spectra. */
function axisNode(
  named: string,
  beside: readonly Hdf5Node[],
  fits: (node: Hdf5Node) => boolean,
  others: readonly string[],
): Hdf5Node | undefined {
  const found = beside.find((node) => node.name === named && fits(node));
  if (found !== undefined) return found;
  if (named === '.') return undefined;
  const candidates = beside.filter((node) => fits(node) && !others.includes(node.name) && !ERRORS.test(node.name));
  return candidates.find(({ name }) => isSpectral(name)) ?? candidates[0];
}

/** Numbers of the spectra: one for each, or one for each step along a dimension. */
function columnOf(file: Hdf5File, node: Hdf5Node, lead: readonly number[], axes: readonly string[]): StackColumn[] {
  const shape = node.shape ?? [];
  const isWhole = lead.length > 1 && sameShape(node, lead);
  const named = axes.indexOf(node.name);
  const along =
    named >= 0 && named < lead.length ? named : lead.findIndex((extent) => shape.length === 1 && extent === shape[0]);
  if (!isWhole && (along < 0 || shape.length !== 1 || shape[0] !== lead[along])) return [];
  const unit = unitCode(attribute(node, 'units') || attribute(node, 'unit'));
  return [{ name: node.name, unit, along: isWhole ? null : along, values: file.vector(node.path) }];
}

const inSeconds = (column: StackColumn): StackColumn => {
  const factor = secondsOf(column.unit) ?? 1;
  return { ...column, values: column.values.map((value) => value * factor) };
};

/** Times since the first spectrum; those since 1970 also say when that was. */
function timeOf(column: StackColumn | undefined): {
  column: StackColumn | null;
  relative: StackColumn | null;
  startUs: number | null;
} {
  if (column === undefined) return { column: null, relative: null, startUs: null };
  const absolute = inSeconds(column);
  const first = absolute.values[0] ?? 0;
  if (!(first > IS_EPOCH)) return { column, relative: absolute, startUs: null };
  const relative = { ...absolute, values: absolute.values.map((value) => value - first) };
  return { column, relative, startUs: Math.round(first * 1e6) };
}
