import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import { startEmbeddedBroker } from '../../src/app/embeddedBroker.ts';
import { until } from '../support/servers.ts';

describe('the embedded broker', () => {
  it('keeps retained messages and passes on the others', async () => {
    const broker = await startEmbeddedBroker();
    const heard: string[] = [];
    const writer = await mqtt.connectAsync(broker.url);
    await writer.publishAsync('kept', 'before', { qos: 1, retain: true });
    const reader = await mqtt.connectAsync(broker.url);
    reader.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await reader.subscribeAsync('#');
    await writer.publishAsync('passed', 'after', { qos: 1 });
    await until('both are heard', () => heard.length >= 2);
    expect(heard).toEqual(['kept before', 'passed after']);
    await Promise.all([writer.endAsync(), reader.endAsync()]);
    await broker.close();
  });

  it('listens on this machine alone, and refuses a port that is taken', async () => {
    const broker = await startEmbeddedBroker();
    expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
    await expect(startEmbeddedBroker({ port: broker.port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${broker.port}`,
    );
    await broker.close();
  });

  it('closes while clients are connected, frees its port, and may be closed again', async () => {
    const broker = await startEmbeddedBroker();
    const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    const gone = new Promise<void>((resolve) => client.once('close', resolve));
    await broker.close();
    await gone;
    await broker.close();
    const again = await startEmbeddedBroker({ port: broker.port });
    await again.close();
  });
});
