import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import mqttTransport from '../../../adapters/transports/mqtt.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, startMosquitto, until } from '../../support/servers.ts';
import { frameBytes, layoutBytes, setting, useTransports } from './startTransport.ts';

const { start, afterwards } = useTransports();
const hasMosquitto = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);
const hasOpenssl = needs('servers', 'openssl', findProgram('openssl') !== null);

const operando = { site: 'lab', instrument: 'xrd' };
const root = 'operando/v1/lab/xrd';
const isUp = (reports: readonly string[]) => () => reports.at(-1)!.startsWith('ok');
const isDown = (reports: readonly string[]) => () => reports.at(-1)!.startsWith('down');
const transport = (settings: object) =>
  mqttTransport.create(mqttTransport.config.parse({ operando, ...settings }), setting);

async function serve(lines?: readonly string[]) {
  const server = await startMosquitto(lines);
  afterwards(() => server.stop());
  return server;
}
async function publisher(url: string, options: mqtt.IClientOptions = {}) {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...options });
  afterwards(() => client.endAsync(true));
  return async (topic: string, bytes: Uint8Array) => {
    await client.publishAsync(`${root}/${topic}`, Buffer.from(bytes), { qos: 1 });
  };
}

describe.skipIf(!hasMosquitto)('the mqtt transport with a broker that asks who is there', () => {
  it.each(['auto', '3.1.1', '5'])('shows its account, and says when it is refused (version %s)', async (version) => {
    const certificates = makeCertificates();
    afterwards(certificates.remove);
    const passwords = join(certificates.ca, '..', 'passwords');
    writeFileSync(passwords, 'xrd:rightOne\n');
    spawnSync('mosquitto_passwd', ['-U', passwords]);
    const server = await serve(['allow_anonymous false', `password_file ${passwords}`, 'user root']);
    const right = start(transport({ url: server.url, version, username: 'xrd', password: 'rightOne' }));
    const wrong = start(transport({ url: server.url, version, username: 'xrd', password: 'wrongOne' }));
    await until('the right one is up', isUp(right.reports));
    await until('the wrong one is down', isDown(wrong.reports));
    expect(wrong.reports.at(-1)).toMatch(/not authorized/i);
    expect(wrong.reports.join()).not.toContain('wrongOne');
  });

  it.skipIf(!hasOpenssl)(
    'is encrypted, both sides with certificates, and refuses a broker it does not know',
    async () => {
      const certificates = makeCertificates();
      afterwards(certificates.remove);
      const { ca, server: own, client } = certificates;
      const lines = [`cafile ${ca}`, `certfile ${own.cert}`, `keyfile ${own.key}`, 'require_certificate true'];
      const server = await serve(['allow_anonymous true', 'user root', ...lines]);
      const files = { caFile: ca, certFile: client.cert, keyFile: client.key };
      const right = start(transport({ url: server.url, ...files }));
      await until('the right one is up', isUp(right.reports));
      const withoutAuthority = start(transport({ url: server.url, certFile: client.cert, keyFile: client.key }));
      const withoutCertificate = start(transport({ url: server.url, caFile: ca }));
      const careless = start(transport({ url: server.url, ...files, caFile: undefined, rejectUnauthorized: false }));
      await until('the one without the authority is down', isDown(withoutAuthority.reports));
      await until('the one without a certificate is down', isDown(withoutCertificate.reports));
      await until('the careless one is up', isUp(careless.reports));
      expect(withoutAuthority.reports.at(-1)).toMatch(/certificate/);
      expect(careless.reports.at(-1)).toContain('certificate of the server is not checked');
      expect(right.reports.at(-1)).toBe('ok: ');
      const missing = start(transport({ url: server.url, caFile: '/nowhere/ca.crt' }));
      await until('the missing file is named', () => missing.reports.some((report) => /nowhere\/ca\.crt/.test(report)));
    },
  );

  it('gets what came while it was away, when the broker keeps its session', async () => {
    const server = await serve();
    const settings = { url: server.url, qos: 1, version: '5', clientId: 'monitor', session: '1 h' };
    const publish = await publisher(server.url);
    const first = start(transport(settings));
    await until('it is up', isUp(first.reports));
    await publish('layouts/s', layoutBytes);
    await publish('frames/s', frameBytes(1));
    await until('the first frame', () => first.frames.length === 1);
    await first.stop();
    await publish('layouts/s', layoutBytes);
    await publish('frames/s', frameBytes(2));
    const second = start(transport(settings));
    await until('the second frame', () => second.frames.length === 1);
    expect(second.frames.map(({ seq }) => seq)).toEqual([2]);
  });

  it.each(['3.1.1', '5'])('refuses a packet that is too large, and goes on (version %s)', async (version) => {
    const server = await serve();
    const got = start(transport({ url: server.url, version, maxBytes: 1500 }));
    await until('it is up', isUp(got.reports));
    const publish = await publisher(server.url);
    await publish('layouts/s', layoutBytes);
    await publish('frames/s', new Uint8Array(100_000));
    await publish('frames/s', frameBytes(1));
    await until('the frame behind it', () => got.frames.length === 1);
    expect(got.rejections.map(({ reason }) => reason)).toEqual(['tooLarge']);
    // Far too large, a broker of version 5 does not even send it.
    await publish('frames/s', new Uint8Array(1_000_000));
    await publish('frames/s', frameBytes(2));
    await until('the next frame', () => got.frames.length === 2);
    expect(got.rejections).toHaveLength(version === '5' ? 1 : 2);
  });
});

describe('the mqtt transport with shared subscriptions', () => {
  const topics = [`$share/a/${root}/frames/s`];

  it('refuses them unless it is said', () => {
    const settings = { url: 'mqtt://a', topics };
    expect(mqttTransport.config.safeParse(settings).error?.issues[0]?.message).toContain('gaps and out of order');
  });

  it.skipIf(!hasMosquitto)('says on the link what is wrong with them', async () => {
    const server = await serve();
    const got = start(transport({ url: server.url, topics, operando: undefined, allowShared: true }));
    await until('it is up', isUp(got.reports));
    expect(got.reports.at(-1)).toContain('gaps and out of order');
  });

  it('a session needs a name to be found by', () => {
    const settings = { url: 'mqtt://a', topics: ['a'], session: '1 h' };
    expect(mqttTransport.config.safeParse(settings).error?.issues[0]?.message).toContain('clientId');
  });
});
