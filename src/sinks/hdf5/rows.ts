import type { Alert } from '../../model/alert.ts';
import type { Frame } from '../../model/frame.ts';
import type { GrowingColumn, GrowingFileOptions, Numbers } from './growingFile.ts';

/** What a file of frames has to have room for. */
export interface FrameForm {
  readonly hasErrors: boolean;
  /** Names of slow signals, sorted. */
  readonly signals: readonly string[];
}

type FileParts = Omit<GrowingFileOptions, 'path'>;
type Rows = Readonly<Record<string, Numbers | readonly string[]>>;

const TIME = { units: 's', long_name: 'start of exposure since start_time' };
const scalar = (name: string, type: GrowingColumn['type'], units: string): GrowingColumn => ({
  ...{ name, type, width: null },
  attributes: { units },
});

/** The form that this frame needs, with what earlier frames needed. */
export function formOf(frame: Frame, before: FrameForm | undefined): FrameForm {
  const hasErrors = frame.variances !== undefined || before?.hasErrors === true;
  const missing = Object.keys(frame.context).filter((name) => before?.signals.includes(name) !== true);
  if (before !== undefined && missing.length === 0 && hasErrors === before.hasErrors) return before;
  return { hasErrors, signals: [...(before?.signals ?? []), ...missing].sort() };
}

/** NXdata of frames: values [frame, channel] against time and the axes; a frame of several axes is one row. */
export function frameFile(
  { layout, timeUs }: Frame,
  form: FrameForm,
  entry: Readonly<Record<string, string>>,
): FileParts {
  const width = layout.size;
  const axis = layout.axes.length === 1 ? layout.axes[0]?.name : undefined;
  return {
    entry: { ...entry, start_time: isoTime(timeUs) },
    attributes: { signal: 'values', axes: ['time', axis ?? '.'] },
    fixed: layout.axes.map(({ name, unit, coordinates }) => ({ name, unit, values: coordinates })),
    columns: [
      {
        name: 'values',
        type: 'float',
        width,
        attributes: { units: layout.unit, long_name: layout.quantity, noise: layout.noise },
      },
      ...(form.hasErrors
        ? [{ name: 'values_errors', type: 'float' as const, width, attributes: { units: layout.unit } }]
        : []),
      { name: 'mask', type: 'byte', width, attributes: { long_name: '1 = do not use' } },
      { name: 'time', type: 'float', width: null, attributes: TIME },
      scalar('exposure', 'float', 's'),
      scalar('unseen_exposure', 'float', 's'),
      scalar('seq', 'long', '1'),
      ...form.signals.map((name) => scalar(`signal_${name}`, 'float', '1')),
    ],
  };
}

export function frameRows(frames: readonly Frame[], form: FrameForm, zeroUs: number): Rows {
  const spread = (fill: (frame: Frame, i: number) => number): Float64Array => {
    const size = frames[0]?.layout.size ?? 0;
    const rows = new Float64Array(frames.length * size);
    frames.forEach((frame, k) => {
      for (let i = 0; i < size; i++) rows[k * size + i] = fill(frame, i);
    });
    return rows;
  };
  const each = (of: (frame: Frame) => number): Float64Array => Float64Array.from(frames, of);
  return {
    values: spread(({ values }, i) => values[i]!),
    values_errors: form.hasErrors ? spread(({ variances }, i) => Math.sqrt(variances?.[i] ?? NaN)) : [],
    mask: Uint8Array.from(spread(({ mask }, i) => mask?.[i] ?? 0)),
    time: each(({ timeUs }) => (timeUs - zeroUs) / 1e6),
    exposure: each(({ exposureUs }) => exposureUs / 1e6),
    unseen_exposure: each(({ unseenExposureUs }) => unseenExposureUs / 1e6),
    seq: BigInt64Array.from(frames, ({ seq }) => BigInt(seq)),
    ...Object.fromEntries(form.signals.map((name) => [`signal_${name}`, each(({ context }) => context[name] ?? NaN)])),
  };
}

/** Alerts, one row for each transition. */
export const alertFile = (timeUs: number, entry: Readonly<Record<string, string>>): FileParts => ({
  entry: { ...entry, start_time: isoTime(timeUs) },
  attributes: { signal: 'seq', axes: ['time'] },
  fixed: [],
  columns: [
    { name: 'time', type: 'float', width: null, attributes: TIME },
    scalar('seq', 'long', '1'),
    ...['rule', 'phase', 'severity'].map((name): GrowingColumn => ({
      name,
      type: 'text',
      width: null,
      attributes: {},
    })),
  ],
});

export const alertRows = (alerts: readonly Alert[], zeroUs: number): Rows => ({
  time: Float64Array.from(alerts, ({ timeUs }) => (timeUs - zeroUs) / 1e6),
  seq: BigInt64Array.from(alerts, ({ seq }) => BigInt(seq)),
  rule: alerts.map(({ rule }) => rule),
  phase: alerts.map(({ phase }) => phase),
  severity: alerts.map(({ severity }) => severity),
});

const isoTime = (timeUs: number): string => new Date(Math.floor(timeUs / 1000)).toISOString();
