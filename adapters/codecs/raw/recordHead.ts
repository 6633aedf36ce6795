import type { AdapterSetting } from '../../../src/model/adapter.ts';
import type { MutableFrame } from '../../../src/model/frame.ts';
import { WIRE_LIMITS } from '../../../src/wire/limits.ts';
import { copyNumbers, WireArray } from '../../../src/wire/wireArray.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import { tagOf, widthOf } from './elements.ts';
import type { Element } from './elements.ts';

interface Place {
  readonly at: number;
  readonly type: Element;
}
type TimePlace = Place & { readonly unit: 's' | 'ms' | 'us' | 'ns' };

export interface RecordHeadSettings {
  readonly endianness: 'little' | 'big';
  readonly seq?: Place | undefined;
  readonly time?: TimePlace | undefined;
  readonly exposure?: TimePlace | undefined;
  readonly exposureMs?: number | undefined;
}

/** When a message came, and how many of its spectra are still to come, this one included. */
export interface Arrival {
  readonly receivedUs: number;
  readonly behind: number;
}

export interface RecordHead {
  /** Writes number, time and exposure into `frame`. @throws WireError 'garbage' or 'clock'. */
  read(record: Uint8Array, arrival: Arrival, frame: MutableFrame): void;
}

const US_PER = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 } as const;

/** Reads what stands before each spectrum, and makes up what does not. */
export function createRecordHead(
  { endianness, seq, time, exposure, exposureMs }: RecordHeadSettings,
  { framePeriodUs, resumeAfter }: Pick<AdapterSetting, 'framePeriodUs' | 'resumeAfter'>,
): RecordHead {
  const declaredUs = Math.round(exposureMs === undefined ? (framePeriodUs ?? 0) : exposureMs * 1e3);
  const one = new Float64Array(1);
  const numberAt = (record: Uint8Array, { at, type }: Place): number => {
    copyNumbers(new WireArray(tagOf(type, endianness), record.subarray(at, at + widthOf(type))), one);
    return one[0]!;
  };
  const count = seq === undefined ? null : unwrapped(seq.type);
  let next = resumeAfter === null ? 0 : resumeAfter.seq + 1;
  return {
    read(record, { receivedUs, behind }, frame) {
      const exposureUs =
        exposure === undefined ? declaredUs : Math.round(numberAt(record, exposure) * US_PER[exposure.unit]);
      if (!(exposureUs >= 0 && exposureUs < Infinity))
        throw new WireError('garbage', `exposure is ${exposureUs} us, expected a time from 0`);
      const timeUs =
        time === undefined ? receivedUs - behind * exposureUs : Math.round(numberAt(record, time) * US_PER[time.unit]);
      if (!(timeUs >= 0 && timeUs < WIRE_LIMITS.maxTimeUs))
        throw new WireError('clock', `time is ${timeUs} us, expected microseconds since 1970`);
      frame.seq = seq === undefined || count === null ? next++ : count(numberAt(record, seq));
      frame.timeUs = timeUs;
      frame.exposureUs = exposureUs;
    },
  };
}

/** Goes on counting where a short counter begins anew. */
function unwrapped(type: Element): (raw: number) => number {
  const period = type.startsWith('uint') && widthOf(type) <= 4 ? 2 ** (8 * widthOf(type)) : null;
  let last: number | null = null;
  return (raw) => {
    if (!Number.isSafeInteger(raw) || raw < 0)
      throw new WireError('garbage', `number ${raw}, expected a whole number from 0`);
    if (last === null || period === null) return (last = raw);
    const ahead = (((raw - last) % period) + period) % period;
    const next = ahead <= period / 2 ? last + ahead : last + ahead - period;
    return (last = next < 0 ? raw : next);
  };
}
