import { describe, expect, it } from 'vitest';
import { connect } from '@nats-io/transport-node';
import json from '../../../adapters/codecs/json.ts';
import nats from '../../../adapters/transports/nats.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, startNats, until } from '../../support/servers.ts';
import { frameBytes, layoutBytes, setting, useTransports } from './startTransport.ts';

const { start, afterwards } = useTransports();
const hasServer = needs('servers', 'nats-server', findProgram('nats-server') !== null);
const hasOpenssl = needs('servers', 'openssl', findProgram('openssl') !== null);

const operando = { site: 'lab', instrument: 'xrd' };
const root = 'operando.v1.lab.xrd';
const isUp = (reports: readonly string[]) => () => reports.at(-1)!.startsWith('ok');
const isDown = (reports: readonly string[]) => () => reports.at(-1)!.startsWith('down');
const transport = (settings: object) => nats.create(nats.config.parse(settings), setting);

async function serve(lines: readonly string[] = []) {
  const server = await startNats(lines);
  afterwards(() => server.stop());
  return server;
}
async function publisher(options: Parameters<typeof connect>[0]) {
  const connection = await connect({ ...options, reconnect: false });
  afterwards(() => connection.close());
  return async (subject: string, bytes: Uint8Array | string) => {
    connection.publish(`${root}.${subject}`, bytes);
    await connection.flush();
  };
}

describe.skipIf(!hasServer)('the nats transport', () => {
  it('gets frames in order, and slow signals named after their subject', async () => {
    const server = await serve();
    const got = start(transport({ url: server.url, operando }));
    await until('it is up', isUp(got.reports));
    const publish = await publisher({ servers: server.url });
    await publish('layouts.s', layoutBytes);
    for (let seq = 0; seq < 50; seq++) await publish('frames.s', frameBytes(seq));
    await publish('frames.s', 'garbage');
    await until('the garbage', () => got.rejections.length === 1);
    expect(got.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const slow = start(transport({ url: server.url, operando }), json.create(json.config.parse({}), setting));
    await until('it is up', isUp(slow.reports));
    await publish('signals.temperature', JSON.stringify({ type: 'slow', timeUs: 1.7e15, value: 300, unit: 'K' }));
    await until('the slow signal', () => slow.slow.length === 1);
    expect(slow.slow).toMatchObject([{ name: 'temperature', value: 300 }]);
  });

  it('outlives a server that is absent at the start and killed in between, and tells both', async () => {
    const server = await serve();
    await server.kill();
    const got = start(transport({ url: server.url, operando }));
    await until('the absence is reported', isDown(got.reports));
    expect(got.reports.at(-1)).toContain('there is no link to nats://');
    for (const seq of [1, 2]) {
      await server.restart();
      await until('it is up', isUp(got.reports));
      const publish = await publisher({ servers: server.url });
      await publish('layouts.s', layoutBytes);
      await publish('frames.s', frameBytes(seq));
      await until('the frame', () => got.frames.length === seq);
      await server.kill();
      await until('the loss is reported', isDown(got.reports));
    }
    expect(got.frames.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('shows its account, and says when it is refused, without the password', async () => {
    const server = await serve(['authorization { user: xrd, password: rightOne }']);
    const right = start(transport({ url: server.url, operando, username: 'xrd', password: 'rightOne' }));
    const wrong = start(transport({ url: server.url, operando, username: 'xrd', password: 'wrongOne' }));
    await until('the right one is up', isUp(right.reports));
    await until('the wrong one is down', isDown(wrong.reports));
    expect(wrong.reports.at(-1)).toMatch(/authorization/i);
    expect(wrong.reports.join()).not.toContain('wrongOne');
  });

  it('shows its token', async () => {
    const server = await serve(['authorization { token: secret }']);
    const right = start(transport({ url: server.url, operando, token: 'secret' }));
    const without = start(transport({ url: server.url, operando }));
    await until('the right one is up', isUp(right.reports));
    await until('the other is down', isDown(without.reports));
  });

  it('says which subject it may not hear', async () => {
    const permissions = 'permissions: { subscribe: ["other.>"] }';
    const server = await serve([`authorization { users: [{ user: a, password: b, ${permissions} }] }`]);
    const got = start(transport({ url: server.url, username: 'a', password: 'b', subjects: ['frames.x'] }));
    await until('it is told', () => got.reports.some((report) => /refuses the subject frames\.x/.test(report)));
  });

  it.skipIf(!hasOpenssl)(
    'is encrypted, both sides with certificates, and refuses a server it does not know',
    async () => {
      const certificates = makeCertificates();
      afterwards(certificates.remove);
      const { ca, server: own, client } = certificates;
      const server = await serve([
        `tls { cert_file: "${own.cert}", key_file: "${own.key}", ca_file: "${ca}", verify: true }`,
      ]);
      const files = { caFile: ca, certFile: client.cert, keyFile: client.key };
      const right = start(transport({ url: server.url, operando, ...files }));
      const stranger = start(transport({ url: server.url, operando }));
      const careless = start(
        transport({ url: server.url, operando, ...files, caFile: undefined, rejectUnauthorized: false }),
      );
      await until('the right one is up', isUp(right.reports));
      await until('the one without the authority is down', isDown(stranger.reports));
      await until('the careless one is up, and says so', isUp(careless.reports));
      expect(right.reports.at(-1)).toBe('ok: ');
      expect(careless.reports.at(-1)).toContain('certificate of the server is not checked');
    },
  );

  it('does not go on in plain text where encryption was asked for', async () => {
    const server = await serve();
    const got = start(transport({ url: server.url.replace('nats:', 'tls:'), operando }));
    await until('it is down', isDown(got.reports));
    expect(got.reports.at(-1)).toContain('tls');
  });
});

describe('the settings of the nats transport', () => {
  it('refuse a queue group unless it is said, and a login in the address', () => {
    const problem = (more: object) =>
      nats.config.safeParse({ url: 'nats://a:4222', operando, ...more }).error?.issues[0]?.message;
    expect(problem({ queue: 'workers' })).toContain('gaps and out of order');
    expect(problem({ queue: 'workers', allowShared: true })).toBeUndefined();
    expect(problem({ url: 'nats://user:pass@a:4222' })).toContain('without a login');
    expect(problem({ subjects: ['frames'] })).toContain('either subjects or operando');
    expect(problem({ certFile: 'a.crt' })).toContain('together');
  });
});
