import { z } from 'zod';
import { defineCodec } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { createLayoutInterner, spectrumLayout } from '../../src/model/layout.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { copyNumbers, WireArray } from '../../src/wire/wireArray.ts';
import { WireError } from '../../src/wire/wireError.ts';
import { axisSettings, declaredAxis } from '../declaredAxis.ts';
import { createRecordHead } from './raw/recordHead.ts';
import { ELEMENTS, tagOf, widthOf } from './raw/elements.ts';

const place = (what: string) =>
  z
    .strictObject({
      at: z.int().min(0).describe('Where it stands, bytes from the start of the spectrum.').meta({ unit: 'By' }),
      type: z.enum(ELEMENTS).describe('How it is written, in the byte order of the values.'),
    })
    .optional()
    .describe(what);
const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
const timed = (what: string) =>
  place(what)
    .unwrap()
    .extend({ unit: z.enum(TIME_UNITS).default('us').describe('Unit of the number.') })
    .optional()
    .describe(what);

const config = z
  .strictObject({
    element: z.enum(ELEMENTS).describe('Type of the values.'),
    endianness: z.enum(['little', 'big']).default('little').describe('Byte order of values and header.'),
    channels: z.int().min(1).max(WIRE_LIMITS.maxAxisLength).describe('Values of one spectrum.'),
    axis: axisSettings.describe('The axis of the spectra.'),
    quantity: z.string().min(1).default('counts').describe("'counts', 'intensity', 'absorbance'."),
    unit: z.string().min(1).default('1').describe('UCUM code of the values.'),
    headerBytes: z.int().min(0).max(65_536).default(0).describe('Before the values.').meta({ unit: 'By' }),
    seq: place('Number of the spectrum in the header; left out, they are counted.'),
    time: timed('Start of exposure in the header, since 1970; left out, the time of arrival less the exposure.'),
    exposure: timed('Live time in the header; left out, exposureMs.'),
    exposureMs: z
      .number()
      .positive()
      .optional()
      .describe('Live time where the header has none; left out, the frame period of the stream.')
      .meta({ unit: 'ms' }),
  })
  .superRefine(({ headerBytes, ...places }, context) => {
    for (const key of ['seq', 'time', 'exposure'] as const) {
      const found = places[key];
      if (found !== undefined && found.at + widthOf(found.type) > headerBytes)
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `lies beyond the ${headerBytes} bytes of the header`,
        });
    }
  });

export default defineCodec({
  name: 'raw',
  summary: 'Spectra as plain binary numbers of a declared layout, one or several to a message.',
  config,
  example: { element: 'uint32', channels: 2048, exposureMs: 100 },
  create(settings, setting) {
    const { channels, headerBytes, element, endianness } = settings;
    if (settings.exposure === undefined && settings.exposureMs === undefined && setting.framePeriodUs === null)
      throw new MonitorError('CONFIG', 'raw spectra need exposure, exposureMs or the framePeriod of the stream', {
        id: setting.stream,
      });
    const { isFalling, ...axis } = declaredAxis(settings.axis, setting)(0, channels);
    const { quantity, unit } = settings;
    const layout = createLayoutInterner()(spectrumLayout(axis, { quantity, unit, noise: setting.noise ?? 'poisson' }));
    const head = createRecordHead(settings, setting);
    const tag = tagOf(element, endianness);
    const recordBytes = headerBytes + channels * widthOf(element);
    const frame = makeFrame({
      stream: setting.stream,
      seq: 0,
      timeUs: 0,
      exposureUs: 0,
      layout,
      values: new Float64Array(channels),
    });
    return {
      name: 'raw',
      decode({ bytes, receivedUs }, outlet) {
        const count = bytes.length / recordBytes;
        if (count < 1 || !Number.isInteger(count)) {
          const detail = `${bytes.length} bytes, expected ${recordBytes} for each spectrum`;
          outlet.reject({ reason: count < 1 ? 'truncated' : 'length', detail, bytes });
          return;
        }
        for (let k = 0; k < count; k++) {
          const record = bytes.subarray(k * recordBytes, (k + 1) * recordBytes);
          try {
            head.read(record, { receivedUs, behind: count - k }, frame);
            copyNumbers(new WireArray(tag, record.subarray(headerBytes)), frame.values);
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
            outlet.reject({ reason: error.reason, detail: error.message, bytes: record });
            continue;
          }
          if (isFalling) frame.values.reverse();
          frame.flags = 0;
          frame.mask = undefined;
          outlet.next(frame);
        }
      },
    };
  },
});
