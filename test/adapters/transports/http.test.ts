import { execFile } from 'node:child_process';
import { request as startRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import json from '../../../adapters/codecs/json.ts';
import http from '../../../adapters/transports/http.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, freePort, until } from '../../support/servers.ts';
import { frameBytes, layoutBytes, setting, useTransports } from './startTransport.ts';

const { start, afterwards } = useTransports();

async function listening(more: object = {}, room?: () => Promise<void> | null) {
  const port = await freePort();
  const got = start(http.create(http.config.parse({ port, ...more }), setting), undefined, room);
  await until('it listens', () => got.reports.some((report) => report.includes('waiting for an instrument')));
  return { got, port, url: `http://127.0.0.1:${port}` };
}
const post = async (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { method: 'POST', body: body as BodyInit, headers });
  return { status: response.status, answer: (await response.json()) as object, headers: response.headers };
};

describe('the http transport', () => {
  it('takes what is posted, and answers what became of it', async () => {
    const { got, url } = await listening();
    expect(await post(`${url}/frames/s`, layoutBytes)).toMatchObject({ status: 202, answer: { accepted: 0 } });
    for (let seq = 0; seq < 20; seq++)
      expect((await post(`${url}/frames/s`, frameBytes(seq))).answer).toEqual({ accepted: 1, rejected: 0 });
    expect(got.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(got.reports.at(-1)).toBe('ok: ');
  });

  it('answers 400 with the reason for bad data, counts it, and goes on', async () => {
    const { got, url } = await listening();
    expect(await post(url, frameBytes(1))).toMatchObject({
      status: 400,
      answer: { accepted: 0, rejected: 1, reason: 'layout' },
    });
    expect(await post(url, 'hello')).toMatchObject({ status: 400, answer: { rejected: 1 } });
    expect(await post(url, '')).toMatchObject({ status: 400, answer: { reason: 'truncated' } });
    expect(got.rejections).toHaveLength(3);
    await post(url, layoutBytes);
    expect((await post(url, frameBytes(2))).status).toBe(202);
  });

  it('names a slow signal after the last part of the path', async () => {
    const port = await freePort();
    const got = start(http.create(http.config.parse({ port }), setting), json.create(json.config.parse({}), setting));
    await until('it listens', () => got.reports.length > 1);
    const slow = JSON.stringify({ type: 'slow', timeUs: 1.7e15, value: 300, unit: 'K' });
    expect((await post(`http://127.0.0.1:${port}/signals/temperature`, slow)).status).toBe(202);
    expect(got.slow).toMatchObject([{ name: 'temperature', value: 300 }]);
  });

  it('unpacks gzip, but no more of it than it takes', async () => {
    const { got, url } = await listening({ maxBytes: 4096 });
    const packed = { 'content-encoding': 'gzip' };
    await post(url, gzipSync(layoutBytes), packed);
    expect((await post(url, gzipSync(frameBytes(1)), packed)).status).toBe(202);
    const bomb = gzipSync(new Uint8Array(2 ** 21));
    expect(bomb.length).toBeLessThan(4096);
    expect(await post(url, bomb, packed)).toMatchObject({ status: 413, answer: { reason: 'tooLarge' } });
    expect(await post(url, gzipSync(frameBytes(2)).subarray(0, 40), packed)).toMatchObject({
      status: 400,
      answer: { reason: 'truncated' },
    });
    expect(await post(url, 'no gzip', packed)).toMatchObject({ status: 400, answer: { reason: 'garbage' } });
    expect((await post(url, frameBytes(3), { 'content-encoding': 'br' })).status).toBe(415);
    expect(got.frames).toHaveLength(1);
    expect(got.rejections.map(({ reason }) => reason)).toEqual(['tooLarge', 'truncated', 'garbage', 'garbage']);
  });

  it('refuses what is too large, whether its length is told before or not', async () => {
    const { got, port, url } = await listening({ maxBytes: 4096 });
    expect((await post(url, new Uint8Array(5000))).status).toBe(413);
    const status = await new Promise((resolve) => {
      const chunked = startRequest({ port, host: '127.0.0.1', method: 'POST' }, ({ statusCode }) =>
        resolve(statusCode),
      );
      chunked.on('error', resolve);
      chunked.write(new Uint8Array(4000));
      chunked.end(new Uint8Array(4000));
    });
    expect(status).toBe(413);
    expect(got.rejections.map(({ reason }) => reason)).toEqual(['tooLarge', 'tooLarge']);
  });

  it('tells senders to come later while the queue is full, and takes them again when it is not', async () => {
    let makeRoom = (): void => undefined;
    let isFull = false;
    let waiting = 0;
    const { got, url } = await listening({}, () => {
      if (!isFull) return null;
      waiting++;
      return new Promise((resolve) => (makeRoom = resolve));
    });
    await post(url, layoutBytes);
    isFull = true;
    for (let k = 0; k < 5; k++) {
      const { status, headers } = await post(url, frameBytes(1));
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    // However many ask, one waits.
    expect(waiting).toBe(1);
    expect(got.reports.at(-1)).toContain('the queue of the stream is full');
    isFull = false;
    makeRoom();
    await until('it takes more', async () => (await post(url, frameBytes(2))).status === 202);
    expect(got.frames.map(({ seq }) => seq)).toEqual([2]);
    expect(got.reports.at(-1)).toBe('ok: ');
  });

  it('refuses other paths, other methods, web pages, foreign names of this machine, and senders without the token', async () => {
    const { url } = await listening({ path: '/frames', token: 'secret' });
    const bearer = { authorization: 'Bearer secret' };
    expect((await post(`${url}/frames`, layoutBytes)).status).toBe(401);
    expect((await post(`${url}/frames`, layoutBytes, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(`${url}/frames`, layoutBytes, { ...bearer, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(`${url}/frames`, layoutBytes, bearer)).status).toBe(202);
    expect((await post(`${url}/framesX`, layoutBytes, bearer)).status).toBe(404);
    expect((await fetch(`${url}/frames`, { headers: bearer })).status).toBe(405);
    const open = await listening();
    const status = await new Promise((resolve) => {
      const rebound = { port: open.port, host: '127.0.0.1', method: 'POST', headers: { host: 'rebound.example' } };
      startRequest(rebound, ({ statusCode }) => resolve(statusCode)).end('x');
    });
    expect(status).toBe(403);
  });

  it('counts a sender that hangs up in the middle of a post', async () => {
    const { got, port } = await listening();
    const broken = startRequest({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 1000 } });
    broken.on('error', () => undefined);
    broken.write('half of it', () => setTimeout(() => broken.destroy(), 50));
    await until('it is counted', () => got.rejections.length === 1);
    expect(got.rejections).toMatchObject([{ reason: 'truncated' }]);
  });

  it('waits for a port that is taken, and says so', async () => {
    const { port } = await listening();
    const second = start(http.create(http.config.parse({ port }), setting));
    await until('it says so', () => second.reports.some((report) => /^down.*EADDRINUSE/.test(report)));
  });

  it('does not listen to other machines without a token, nor take half a certificate', () => {
    const problems = (settings: object) => http.config.safeParse({ port: 9000, ...settings }).error?.issues[0]?.message;
    expect(problems({ host: '0.0.0.0' })).toContain('needs a token');
    expect(problems({ certFile: 'a.crt' })).toContain('certFile and keyFile');
  });

  const hasCurl = needs('servers', 'curl', findProgram('curl') !== null);
  const hasOpenssl = needs('servers', 'openssl', findProgram('openssl') !== null);
  const curl = (body: string, ...argv: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const all = ['--silent', '--show-error', '--max-time', '20', '--data-binary', '@-', ...argv];
      const child = execFile('curl', all, (error, answer) =>
        error instanceof Error ? reject(error) : resolve(answer),
      );
      child.stdin?.end(body);
    });

  it.skipIf(!hasCurl)('takes the posts of curl, large ones included', async () => {
    const port = await freePort();
    const got = start(http.create(http.config.parse({ port }), setting), json.create(json.config.parse({}), setting));
    await until('it listens', () => got.reports.length > 1);
    const axis = { name: 'channel', unit: '1', placement: 'centre', coordinates: [0, 1, 2] };
    const layout = { type: 'layout', stream: 's', layoutId: 'a', quantity: 'counts', unit: '1', noise: 'poisson' };
    const frame = { type: 'frame', stream: 's', seq: 1, timeUs: 1.7e15, exposureUs: 1e5, layoutId: 'a' };
    const at = `http://127.0.0.1:${port}/frames`;
    const send = (item: object): Promise<string> => curl(JSON.stringify(item), at);
    expect(JSON.parse(await send({ ...layout, axes: [axis] }))).toEqual({ accepted: 0, rejected: 0 });
    expect(JSON.parse(await send({ ...frame, values: [1, 2, 3] }))).toEqual({ accepted: 1, rejected: 0 });
    // Beyond a megabyte curl asks first (Expect: 100-continue).
    expect(JSON.parse(await send({ ...frame, seq: 2, values: [1, 2, 3], more: ' '.repeat(2e6) }))).toMatchObject({
      accepted: 1,
    });
    expect(got.frames).toHaveLength(2);
  });

  it.skipIf(!hasCurl || !hasOpenssl)('speaks https with a certificate of its own', async () => {
    const certificates = makeCertificates();
    afterwards(certificates.remove);
    const { cert: certFile, key: keyFile } = certificates.server;
    const port = await freePort();
    const got = start(http.create(http.config.parse({ port, certFile, keyFile }), setting));
    await until('it listens', () => got.reports.some((report) => report.includes('https://')));
    const answer = await curl('x', '--cacert', certificates.ca, `https://127.0.0.1:${port}/`);
    expect(JSON.parse(answer)).toMatchObject({ rejected: 1 });
  });
});
