import { z } from 'zod';
import type { AlarmStep } from '../model/alarm.ts';
import type { Alert } from '../model/alert.ts';
import { duration } from '../model/duration.ts';
import type { Reading } from '../model/signal.ts';
import { defineSink, type SinkSetting } from '../model/sink.ts';
import { createAlertState } from './mqttAlert/alertState.ts';
import { openConnection, type Message } from './mqttAlert/connection.ts';
import { createLink } from './mqttAlert/link.ts';
import { openSpooledDelivery, spool } from './spool/spoolSettings.ts';

const config = z.strictObject({
  url: z
    .url({ protocol: /^(mqtts?|wss?)$/ })
    .default('mqtt://127.0.0.1:1883')
    .describe('The broker: mqtt, mqtts, ws or wss.'),
  version: z
    .union([z.literal('auto'), z.literal(4), z.literal(5)])
    .default('auto')
    .describe('MQTT 5, or 4 for 3.1.1; auto asks for 5 first.'),
  site: z
    .string()
    .regex(/^[^+#/\s]+$/, 'expected one topic level, without +, #, / and spaces')
    .default('lab')
    .describe('First level of the topics after operando/v1.'),
  username: z.string().optional(),
  passwordVariable: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the password; secrets do not belong in this file.'),
  metricsEvery: duration.optional().describe('Publishes each reading at most once per this span of event time.'),
  spool,
  waitingAlerts: z
    .number()
    .int()
    .min(2)
    .default(1000)
    .describe(
      'Without a spool: transitions that may wait while the broker is away; then the oldest are dropped and counted.',
    ),
  flushWithin: duration.default(10_000_000).describe('How long a flush may take before it fails.'),
});

/** One level of a topic: no separators, no wildcards. */
const level = (text: string) => text.replace(/[+#/\s\0]+/g, '_') || '_';

function clientOptions({ username, passwordVariable }: z.output<typeof config>) {
  return {
    connectTimeout: 5000,
    keepalive: 15,
    ...(username === undefined ? {} : { username, password: process.env[passwordVariable ?? ''] ?? '' }),
  };
}

function createAlertPublisher(settings: z.output<typeof config>, setting: SinkSetting) {
  const root = `operando/v1/${settings.site}/${level(setting.instrument)}`;
  const state = createAlertState();
  const slots = new Map<string, number>();
  /** Rules whose alerts came in this run. */
  const spoken = new Set<string>();
  let isClosed = false;
  const retainedOf = (rules: Iterable<string>): Message[] =>
    [...rules].map((rule) => ({
      topic: `${root}/alert/${level(rule)}`,
      payload: state.payloads().get(rule) ?? '',
      qos: 1,
      isRetained: true,
    }));
  const { url, version } = settings;
  const link = createLink(
    { url, version, client: clientOptions(settings) },
    root,
    () => retainedOf(state.payloads().keys()),
    () => {
      // A pause, because a broker may throw a client out as soon as it lets it in.
      if (!isClosed) setTimeout(queue.greet, 100 + 200 * Math.random()).unref();
    },
  );
  const queue = openSpooledDelivery(
    {
      capacity: settings.waitingAlerts,
      batchSize: 16,
      intervalMs: 0,
      retryMs: [200, 10_000],
      trouble: 'MQTT broker unreachable',
      noun: 'alerts',
      async deliver(batch) {
        const connection = await link.ensure();
        const told = batch.map((payload) => JSON.parse(payload) as Alert | AlarmStep);
        // Left over from an earlier run; of what this one has spoken of, it knows better.
        for (const [i, item] of told.entries())
          if (item.type === 'alert' && !spoken.has(item.rule)) state.apply(item, batch[i] ?? '');
        const events = batch.map((payload): Message => ({
          topic: `${root}/event`,
          payload,
          qos: 1,
          isRetained: false,
        }));
        const rules = new Set(told.map((item) => (item.type === 'alert' ? item : item.alarm.alert).rule));
        await Promise.all([...events, ...retainedOf(rules)].map((message) => connection.publish(message)));
      },
    },
    settings.spool,
    'inOrder',
    setting,
  );
  const about = { run: setting.run, instrument: setting.instrument, modality: setting.modality };
  return {
    queue,
    sendAlert(alert: Alert): void {
      const payload = JSON.stringify({ ...alert, ...about });
      state.apply(alert, payload);
      spoken.add(alert.rule);
      queue.push(payload);
    },
    sendStep(step: AlarmStep): void {
      state.annotate(step.alarm);
      // That an alert came or went is said by the alert.
      if (step.event !== 'raised' && step.event !== 'cleared') queue.push(JSON.stringify({ ...step, ...about }));
    },
    sendReading(reading: Reading, periodUs: number): void {
      const key = `${reading.stream}\n${reading.stage}\n${reading.name}`;
      const slot = Math.floor(reading.timeUs / periodUs);
      if (slots.get(key) === slot) return;
      slots.set(key, slot);
      const connection = link.now();
      if (connection === null || connection.isBusy())
        return setting.countDropped(connection === null ? 'brokerAway' : 'brokerBusy', 1);
      const topic = `${root}/metrics/${level(reading.name)}`;
      const payload = JSON.stringify({ ...reading, ...about });
      connection.publish({ topic, payload, qos: 0, isRetained: false }).catch(() => undefined);
    },
    async close(): Promise<void> {
      await queue.close(settings.flushWithin / 1000);
      isClosed = true;
      await link.end();
    },
  };
}

export default defineSink({
  name: 'mqttAlert',
  summary: 'Publishes alerts over MQTT: every transition, and the standing alert of each rule as a retained message.',
  accepts: ['alert', 'reading'],
  config,
  example: { url: 'mqtt://127.0.0.1:1883', site: 'lab' },
  async probe(settings) {
    const { url, version } = settings;
    const connection = await openConnection({ url, version, client: clientOptions(settings) }, () => undefined);
    await connection.end();
    return `a broker answers at ${url}`;
  },
  create(settings, setting) {
    const publisher = createAlertPublisher(settings, setting);
    setting.report({ state: 'connecting', detail: `waiting for the broker at ${settings.url}` });
    publisher.queue.greet();
    return {
      name: 'mqttAlert',
      accepts: ['alert', 'reading'],
      write(signal) {
        if (signal.type === 'alert') publisher.sendAlert(signal);
        else if (signal.type === 'reading' && settings.metricsEvery !== undefined)
          publisher.sendReading(signal, settings.metricsEvery);
      },
      note(note) {
        if (note.type === 'alarm') publisher.sendStep(note);
      },
      flush: () => publisher.queue.flush(settings.flushWithin / 1000),
      async close() {
        await publisher.close();
        setting.report({ state: 'ended', detail: '' });
      },
    };
  },
});
