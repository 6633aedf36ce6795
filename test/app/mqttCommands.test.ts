import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTopic, runMqttCommands } from '../../src/app/mqttCommands.ts';
import type { AlarmRequest } from '../../src/model/alarmCommand.ts';
import type { AcceptRequest } from '../../src/model/operatorCommand.ts';
import type { PermitRequest } from '../../src/model/permitCommand.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, startMosquitto, until, type TestServer } from '../support/servers.ts';

const isReady = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);
const topic = commandTopic('lab', 'P07', 'accept');

describe.skipIf(!isReady)('commands over MQTT', { timeout: 30_000 }, () => {
  let broker: TestServer;
  let operator: MqttClient;
  const end = new AbortController();
  const asked: AcceptRequest[] = [];
  const permitted: PermitRequest[] = [];
  const alarmed: AlarmRequest[] = [];
  const states: string[] = [];
  const answers: { readonly said: unknown; readonly correlation: string }[] = [];
  let running: Promise<void>;

  beforeAll(async () => {
    broker = await startMosquitto();
    running = runMqttCommands(
      { instrument: 'P07', commands: { url: broker.url, site: 'lab', version: 'auto' } },
      {
        accept(request) {
          asked.push(request);
          return Promise.resolve({ id: request.id, isDone: true, detail: 'Accepted.' });
        },
        permit(request) {
          permitted.push(request);
          return Promise.resolve({ id: request.id, isDone: false, detail: 'Refused.' });
        },
        alarm(request) {
          alarmed.push(request);
          return Promise.resolve({ id: request.id, isDone: true, detail: 'Seen.' });
        },
      },
      ({ state }) => states.push(state),
      end.signal,
    );
    operator = await mqtt.connectAsync(broker.url, { protocolVersion: 5 });
    operator.on('message', (_, bytes, { properties }) =>
      answers.push({ said: JSON.parse(bytes.toString()), correlation: String(properties?.correlationData) }),
    );
    await operator.subscribeAsync('operator/answers', { qos: 1 });
    await until('the monitor listens', () => states.includes('ok'));
  });
  afterAll(async () => {
    end.abort();
    await running;
    await operator?.endAsync(true);
    await broker?.stop();
  });

  const command = (text: string, more: { retain?: boolean } = {}) =>
    operator.publishAsync(topic, text, {
      qos: 1,
      ...more,
      properties: { responseTopic: 'operator/answers', correlationData: Buffer.from('c7') },
    });

  it('are answered on the response topic, with the correlation data', async () => {
    await command('{"id":"a","by":"mk"}');
    await until('the answer', () => answers.length === 1);
    expect(answers).toEqual([{ said: { id: 'a', isDone: true, detail: 'Accepted.' }, correlation: 'c7' }]);
    expect(asked).toEqual([{ id: 'a', by: 'mk', via: 'mqtt' }]);
  });

  it('are obeyed without an answer where none is asked for', async () => {
    await operator.publishAsync(topic, '{"id":"b"}', { qos: 1 });
    await until('the command', () => asked.length === 2);
    expect(answers).toHaveLength(1);
  });

  it('to the beam permit take their name from the topic, and refusals come back', async () => {
    const before = answers.length;
    await operator.publishAsync(commandTopic('lab', 'P07', 'rearm'), '{"id":"r","by":"mk","reason":"fresh area"}', {
      qos: 1,
      properties: { responseTopic: 'operator/answers', correlationData: Buffer.from('c8') },
    });
    await operator.publishAsync(commandTopic('lab', 'P07', 'stop'), '{"id":"s","command":"rearm"}', { qos: 1 });
    await until('both', () => permitted.length === 2);
    expect(permitted).toEqual([
      { command: 'rearm', id: 'r', by: 'mk', reason: 'fresh area', via: 'mqtt' },
      { command: 'stop', id: 's', by: '', reason: '', via: 'mqtt' },
    ]);
    await until('the answer', () => answers.length > before);
    expect(answers.at(-1)).toEqual({ said: { id: 'r', isDone: false, detail: 'Refused.' }, correlation: 'c8' });
  });

  it('about an alarm take their verb from the topic, and need its id', async () => {
    const before = answers.length;
    const reply = { responseTopic: 'operator/answers', correlationData: Buffer.from('c9') };
    const say = (name: 'ack' | 'shelve', text: string) =>
      operator.publishAsync(commandTopic('lab', 'P07', name), text, { qos: 1, properties: reply });
    await say('ack', '{"id":"k","alarm":"rule/7","by":"mk"}');
    await until('the answer', () => answers.length === before + 1);
    await say('shelve', '{"id":"l","by":"mk"}');
    await until('the refusal', () => answers.length === before + 2);
    expect(alarmed).toEqual([
      { command: 'acknowledge', id: 'k', alarm: 'rule/7', by: 'mk', reason: '', forSeconds: 3600, via: 'mqtt' },
    ]);
    expect(answers.slice(before).map(({ said }) => said)).toMatchObject([
      { id: 'k', isDone: true },
      { isDone: false, detail: expect.stringContaining('"alarm": text') as string },
    ]);
    answers.splice(before);
  });

  it('are refused in words when they are none', async () => {
    await command('accept!');
    await until('the answer', () => answers.length === 3);
    expect(answers[2]!.said).toMatchObject({ isDone: false, detail: expect.stringMatching(/^Expected/) as string });
    expect(asked).toHaveLength(2);
  });

  it('that a broker kept are not obeyed, and a broker that comes back is heard again', async () => {
    await command('{"id":"kept"}', { retain: true });
    await until('the fresh command', () => asked.length === 3);
    await until('its answer', () => answers.some(({ said }) => (said as { id: string }).id === 'kept'));
    const connections = states.filter((state) => state === 'ok').length;
    const late = new AbortController();
    const heard: AcceptRequest[] = [];
    const lateAnswers = answers.length;
    const lateStates: string[] = [];
    const other = runMqttCommands(
      { instrument: 'P07', commands: { url: broker.url, site: 'lab', version: '5' } },
      {
        accept(request) {
          heard.push(request);
          return Promise.resolve({ id: request.id, isDone: true, detail: '' });
        },
        permit: ({ id }) => Promise.resolve({ id, isDone: true, detail: '' }),
        alarm: ({ id }) => Promise.resolve({ id, isDone: true, detail: '' }),
      },
      ({ state }) => lateStates.push(state),
      late.signal,
    );
    await until('the refusal of the kept command', () => answers.length > lateAnswers);
    expect(answers.at(-1)!.said).toMatchObject({ id: 'kept', isDone: false });
    expect(heard).toEqual([]);
    late.abort();
    await other;

    await operator.publishAsync(topic, '', { retain: true, qos: 1 });
    await broker.kill();
    await until('the loss', () => states.at(-1) === 'down');
    await broker.restart();
    await until('the link', () => states.filter((state) => state === 'ok').length > connections);
    await until('the operator is back', () => operator.connected);
    await operator.publishAsync(topic, '{"id":"again"}', { qos: 1 });
    await until('the command after the outage', () => asked.some(({ id }) => id === 'again'));
  });
});
