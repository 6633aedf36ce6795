import type { z } from 'zod';
import type { AdapterSetting } from '../../src/model/adapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import type { Frame, MutableFrame } from '../../src/model/frame.ts';
import { axisLength, checkAxis } from '../../src/model/layout.ts';
import type { Axis, Layout } from '../../src/model/layout.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { makeAscending } from './ascending.ts';
import type { Hdf5File, NumberArray } from './openHdf5.ts';
import type { scaled, StackSettings } from './stackSettings.ts';

const BLOCK_BYTES = 2 ** 20;

/** Spectra of a file, ready to be played. */
export interface DeclaredStack {
  readonly layout: Layout;
  /** Frames there are, with all that belongs to them. */
  readonly count: number;
  /** Fills a frame of the layout with what frame `seq` of the file is. */
  fill(frame: MutableFrame, seq: number): void;
  /** What was measured beside the frame that was filled last. */
  slow(frame: Frame, deliver: (sample: SlowSample) => void): void;
}

/**
 * Finds data, axes and what belongs to each frame.
 *
 * @param isLive - a file that is still written: some of its datasets may be ahead of others.
 * @throws MonitorError 'ADAPTER' when something is missing or does not fit.
 */
export function openStack(
  file: Hdf5File,
  settings: StackSettings,
  setting: AdapterSetting,
  isLive = false,
): DeclaredStack {
  const data = file.array(settings.data);
  const { layout, positions } = layoutOf(file, data, settings, setting);
  const lengths = [data.shape[0] ?? 0];
  const numbersOf = ({ path, factor }: Pick<z.output<typeof scaled>, 'path' | 'factor'>): Float64Array => {
    const numbers = isLive ? file.vector(path) : file.vector(path, data.shape[0] ?? 0);
    lengths.push(numbers.length);
    return numbers.map((value) => value * factor);
  };
  const times = settings.time && numbersOf(settings.time);
  const exposures = settings.exposure && numbersOf(settings.exposure);
  const signals = Object.entries(settings.signals).map(([name, rule]) => ({
    name,
    unit: rule.unit,
    numbers: numbersOf(rule),
  }));
  const rank = settings.orderBy === undefined ? null : numbersOf({ path: settings.orderBy, factor: 1 });
  const spreadPath = settings.variance ?? settings.error;
  const spreadData = spreadPath === undefined ? undefined : file.array(spreadPath);
  if (isLive && spreadData !== undefined) lengths.push(spreadData.shape[0] ?? 0);
  const count = Math.min(...lengths);
  const order = orderOf(count, rank);
  // Frames that are played in another order than they lie in are read one by one.
  const blockRows = rank === null ? Math.max(1, Math.floor(BLOCK_BYTES / (8 * layout.size))) : 1;
  const values = createRowReader(data, layout.size, positions, blockRows);
  const spread = spreadData && createRowReader(spreadData, layout.size, positions, blockRows);
  const variances = spread && new Float64Array(layout.size);
  const periodUs = setting.framePeriodUs ?? 1e6;
  const startUs = Date.parse(settings.start) * 1000;
  const declaredUs = settings.exposureMs === undefined ? periodUs : settings.exposureMs * 1e3;
  return {
    layout,
    count,
    fill(frame, seq) {
      const row = order[seq]!;
      frame.seq = seq;
      frame.timeUs = Math.round(startUs + (times === undefined ? seq * periodUs : times[row]! * 1e6));
      frame.exposureUs = exposures === undefined ? declaredUs : exposures[row]! * 1e6;
      values.read(row, frame.values);
      frame.variances = variances;
      if (variances !== undefined) spread?.read(row, variances);
      if (variances !== undefined && settings.variance === undefined) square(variances);
    },
    slow({ seq, timeUs }, deliver) {
      for (const { name, unit, numbers } of signals) {
        const value = numbers[order[seq]!]!;
        if (Number.isFinite(value)) deliver({ type: 'slow', name, timeUs, value, unit });
      }
    },
  };
}

function layoutOf(
  file: Hdf5File,
  data: NumberArray,
  settings: StackSettings,
  setting: AdapterSetting,
): { layout: Layout; positions: Uint32Array | null } {
  const lengths = data.shape.slice(1);
  const wrong = (what: string): MonitorError =>
    new MonitorError('ADAPTER', what, { id: setting.stream, path: settings.file });
  if (lengths.length !== settings.axes.length)
    throw wrong(
      `'${settings.data}' is [${data.shape.join(', ')}]: ${settings.axes.length} axes given for ${lengths.length} dimensions after the first`,
    );
  const axes = settings.axes.map(({ path: place, name, unit }, k): Axis => {
    const coordinates = file.vector(place);
    const placement = coordinates.length === lengths[k]! + 1 ? 'edge' : 'centre';
    const axis: Axis = { name, unit, placement, coordinates };
    if (axisLength(axis) !== lengths[k])
      throw wrong(`'${place}' has ${coordinates.length} numbers for ${lengths[k]} channels`);
    return axis;
  });
  const positions = makeAscending(axes);
  try {
    axes.forEach(checkAxis);
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  }
  const size = lengths.reduce((product, length) => product * length, 1);
  return { layout: { axes, size, ...settings.values, noise: setting.noise ?? 'poisson' }, positions };
}

function orderOf(count: number, by: Float64Array | null): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  return by === null ? rows : rows.sort((a, b) => by[a]! - by[b]! || a - b);
}

/** Reads rows one by one, from a block of rows that is filled where the row asked for begins. */
function createRowReader(source: NumberArray, size: number, positions: Uint32Array | null, blockRows: number) {
  const count = source.shape[0] ?? 0;
  const rows = Math.min(count, blockRows);
  const block = new Float64Array(rows * size);
  let from = 0;
  let to = 0;
  return {
    read(row: number, target: Float64Array): void {
      if (row < from || row >= to) {
        from = row;
        to = Math.min(count, row + rows);
        source.readRows(from, to, block.subarray(0, (to - from) * size));
      }
      const at = (row - from) * size;
      if (positions === null) target.set(block.subarray(at, at + size));
      else for (let i = 0; i < size; i++) target[i] = block[at + positions[i]!]!;
    },
  };
}

function square(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * values[i]!;
}
