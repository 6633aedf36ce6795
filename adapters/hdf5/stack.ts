import type { MonitorError } from '../../src/model/error.ts';
import { axisLength, type Layout } from '../../src/model/layout.ts';
import type { FileFrame, FileSeries, FrameNumber } from '../../src/model/reader.ts';
import { makeGrid, MAX_CHANNELS, type Grid, type GridMeaning } from '../readers/binary/grid.ts';
import type { NumberArray } from './openHdf5.ts';

const BLOCK_NUMBERS = 2 ** 17;
/** One step along the first dimension is read at once: a row of a map. */
const MAX_ROW_NUMBERS = 2 ** 24;
const MAX_FRAMES = 2 ** 22;

/** Numbers along one dimension of a stack, or along all of them together (`along` null). */
export interface StackColumn {
  readonly name: string;
  readonly unit: string;
  readonly along: number | null;
  readonly values: Float64Array;
}

/** A dataset whose last dimension is a spectrum. */
export interface Stack {
  readonly name: string;
  readonly data: NumberArray;
  /** Standard deviations, shaped like `data`. */
  readonly errors: NumberArray | null;
  /** Centres or edges of the last dimension. */
  readonly coordinates: Float64Array;
  readonly meaning: GridMeaning;
  readonly columns: readonly StackColumn[];
  /** Seconds, and live times in seconds. */
  readonly seconds: StackColumn | null;
  readonly exposures: StackColumn | null;
  /** Integer microseconds since 1970. */
  readonly startUs: number | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** What keeps a dataset of this shape from being a stack of spectra; null when nothing does. */
export function stackProblem(name: string, shape: readonly number[]): string | null {
  const channels = shape.at(-1) ?? 0;
  const count = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const perRow = (count / (shape.length > 1 ? shape[0]! : 1)) * channels;
  const fits = channels >= 1 && channels <= MAX_CHANNELS && count <= MAX_FRAMES && !(perRow > MAX_ROW_NUMBERS);
  return fits ? null : `'${name}' is [${shape.join(', ')}]: that are no spectra, or too many at once`;
}

/** @throws MonitorError made by `broken` when axis and data do not fit each other. */
export function stackSeries(
  stack: Stack,
  broken: (what: string, cause?: unknown) => MonitorError,
): FileSeries & { readonly descends: boolean } {
  const { name, data, coordinates, meaning, facts } = stack;
  const problem = stackProblem(name, data.shape);
  if (problem !== null) throw broken(problem);
  const channels = data.shape.at(-1) ?? 0;
  const lead = data.shape.slice(0, -1);
  const count = lead.reduce((product, extent) => product * extent, 1);
  const placement = coordinates.length === channels + 1 ? 'edge' : 'centre';
  const grid = makeGrid(coordinates, { ...meaning, placement }, (what, cause) => broken(`'${name}': ${what}`, cause));
  const axis = grid.layout.axes[0]!;
  if (axisLength(axis) !== channels)
    throw broken(`'${name}' has ${coordinates.length} coordinates for ${channels} channels`);
  return {
    name,
    frameCount: count,
    layout: grid.layout,
    shape: lead.length < 2 ? null : lead,
    facts,
    descends: grid.descends,
    frames: (from) => stackFrames(stack, grid, lead, count, from),
  };
}

function* stackFrames(
  stack: Stack,
  grid: Grid,
  lead: readonly number[],
  count: number,
  from: number,
): Generator<FileFrame> {
  const { columns, seconds, exposures, startUs } = stack;
  const { layout } = grid;
  const values = createSpectrumReader(stack.data, layout);
  const errors = stack.errors === null ? null : createSpectrumReader(stack.errors, layout);
  for (let i = from; i < count; i++) {
    const at = (column: StackColumn): number =>
      column.values[column.along === null ? i : placeAlong(i, lead, column.along)]!;
    const numbers: FrameNumber[] = [];
    for (const column of columns) {
      const value = at(column);
      if (Number.isFinite(value)) numbers.push({ name: column.name, unit: column.unit, value });
    }
    const since = seconds === null ? null : at(seconds);
    const spectrum = grid.ascending(values(i));
    yield {
      layout,
      values: spectrum,
      mask: maskOf(spectrum),
      variances: errors === null ? undefined : grid.ascending(errors(i).map((error) => error * error)),
      timeUs: startUs === null || since === null ? null : Math.round(startUs + since * 1e6),
      seconds: since,
      exposureUs: exposures === null ? null : at(exposures) * 1e6,
      numbers,
    };
  }
}

/** Channels that are no numbers are masked, and 0. */
function maskOf(values: Float64Array): Uint8Array | undefined {
  if (values.every(Number.isFinite)) return undefined;
  return Uint8Array.from(values, (value, i) => {
    if (Number.isFinite(value)) return 0;
    values[i] = 0;
    return 1;
  });
}

/** Index along one dimension of the i-th spectrum. */
function placeAlong(i: number, lead: readonly number[], along: number): number {
  let rest = i;
  for (let k = lead.length - 1; k > along; k--) rest = Math.floor(rest / lead[k]!);
  return rest % lead[along]!;
}

/** Reads blocks of rows along the first dimension; gives one spectrum, lent until the next. */
function createSpectrumReader({ shape, readRows }: NumberArray, { size }: Layout): (i: number) => Float64Array {
  const rows = shape.length === 1 ? 1 : shape[0]!;
  const perRow = shape.slice(1, -1).reduce((product, extent) => product * extent, 1);
  const blockRows = Math.max(1, Math.min(rows, Math.floor(BLOCK_NUMBERS / (perRow * size))));
  const block = new Float64Array(blockRows * perRow * size);
  const values = new Float64Array(size);
  let begin = 0;
  let end = 0;
  return (i) => {
    const row = Math.floor(i / perRow);
    if (row < begin || row >= end) {
      begin = end = row;
      const next = Math.min(rows, row + blockRows);
      if (shape.length === 1) readRows(0, size, block);
      else readRows(row, next, block.subarray(0, (next - row) * perRow * size));
      end = next;
    }
    const at = (i - begin * perRow) * size;
    values.set(block.subarray(at, at + size));
    return values;
  };
}
