import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import mqtt, { type IPublishPacket } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import mqttAlertSink from '../../src/sinks/mqttAlert.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, freePort, startAedes, startMosquitto, until, type TestServer } from '../support/servers.ts';
import { alertAt, frameAt, listeningSetting, readingAt } from './signals.ts';

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly packet: IPublishPacket;
}

const hasMosquitto = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);
const ROOT = 'operando/v1/lab/lab-3';
const ended: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

function open(url: string, settings: z.input<typeof mqttAlertSink.config> = {}) {
  const listening = listeningSetting();
  const sink = mqttAlertSink.create(mqttAlertSink.config.parse({ url, spool: false, ...settings }), listening.setting);
  ended.push(() => sink.close());
  return { sink, ...listening };
}

/** A subscriber of everything below the instrument. */
async function listen(url: string, version: 4 | 5) {
  const heard: Heard[] = [];
  const client = await mqtt.connectAsync(url, { protocolVersion: version, reconnectPeriod: 50 });
  ended.push(() => client.endAsync(true));
  client.on('message', (topic, payload, packet) => heard.push({ topic, text: payload.toString(), packet }));
  await client.subscribeAsync(`${ROOT}/#`, { qos: 1 });
  const at = (topic: string) => heard.filter((message) => message.topic === `${ROOT}/${topic}`);
  const end = () => client.endAsync(true);
  return { at, end };
}

const brokers = [
  { name: 'the embedded broker (MQTT 3.1.1)', version: 4, start: () => startAedes(), present: true },
  { name: 'a real Mosquitto (MQTT 5)', version: 5, start: startMosquitto, present: hasMosquitto },
] as const;

