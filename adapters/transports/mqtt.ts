import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { duration } from '../../src/model/duration.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { runMqttSubscription } from '../links/mqttSubscription.ts';
import { SHARED, sharedSetting } from '../links/sharedSubscription.ts';
import { CERTIFICATE_AND_KEY, hasCertificateAndKey, readTls, tlsSettings, UNCHECKED } from '../links/tlsSettings.ts';

const level = z.string().regex(/^[^/+#]+$/, 'expected one topic level, without / + #');
const isShared = (topic: string): boolean => topic.startsWith('$share/');
/** A broker that is silent for half as long again is lost, seconds. */
const KEEP_ALIVE_S = 10;
const US_PER_S = 1e6;

const config = z
  .strictObject({
    url: z
      .string()
      .regex(/^(mqtts?|wss?):\/\//, "expected an address that begins with 'mqtt://' or 'mqtts://'")
      .describe('The broker.'),
    topics: z
      .array(z.string().min(1))
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
    allowShared: sharedSetting,
    qos: z
      .union([z.literal(0), z.literal(1)])
      .default(0)
      .describe('1: the broker repeats what was not acknowledged.'),
    version: z.enum(['auto', '3.1.1', '5']).default('auto').describe('MQTT version; auto begins with 5.'),
    username: z.string().optional().describe('For brokers with accounts.'),
    password: z.string().optional().describe("As '${NAME}', from the environment."),
    clientId: z.string().min(1).optional().describe('Left out, one is made up.'),
    session: duration
      .optional()
      .describe(
        'How long the broker keeps what comes with qos 1 while this monitor is away; needs clientId. Version 3.1.1 keeps it as long as the broker likes. Left out, nothing is kept.',
      ),
    maxBytes: z
      .int()
      .positive()
      .max(268_435_455)
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger packet is refused; by a broker of version 5, before it is sent.')
      .meta({ unit: 'By' }),
    ...tlsSettings,
  })
  .refine(
    ({ topics, operando }) => (topics === undefined) !== (operando === undefined),
    'expected either topics or operando',
  )
  .refine(({ topics = [], allowShared }) => allowShared || !topics.some(isShared), {
    path: ['topics'],
    message: SHARED,
  })
  .refine(({ session, clientId }) => session === undefined || clientId !== undefined, {
    path: ['session'],
    message: 'a session needs a clientId to be found again by',
  })
  .refine(hasCertificateAndKey, { path: ['certFile'], message: CERTIFICATE_AND_KEY });

export default defineTransport({
  name: 'mqtt',
  summary: 'Packets from an MQTT broker, 3.1.1 or 5.',
  config,
  example: { url: 'mqtt://127.0.0.1:1883', operando: { site: 'lab', instrument: 'xrd' } },
  create: (settings, setting) => ({
    name: 'mqtt',
    async run(outlet, signal) {
      const { url, qos, version, username, password, clientId, operando, session, maxBytes } = settings;
      const root = `operando/v1/${operando?.site}/${operando?.instrument}`;
      const stream = operando?.stream ?? setting.stream;
      // The layout is asked for first, so that it is there before the frames.
      const topics =
        settings.topics === undefined
          ? [[`${root}/layouts/${stream}`], [`${root}/signals/+`, `${root}/frames/${stream}`]]
          : [settings.topics];
      const client = {
        keepalive: KEEP_ALIVE_S,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(clientId === undefined ? {} : { clientId }),
        ...readTls(settings, setting.resolvePath),
      };
      const remark = [
        ...(topics.flat().some(isShared) ? [SHARED] : []),
        ...(settings.rejectUnauthorized ? [] : [UNCHECKED]),
      ].join('; ');
      const sessionS = session === undefined ? 0 : Math.ceil(session / US_PER_S);
      await runMqttSubscription({ url, topics, qos, version, client, sessionS, maxBytes, remark }, outlet, signal);
    },
  }),
});
