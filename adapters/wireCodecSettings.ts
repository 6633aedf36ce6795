import { z } from 'zod';
import type { AdapterSetting, Codec } from '../src/model/adapter.ts';
import { WIRE_LIMITS } from '../src/wire/limits.ts';
import { createWireCodec } from '../src/wire/wireCodec.ts';

/** What the codecs of our own format have in common. */
export const wireCodecSettings = z.strictObject({
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
});

/** A codec of our own format in one of its forms. */
export function wireCodecOf(
  form: Pick<Parameters<typeof createWireCodec>[0], 'name' | 'decodeItem'>,
  { stream, maxBytes }: z.output<typeof wireCodecSettings>,
  setting: AdapterSetting,
): Codec {
  const limits = { ...WIRE_LIMITS, maxBytes };
  return createWireCodec({ ...form, stream: setting.stream, noise: setting.noise, only: stream, limits });
}
