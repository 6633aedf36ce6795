import { z } from 'zod';
import { defineCodec } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { decodeJsonItem } from '../../src/wire/jsonItem.ts';
import { createWireCodec } from '../../src/wire/wireCodec.ts';

export default defineCodec({
  name: 'json',
  summary: 'Frames, layouts and slow signals as JSON objects with plain arrays; null is a missing value.',
  config: z.strictObject({
    stream: z
      .string()
      .optional()
      .describe('Takes only frames that call their stream so, when several share the wire; left out, all.'),
    maxBytes: z
      .number()
      .int()
      .positive()
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger packet is refused unread.')
      .meta({ unit: 'By' }),
  }),
  example: {},
  create: ({ stream, maxBytes }, setting) =>
    createWireCodec({
      name: 'json',
      stream: setting.stream,
      noise: setting.noise,
      only: stream,
      limits: { ...WIRE_LIMITS, maxBytes },
      decodeItem: decodeJsonItem,
    }),
});
