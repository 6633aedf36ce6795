import { z } from 'zod';

const level = z.string().regex(/^[^/+#]+$/, 'expected one topic level, without / + #');

const mqtt = z.strictObject({
  url: z
    .string()
    .regex(/^(mqtts?|wss?):\/\//, "expected an address that begins with 'mqtt://' or 'mqtts://'")
    .describe('The broker.'),
  site: level.default('lab').describe('Site in the topic operando/v1/{site}/{instrument}/cmd/exposure.'),
  version: z.enum(['auto', '3.1.1', '5']).default('auto').describe('MQTT version; auto begins with 5.'),
  username: z.string().optional().describe('For brokers with accounts.'),
  password: z.string().optional().describe("As '${NAME}', from the environment."),
});

const simulator = z.strictObject({
  stream: z.string().min(1).describe('A simulated stream of this monitor.'),
});

/** Section `exposure` of the pipeline file: that the advice on exposure is obeyed. */
export const exposureSection = z.strictObject({
  from: z.string().min(1).describe('Id of the dose.exposure stage whose advice is sent; it needs nominalExposureMs.'),
  consent: z
    .literal(true, { error: 'expected true: the exposure of an instrument is commanded with consent only' })
    .describe('That the monitor may command the exposure.'),
  atMostEveryMs: z
    .number()
    .min(1)
    .max(60_000)
    .default(100)
    .describe('Least time between two commands; the newest advice is sent when it is over.')
    .meta({ unit: 'ms' }),
  to: z
    .discriminatedUnion('use', [
      z.strictObject({ use: z.literal('mqtt'), with: mqtt }),
      z.strictObject({ use: z.literal('simulator'), with: simulator }),
    ])
    .describe('The instrument: whoever listens to the topic of a broker, or a simulated stream.'),
});
export type ExposureSection = z.output<typeof exposureSection>;
