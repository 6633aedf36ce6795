import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/requirement.ts';
import { findProgram, freePort, startMosquitto, until } from '../support/servers.ts';
import { start } from '../support/operando.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-wire-'))));
afterAll(() => rm(folder, { recursive: true }));

const pipeline = (transport: string, sink: string): string => `version: 1
instrument: xrd-heating
modality: XRD
streams:
  xrd:
    transport: ${transport}
    codec: { use: cbor }
    noise: poisson
    framePeriodMs: 20
pipeline:
  - { id: change, use: change.step, with: { learn: 60, ignore: [gain, shift] } }
  - { id: newPhase, use: alert.hysteresis }
sinks:
  - { id: log, from: '*', use: jsonLines, with: { path: signals.jsonl, frames: summary } }
${sink}`;
const SIMULATION = ['simulate', 'xrd-heating:event-fast', '--rate', '50', '--seed', '3'];

/** The frames of the log carry the temperature that came on its own topic. */
async function contextOfLastFrame(): Promise<Record<string, number>> {
  const lines = (await readFile(join(folder, 'signals.jsonl'), 'utf8')).trimEnd().split('\n');
  const frame = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .findLast(({ type }) => type === 'frame');
  return (frame?.['context'] ?? {}) as Record<string, number>;
}

describe('an experiment over the wire', () => {
  it.runIf(needs('servers', 'mosquitto', findProgram('mosquitto') !== null))(
    'comes in over MQTT, is found, and goes out as a retained alert; a broker that dies is told and found again',
    async () => {
      const broker = await startMosquitto();
      try {
        const transport = `{ use: mqtt, with: { url: '${broker.url}', operando: { site: lab, instrument: xrd-heating } } }`;
        const sink = `  - { id: alerts, from: newPhase, use: mqttAlert, with: { url: '${broker.url}', site: lab } }\n`;
        await writeFile(join(folder, 'mqtt.yaml'), pipeline(transport, sink));
        const monitor = start(['run', 'mqtt.yaml', '--no-page'], folder);
        await monitor.shows(/run run/);
        const source = start([...SIMULATION, '--mqtt', broker.url, '--site', 'lab'], folder);
        await monitor.shows(/WARNING +Spectrum changed/);
        const client = await connectAsync(broker.url);
        let retained = '';
        client.on('message', (topic, payload) => {
          if (topic.endsWith('/alert/newPhase')) retained = payload.toString();
        });
        await client.subscribeAsync('operando/v1/lab/xrd-heating/#');
        await until('a retained alert', () => retained !== '', 10_000);
        await client.endAsync();
        expect(JSON.parse(retained)).toMatchObject({ rule: 'newPhase', regionUnit: 'deg' });
        expect((await contextOfLastFrame())['temperature']).toBeGreaterThan(500);

        source.child.kill('SIGTERM');
        await source.done;
        await broker.kill();
        await broker.restart();
        const again = start([...SIMULATION, '--mqtt', broker.url, '--site', 'lab', '--frames', '100'], folder);
        expect((await again.done).code).toBe(0);
        monitor.child.kill('SIGTERM');
        const { code, out, err } = await monitor.done;
        expect(err).toMatch(/source xrd: DOWN/);
        expect(Number(/(\d+) received/.exec(out)?.[1])).toBeGreaterThan(200);
        expect(code).toBe(0);
      } finally {
        await broker.stop();
      }
    },
    90_000,
  );

  it('comes in over WebSocket from a source that starts later than the monitor', async () => {
    const port = await freePort();
    const transport = `{ use: websocket, with: { url: 'ws://127.0.0.1:${port}' } }`;
    await writeFile(join(folder, 'ws.yaml'), pipeline(transport, ''));
    const monitor = start(['run', 'ws.yaml', '--no-page'], folder);
    await monitor.shows(/run run/);
    const source = start([...SIMULATION, '--ws', String(port)], folder);
    await monitor.shows(/WARNING +Spectrum changed/);
    source.child.kill('SIGTERM');
    await source.done;
    monitor.child.kill('SIGTERM');
    const { code, out } = await monitor.done;
    expect(out).toMatch(/stream xrd: \d+ received = /);
    expect(code).toBe(0);
  }, 60_000);
});