describe.each(brokers)('the mqttAlert sink on $name', ({ version, start, present }) => {
  async function startBroker(): Promise<TestServer> {
    const broker = await start();
    ended.push(() => broker.stop());
    return broker;
  }

  it.skipIf(!present)('shows a late subscriber the standing alert, and nothing once it is cleared', async () => {
    const { url } = await startBroker();
    const { sink } = open(url);
    sink.write(alertAt(7), 'newPhase');
    await sink.flush();
    const late = await listen(url, version);
    await until('the retained state arrives', () => late.at('alert/newPhase').length > 0);
    const [state] = late.at('alert/newPhase');
    expect(state!.packet).toMatchObject({ retain: true, qos: 1 });
    expect(JSON.parse(state!.text)).toMatchObject({ id: 'newPhase-xrd-7', phase: 'raised', run: 'run 1', seq: 7 });
    expect(late.at('event')).toEqual([]);

    sink.write(alertAt(9, { phase: 'cleared' }), 'newPhase');
    await sink.flush();
    await until('the clearing arrives', () => late.at('alert/newPhase').length > 1 && late.at('event').length > 0);
    expect(late.at('alert/newPhase')[1]!.text).toBe('');
    expect(JSON.parse(late.at('event')[0]!.text)).toMatchObject({ phase: 'cleared', seq: 9 });
    expect(late.at('event')[0]!.packet).toMatchObject({ retain: false, qos: 1 });
    const later = await listen(url, version);
    await until('the presence arrives', () => later.at('state').length > 0);
    expect(later.at('alert/newPhase')).toEqual([]);
  });

  it.skipIf(!present)('says that it is online, and that it is not once it closed or died', async () => {
    const { url } = await startBroker();
    const before = Date.now();
    const { sink } = open(url);
    const subscriber = await listen(url, version);
    const states = () =>
      subscriber.at('state').map(({ text }) => JSON.parse(text) as { online: boolean; timestamp: number });
    await until('it is online', () => states().length > 0);
    expect(states()[0]).toMatchObject({ online: true });
    expect(states()[0]!.timestamp).toBeGreaterThanOrEqual(before);
    await sink.close();
    await until('it is offline', () => states().length > 1);
    expect(states()[1]).toMatchObject({ online: false });
    const late = await listen(url, version);
    await until('the last word is kept', () => late.at('state').length > 0);
    expect(JSON.parse(late.at('state')[0]!.text)).toMatchObject({ online: false });
  });

  it.skipIf(!present)(
    'delivers every transition in order after the broker was away, and the state of each rule',
    async () => {
      const broker = await startBroker();
      const { sink, reports, dropped, lastState } = open(broker.url);
      sink.write(alertAt(0, { rule: 'steady', id: 'steady-1' }), 'steady');
      await sink.flush();
      await broker.kill();
      await until('the loss is noticed', () => lastState() === 'down');
      for (let seq = 1; seq <= 40; seq++)
        sink.write(alertAt(seq, { phase: seq % 2 ? 'raised' : 'updated' }), 'newPhase');
      await until('the waiting alerts are told', () => reports.some(({ detail }) => detail.includes('40 alerts wait')));
      expect(reports.at(-1)!.detail).toMatch(/^MQTT broker unreachable since 20\d\d-/);
      await broker.restart();
      const subscriber = await listen(broker.url, version);
      await sink.flush();
      await until('all arrived', () => subscriber.at('event').length >= 40);
      const seqs = subscriber.at('event').map(({ text }) => (JSON.parse(text) as { seq: number }).seq);
      expect(seqs).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      expect(dropped).toEqual({});
      expect(lastState()).toBe('ok');
      // This broker forgot what it retained: the rules that did not change are said again too.
      const late = await listen(broker.url, version);
      await until(
        'both states are there',
        () => late.at('alert/newPhase').length + late.at('alert/steady').length === 2,
      );
      expect(JSON.parse(late.at('alert/newPhase')[0]!.text)).toMatchObject({ seq: 40 });
      expect(JSON.parse(late.at('alert/steady')[0]!.text)).toMatchObject({ id: 'steady-1' });
    },
  );

  it.skipIf(!present)(
    'delivers after a restart what an earlier run could not, and what stands since then',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'operando-mqtt-'));
      ended.push(() => rm(directory, { recursive: true }));
      const broker = await startBroker();
      await broker.kill();
      const spool = { directory };
      const { sink: first, dropped } = open(broker.url, { spool });
      for (let seq = 0; seq < 5; seq++)
        first.write(alertAt(seq, { phase: seq === 0 ? 'raised' : 'updated' }), 'newPhase');
      await first.flush();
      await first.close();
      expect(dropped).toEqual({});
      await broker.restart();
      const subscriber = await listen(broker.url, version);
      open(broker.url, { spool });
      await until('all arrived', () => subscriber.at('event').length === 5);
      await until('it stands', () => subscriber.at('alert/newPhase').length > 0);
      expect(JSON.parse(subscriber.at('alert/newPhase').at(-1)!.text)).toMatchObject({ seq: 4 });
    },
  );

  it.skipIf(!present)('publishes readings only when asked, and at most once per period of event time', async () => {
    const { url } = await startBroker();
    const { sink, lastState } = open(url, { metricsEvery: '1 s' });
    const subscriber = await listen(url, version);
    await until('it is connected', () => lastState() === 'ok');
    for (let seq = 0; seq < 30; seq++) sink.write(readingAt(seq), 'onset');
    sink.write(frameAt(30), 'xrd');
    await until('three readings arrive', () => subscriber.at('metrics/statistic').length >= 3);
    const { sink: silent } = open(url);
    silent.write(readingAt(31), 'onset');
    sink.write(alertAt(40), 'newPhase');
    await until('what came later is there', () => subscriber.at('event').length > 0);
    const readings = subscriber.at('metrics/statistic');
    expect(readings.map(({ text }) => (JSON.parse(text) as { seq: number }).seq)).toEqual([0, 10, 20]);
    expect(readings[0]!.packet.qos).toBe(0);
  });
});

