import { z } from 'zod';
import type { AdapterSetting } from '../../src/model/adapter.ts';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { axisLength, checkAxis } from '../../src/model/layout.ts';
import type { Axis, Layout } from '../../src/model/layout.ts';
import { meaning, timing } from '../files/settings.ts';
import { hasRoom } from '../hasRoom.ts';
import { makeAscending } from '../hdf5/ascending.ts';
import { openHdf5 } from '../hdf5/openHdf5.ts';
import type { Hdf5File, NumberArray } from '../hdf5/openHdf5.ts';

const BLOCK_BYTES = 2 ** 20;

const path = z.string().min(1).describe('Path of a dataset in the file.');
const scaled = z.strictObject({
  path,
  unit: z.string().default('1').describe('UCUM code.'),
  factor: z.number().default(1).describe('Multiplies the numbers.'),
});

const config = z.strictObject({
  file: z.string().min(1).describe('The HDF5 or NeXus file, relative to the pipeline file.'),
  data: z.string().min(1).describe('Path of the dataset [frames, ..., channels].'),
  axes: z
    .array(z.strictObject({ path, name: z.string().min(1), unit: z.string().min(1) }))
    .min(1)
    .describe(
      'Coordinates of the dimensions after the first, slowest first: centres, or edges when there is one more.',
    ),
  values: meaning.values,
  error: z.string().optional().describe('Dataset like `data` with one standard deviation.'),
  variance: z.string().optional().describe('Dataset like `data` with the variance.'),
  orderBy: z
    .string()
    .optional()
    .describe('Dataset with one number per frame; frames are played in its ascending order.'),
  time: scaled.optional().describe('Dataset with seconds since `start`, after its factor, one per frame.'),
  exposure: scaled.optional().describe('Dataset with the live time in seconds, after its factor, one per frame.'),
  signals: z.record(z.string(), scaled).default({}).describe('Slow signals: datasets with one number per frame.'),
  ...timing,
});
type Config = z.output<typeof config>;

export default defineSource({
  name: 'hdf5',
  summary: 'Plays a stack of spectra from an HDF5 or NeXus file, block by block.',
  config,
  example: {
    file: 'scan.nxs',
    data: 'entry/data/intensity',
    axes: [{ path: 'entry/data/energy', name: 'energy', unit: 'eV' }],
  },
  create: (settings, setting) => ({
    name: 'hdf5',
    async run(outlet, signal) {
      const file = await openHdf5(setting.resolvePath(settings.file), setting.stream, settings.sourceNote);
      try {
        const stack = openStack(file, settings, setting);
        const { layout, order, signals } = stack;
        const frame = makeFrame({
          stream: setting.stream,
          seq: 0,
          timeUs: 0,
          exposureUs: 0,
          layout,
          values: new Float64Array(layout.size),
        });
        const variances = stack.spread && new Float64Array(layout.size);
        for (let seq = 1 + (setting.resumeAfter?.seq ?? -1); seq < order.length; seq++) {
          const row = order[seq]!;
          frame.seq = seq;
          frame.timeUs = stack.timeUs(seq, row);
          frame.exposureUs = stack.exposureUs(row);
          stack.values.read(row, frame.values);
          frame.variances = variances;
          if (variances !== undefined) stack.spread?.read(row, variances);
          if (variances !== undefined && settings.variance === undefined) square(variances);
          for (const { name, unit, numbers } of signals)
            if (Number.isFinite(numbers[row]))
              outlet.next({ type: 'slow', name, timeUs: frame.timeUs, value: numbers[row]!, unit });
          outlet.next(frame);
          if (!(await hasRoom(outlet, signal))) return;
        }
      } finally {
        file.close();
      }
    },
  }),
});

function openStack(file: Hdf5File, settings: Config, setting: AdapterSetting) {
  const data = file.array(settings.data);
  const count = data.shape[0] ?? 0;
  const { layout, positions } = layoutOf(file, data, settings, setting);
  const periodUs = setting.framePeriodUs ?? 1e6;
  const startUs = Date.parse(settings.start) * 1000;
  const numbersOf = (rule: z.output<typeof scaled>): Float64Array =>
    file.vector(rule.path, count).map((value) => value * rule.factor);
  const times = settings.time && numbersOf(settings.time);
  const exposures = settings.exposure && numbersOf(settings.exposure);
  const declaredUs = settings.exposureMs === undefined ? periodUs : settings.exposureMs * 1e3;
  const spread = settings.variance ?? settings.error;
  const order = orderOf(count, settings.orderBy === undefined ? null : file.vector(settings.orderBy, count));
  // Frames that are played in another order than they lie in are read one by one.
  const blockRows = order.every((row, i) => row === i) ? Math.max(1, Math.floor(BLOCK_BYTES / (8 * layout.size))) : 1;
  const reader = (source: NumberArray) => createRowReader(source, layout.size, positions, blockRows);
  return {
    layout,
    order,
    values: reader(data),
    spread: spread === undefined ? undefined : reader(file.array(spread)),
    timeUs: (seq: number, row: number): number =>
      Math.round(startUs + (times === undefined ? seq * periodUs : times[row]! * 1e6)),
    exposureUs: (row: number): number => (exposures === undefined ? declaredUs : exposures[row]! * 1e6),
    signals: Object.entries(settings.signals).map(([name, rule]) => ({
      name,
      unit: rule.unit,
      numbers: numbersOf(rule),
    })),
  };
}

function layoutOf(
  file: Hdf5File,
  data: NumberArray,
  settings: Config,
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
