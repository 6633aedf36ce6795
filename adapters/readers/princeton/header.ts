import type { NumberType } from '../binary/numbers.ts';
import { takeText } from '../binary/numbers.ts';
import type { ByteFile } from '../binary/openBytes.ts';

/** Where the numbers of a camera lie, and what is known of them. */
export interface SpeHeader {
  readonly version: string;
  readonly type: NumberType;
  readonly width: number;
  /** Rows of a frame; each is a spectrum. */
  readonly height: number;
  readonly count: number;
  /** Bytes from one frame to the next. */
  readonly stride: number;
  /** As in the file; null when it is not calibrated. */
  readonly coordinates: Float64Array | null;
  readonly unit: string;
  /** Start of the measurement, integer microseconds since 1970. */
  readonly startUs: number | null;
  readonly exposureUs: number | null;
  /** Of a start stamp behind each frame: its byte, and ticks per second. */
  readonly stamp: { readonly offset: number; readonly ticks: number; readonly zeroUs: number | null } | null;
  readonly facts: Readonly<Record<string, string>>;
  readonly oddities: readonly string[];
}

/** Data begin here, in all versions. */
export const DATA_AT = 4100;
const TYPES: Readonly<Record<number, NumberType>> = {
  0: 'f32',
  1: 'i32',
  2: 'i16',
  3: 'u16',
  5: 'f64',
  6: 'u8',
  8: 'u32',
};
const UNITS: Readonly<Record<number, string>> = { 2: 'nm', 3: 'cm-1', 4: 'cm-1' };
const CALIBRATION_AT = 3000;
const MAX_ORDER = 5;

export const headerView = (file: ByteFile): DataView => file.view(0, DATA_AT, 'the header');

/** The binary header of WinSpec, versions before 3. @throws MonitorError 'ADAPTER'. */
export function readWinSpec(file: ByteFile): SpeHeader {
  const view = headerView(file);
  const type = TYPES[view.getInt16(108, true)];
  if (type === undefined) throw file.broken(`the header has numbers of type ${view.getInt16(108, true)}`);
  const width = view.getUint16(42, true);
  const height = view.getUint16(656, true);
  const exposure = view.getFloat32(10, true);
  const facts = {
    acquired: `${takeText(view, 20, 10)} ${takeText(view, 172, 7).replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}`.trim(),
    comment: takeText(view, 200, 80),
    laser: view.getFloat64(CALIBRATION_AT + 311, true) > 0 ? `${view.getFloat64(CALIBRATION_AT + 311, true)} nm` : '',
  };
  const unit = UNITS[view.getUint8(CALIBRATION_AT + 100)];
  return {
    version: view.getFloat32(1992, true).toFixed(1),
    type,
    width,
    height,
    count: view.getInt32(1446, true),
    stride: width * height * (Number(type.slice(1)) / 8),
    coordinates: unit === undefined ? null : polynomial(view, width),
    unit: unit ?? '1',
    startUs: null,
    exposureUs: exposure > 0 && Number.isFinite(exposure) ? Math.round(exposure * 1e6) : null,
    stamp: null,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
    oddities: [],
  };
}

/** The calibration of the axis: a polynomial of pixels counted from 1; null when there is none. */
function polynomial(view: DataView, width: number): Float64Array | null {
  const order = view.getUint8(CALIBRATION_AT + 101);
  const isValid = view.getUint8(CALIBRATION_AT + 98) !== 0;
  if (!isValid || order < 1 || order > MAX_ORDER) return null;
  const factors = Array.from({ length: order + 1 }, (_, k) => view.getFloat64(CALIBRATION_AT + 263 + 8 * k, true));
  if (!factors.every(Number.isFinite)) return null;
  return Float64Array.from({ length: width }, (_, i) =>
    factors.reduceRight((sum, factor) => sum * (i + 1) + factor, 0),
  );
}
