import { z } from 'zod';
import type { FrameOutlet, Packet } from '../../src/model/adapter.ts';
import { defineCodec } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { WireError } from '../../src/wire/wireError.ts';
import { axisSettings, declaredAxis } from '../declaredAxis.ts';
import { createImageReader } from './dectris/imageReader.ts';
import { isStreamV1 } from './dectris/looksLike.ts';
import type { DectrisMessage } from './dectris/message.ts';
import { createSeriesClock } from './dectris/seriesClock.ts';
import { readStreamV1 } from './dectris/streamV1.ts';
import { readStreamV2 } from './dectris/streamV2.ts';

const range = (what: string) =>
  z
    .tuple([z.int().min(0), z.int().min(1)])
    .refine(([from, to]) => from < to, 'expected the first pixel, and the one behind the last')
    .optional()
    .describe(what);

const config = z.strictObject({
  channel: z.string().optional().describe("Threshold to take, as 'threshold_1'; left out, the first."),
  project: z
    .enum(['x', 'y', 'none'])
    .default('x')
    .describe('x: columns are summed to a spectrum along x; y: rows, along y; none: the image as it is.'),
  region: z
    .strictObject({
      x: range('From the first pixel to the one behind the last.'),
      y: range('From the first pixel to the one behind the last.'),
    })
    .prefault({})
    .describe('Part of the image to take; left out, all.'),
  axis: axisSettings.describe('The axis of the spectrum, by pixel of the whole image; of x for images as they are.'),
  maxBytes: z
    .int()
    .positive()
    .default(WIRE_LIMITS.maxBytes)
    .describe('A larger message is refused unread.')
    .meta({ unit: 'By' }),
});

export default defineCodec({
  name: 'dectris',
  summary: 'Images of Dectris detectors, stream V1 and V2, summed to spectra.',
  config,
  example: { project: 'x', region: { y: [100, 200] }, axis: { name: 'twoTheta', unit: 'deg', offset: 5, step: 0.01 } },
  create({ maxBytes, axis, channel, project, region }, setting) {
    const limits = { ...WIRE_LIMITS, maxBytes, maxContainers: 1024 };
    const noise = setting.noise ?? 'poisson';
    const along = declaredAxis(axis, setting);
    const images = createImageReader(channel, { project, region, quantity: 'counts', unit: '1', noise, axis: along });
    const clock = createSeriesClock(setting);

    const take = (message: DectrisMessage, receivedUs: number, outlet: FrameOutlet): void => {
      if (message.kind === 'start') images.begin(message);
      if (message.kind !== 'image') return;
      const frame = images.read(message);
      const { seq, timeUs } = clock.place(message, receivedUs);
      frame.stream = setting.stream;
      frame.seq = seq;
      frame.timeUs = timeUs;
      frame.exposureUs = message.exposureUs;
      outlet.next(frame);
    };
    return {
      name: 'dectris',
      decode(packet, outlet) {
        try {
          take(readMessage(packet, limits), packet.receivedUs, outlet);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          outlet.reject({ reason: error.reason, detail: error.message, bytes: packet.bytes });
        }
      },
    };
  },
});

function readMessage({ bytes, parts = [] }: Packet, limits: typeof WIRE_LIMITS): DectrisMessage {
  const total = parts.reduce((sum, part) => sum + part.length, bytes.length);
  if (total > limits.maxBytes) throw new WireError('tooLarge', `${total} bytes, at most ${limits.maxBytes} are taken`);
  return isStreamV1(bytes) ? readStreamV1([bytes, ...parts], limits) : readStreamV2(bytes, limits);
}