describe('the mqttAlert sink', () => {
  it('counts the readings nobody could be told, one per period', async () => {
    const { sink, dropped, lastState } = open(`mqtt://127.0.0.1:${await freePort()}`, { metricsEvery: '1 s' });
    await until('it says that the broker is not there', () => lastState() === 'down');
    for (let seq = 0; seq < 30; seq++) sink.write(readingAt(seq), 'onset');
    expect(dropped).toEqual({ brokerAway: 3 });
  });
  it('starts without a broker, keeps the last alerts, and delivers them when one appears', async () => {
    const port = await freePort();
    const { sink, dropped, lastState } = open(`mqtt://127.0.0.1:${port}`, { waitingAlerts: 8 });
    await until('it says that the broker is not there', () => lastState() === 'down');
    for (let seq = 0; seq < 20; seq++) sink.write(alertAt(seq), 'newPhase');
    const broker = await startAedes(port);
    ended.push(() => broker.stop());
    const subscriber = await listen(broker.url, 4);
    await expect(sink.flush()).rejects.toThrow(`${dropped.overflow} were lost`);
    expect(dropped.overflow).toBeGreaterThanOrEqual(12);
    await until('the last one arrives', () => subscriber.at('event').length >= 20 - dropped.overflow!);
    const seqs = subscriber.at('event').map(({ text }) => (JSON.parse(text) as { seq: number }).seq);
    expect(seqs.at(-1)).toBe(19);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    sink.write(alertAt(21), 'newPhase');
    await sink.flush();
  });

  it('keeps a rule alarmed while one of its streams still is', async () => {
    const broker = await startAedes();
    ended.push(() => broker.stop());
    const { sink } = open(broker.url);
    sink.write(alertAt(1, { stream: 'left' }), 'newPhase');
    sink.write(alertAt(2, { stream: 'right' }), 'newPhase');
    sink.write(alertAt(3, { stream: 'right', phase: 'cleared' }), 'newPhase');
    await sink.flush();
    const late = await listen(broker.url, 4);
    await until('the state arrives', () => late.at('alert/newPhase').length > 0);
    expect(JSON.parse(late.at('alert/newPhase')[0]!.text)).toMatchObject({ stream: 'left' });
  });

  it('tells with the standing alert who has seen it, also after it grew, and each step as an event', async () => {
    const broker = await startAedes();
    ended.push(() => broker.stop());
    const { sink } = open(broker.url);
    const listener = await listen(broker.url, 4);
    const acknowledged = { by: 'mk', atUs: 9 };
    const alert = alertAt(7);
    sink.write(alert, 'newPhase');
    sink.note?.({
      ...{ type: 'alarm', step: 2, timeUs: 8, event: 'acknowledged', by: 'mk' },
      alarm: {
        ...{ id: alert.id, alert, severity: alert.severity, state: 'acknowledged', isActive: true, raisedUs: 7 },
        ...{ clearedUs: null, count: 1, acknowledged, shelf: null },
      },
    });
    sink.write({ ...alert, phase: 'updated', statistic: 99 }, 'newPhase');
    await sink.flush();
    await until('the events', () => listener.at('event').length === 3);
    expect(JSON.parse(listener.at('event')[1]!.text)).toMatchObject({ type: 'alarm', event: 'acknowledged', by: 'mk' });
    const late = await listen(broker.url, 4);
    await until('the state', () => late.at('alert/newPhase').length > 0);
    const standing: unknown = JSON.parse(late.at('alert/newPhase')[0]!.text);
    expect(standing).toMatchObject({ statistic: 99, alarm: { state: 'acknowledged', acknowledged } });
  });

  it('writes names that a topic cannot hold as one level', async () => {
    const broker = await startAedes();
    ended.push(() => broker.stop());
    const { sink } = open(broker.url);
    sink.write(alertAt(1, { rule: 'phase/new #1' }), 'newPhase');
    await sink.flush();
    const late = await listen(broker.url, 4);
    await until('the state arrives', () => late.at('alert/phase_new_1').length > 0);
  });

  it('tells the doctor whether a broker answers', async () => {
    const broker = await startAedes();
    ended.push(() => broker.stop());
    const config = mqttAlertSink.config.parse({ url: broker.url });
    expect(await mqttAlertSink.probe!(config)).toBe(`a broker answers at ${broker.url}`);
    const lost = mqttAlertSink.config.parse({ url: `mqtt://127.0.0.1:${await freePort()}` });
    await expect(mqttAlertSink.probe!(lost)).rejects.toThrow('ECONNREFUSED');
  });
});

describe.skipIf(!hasMosquitto)('the Will of the mqttAlert sink', () => {
  it('tells that the monitor died, with the time of its birth', async () => {
    const broker = await startMosquitto();
    ended.push(() => broker.stop());
    const subscriber = await listen(broker.url, 5);
    const program = `
      const { default: sink } = await import('./src/sinks/mqttAlert.ts');
      const nothing = () => undefined;
      sink.create(sink.config.parse({ url: '${broker.url}', spool: false }), { id: 'sink', run: 'r', instrument: 'lab-3', modality: 'xrd',
        resolvePath: (path) => path, report: nothing, countDropped: nothing });
      setInterval(nothing, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: 'inherit',
    });
    ended.push(() => Promise.resolve(child.kill('SIGKILL')));
    await until('it is online', () => subscriber.at('state').length > 0);
    child.kill('SIGKILL');
    await until('its Will is read', () => subscriber.at('state').length > 1);
    const [birth, death] = subscriber.at('state').map(({ text }) => JSON.parse(text) as object);
    expect(birth).toMatchObject({ online: true });
    expect(death).toEqual({ ...birth, online: false });
  }, 30_000);
});
