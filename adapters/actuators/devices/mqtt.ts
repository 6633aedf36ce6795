import { z } from 'zod';
import type { Packet } from '../../../src/model/adapter.ts';
import type { ShutterState } from '../../../src/model/permit.ts';
import { defineShutterDevice } from '../../../src/model/shutter.ts';
import { runMqttSubscription, type MqttPublish } from '../../links/mqttSubscription.ts';
import { withReconnect } from '../../withReconnect.ts';
import { permitBroker, permitClient } from '../permitMqtt.ts';
import { readBackPatterns, readBackState } from '../readBack.ts';

const topic = z.string().regex(/^[^+#]+$/, 'expected a topic without + and #');

const config = permitBroker.omit({ site: true }).extend({
  topic: topic.describe('Where the state is set.'),
  open: z.string().default('open').describe('Payload that opens.'),
  close: z.string().default('closed').describe('Payload that closes.'),
  read: topic.optional().describe('Where the device tells its state; left out, it is not read back.'),
  ...readBackPatterns,
  maxAgeMs: z
    .number()
    .positive()
    .optional()
    .describe('For devices that tell it regularly: what is older, or was kept by the broker, is not known any more.')
    .meta({ unit: 'ms' }),
});

export default defineShutterDevice({
  name: 'mqtt',
  summary: 'A shutter that obeys payloads on a topic, such as a networked relay.',
  config,
  example: { url: 'mqtt://127.0.0.1:1883', topic: 'relay7/set', open: 'on', close: 'off', read: 'relay7/state' },
  create: ({ url, version, topic: target, open, close, read, maxAgeMs, username, password, ...patterns }) => {
    const end = new AbortController();
    let publish: MqttPublish | null = null;
    let trouble = 'no link yet';
    let seen: { readonly state: ShutterState; readonly atMs: number } | null = null;
    const hear = ({ bytes, isRetained }: Packet): void => {
      if (isRetained === true && maxAgeMs !== undefined) return;
      seen = { state: readBackState(new TextDecoder().decode(bytes), patterns), atMs: performance.now() };
    };
    const link = withReconnect<Packet>(
      {
        name: 'mqtt',
        async run(outlet, signal) {
          const opened = (given: MqttPublish): void => void (publish = given);
          const client = permitClient({ username, password });
          const topics = read === undefined ? [] : [[read]];
          try {
            await runMqttSubscription({ url, topics, qos: 0, version, client, opened }, outlet, signal);
          } finally {
            publish = null;
            seen = null;
          }
        },
      },
      { longestMs: 1000 },
    );
    const running = link.run({ next: hear, report: ({ detail }) => void (trouble = detail) }, end.signal);
    return {
      name: 'mqtt',
      isReadBack: read !== undefined,
      drive(state) {
        const isSent = publish?.(target, state === 'open' ? open : close, null) === true;
        return isSent ? Promise.resolve() : Promise.reject(new Error(trouble === '' ? 'the link is stuck' : trouble));
      },
      read() {
        const isOld = seen !== null && maxAgeMs !== undefined && performance.now() - seen.atMs > maxAgeMs;
        return Promise.resolve(seen === null || isOld ? 'unknown' : seen.state);
      },
      async close() {
        end.abort();
        await running;
      },
    };
  },
});
