import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { runMqttSubscription } from '../links/mqttSubscription.ts';

const level = z.string().regex(/^[^/+#]+$/, 'expected one topic level, without / + #');

const config = z
  .strictObject({
    url: z
      .string()
      .regex(/^(mqtts?|wss?):\/\//, "expected an address that begins with 'mqtt://' or 'mqtts://'")
      .describe('The broker.'),
    topics: z
      .array(
        z
          .string()
          .min(1)
          // Shared subscriptions hand the packets of one stream to several receivers, and out of order.
          .refine((topic) => !topic.startsWith('$share/'), 'a shared subscription would tear the stream apart'),
      )
      .min(1)
      .optional()
      .describe('Topics to subscribe to, when they are not those of `operando`.'),
    operando: z
      .strictObject({
        site: level.describe('Site in the topic.'),
        instrument: level.describe('Instrument in the topic.'),
        stream: level.optional().describe('Stream in the topic; left out, the name of the stream.'),
      })
      .optional()
      .describe(
        'Subscribes to frames/{stream}, layouts/{stream} and signals/+ under operando/v1/{site}/{instrument}/.',
      ),
    qos: z
      .union([z.literal(0), z.literal(1)])
      .default(0)
      .describe('1: the broker repeats what was not acknowledged.'),
    version: z.enum(['auto', '3.1.1', '5']).default('auto').describe('MQTT version; auto begins with 5.'),
    username: z.string().optional().describe('For brokers with accounts.'),
    password: z.string().optional().describe("As '${NAME}', from the environment."),
    clientId: z.string().optional().describe('Left out, one is made up.'),
    caFile: z.string().optional().describe('Certificate authority of the broker, for mqtts.'),
  })
  .refine(
    ({ topics, operando }) => (topics === undefined) !== (operando === undefined),
    'expected either topics or operando',
  );

export default defineTransport({
  name: 'mqtt',
  summary: 'Packets from an MQTT broker, 3.1.1 or 5.',
  config,
  example: { url: 'mqtt://127.0.0.1:1883', operando: { site: 'lab', instrument: 'xrd' } },
  create: (settings, setting) => ({
    name: 'mqtt',
    async run(outlet, signal) {
      const { url, qos, version, username, password, clientId, caFile, operando } = settings;
      const root = `operando/v1/${operando?.site}/${operando?.instrument}`;
      const stream = operando?.stream ?? setting.stream;
      // The layout is asked for first, so that it is there before the frames.
      const topics =
        settings.topics === undefined
          ? [[`${root}/layouts/${stream}`], [`${root}/signals/+`, `${root}/frames/${stream}`]]
          : [settings.topics];
      const client = {
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(caFile === undefined ? {} : { ca: readFileSync(setting.resolvePath(caFile)) }),
      };
      await runMqttSubscription({ url, topics, qos, version, client }, outlet, signal);
    },
  }),
});
