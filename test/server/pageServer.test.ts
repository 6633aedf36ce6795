import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodePanel } from '../../dashboards/web/src/decode.ts';
import type { PageFeed } from '../../src/server/pageFeed.ts';
import { startPageServer, type PageServer, type PageServerOptions } from '../../src/server/pageServer.ts';
import type { TextMessage } from '../../src/server/protocol.ts';
import { alertOf, feedOf, frameOf, layoutOf, statusOf, stoppedClock } from './fixtures.ts';

let folder = '';
const open: PageServer[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(folder, 'web', 'assets'), { recursive: true });
  await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'web', 'assets', 'a.js'), 'export {};');
  await writeFile(join(folder, 'web', 'assets', 'notes.txt'), 'not of the page');
  await writeFile(join(folder, 'secret.json'), '{"secret":true}');
  await symlink(join(folder, 'secret.json'), join(folder, 'web', 'link.json'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of open.splice(0)) await server.close();
});

async function serve(feed: PageFeed, options: Partial<PageServerOptions> = {}): Promise<PageServer> {
  const server = await startPageServer({ feed, port: 0, token: null, webRoot: join(folder, 'web'), ...options });
  open.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** Sends the path as it is: `fetch` would tidy it up. */
function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function connect(port: number, path = '/live', headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  socket.binaryType = 'arraybuffer';
  sockets.push(socket);
  return socket;
}

/** 'open', or the status it was refused with. */
function outcome(socket: WebSocket): Promise<'open' | number> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

interface Heard {
  readonly texts: TextMessage[];
  readonly rows: number[];
  bytes: number;
}

function listen(socket: WebSocket): Heard {
  const heard: Heard = { texts: [], rows: [], bytes: 0 };
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      heard.texts.push(JSON.parse(Buffer.from(data as ArrayBuffer).toString()) as TextMessage);
      return;
    }
    heard.bytes += (data as ArrayBuffer).byteLength;
    const panel = decodePanel(data as ArrayBuffer);
    if (panel?.panel === 2) panel.rows.forEach((_, k) => heard.rows.push(panel.first + k));
  });
  return heard;
}

async function until(holds: () => boolean, what: string, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('files and answers', () => {
  it('serves the page with a content policy, and never from a cache', async () => {
    const { port } = await serve(feedOf(stoppedClock().now));
    const page = await get(port, '/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    const script = await get(port, '/assets/a.js?v=1');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
  });
  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/assets/..%2f..%2fsecret.json',
    '/assets/%2e%2e/%2e%2e/secret.json',
    '/..%5csecret.json',
    '//secret.json',
    '/link.json',
    '/index.html%00.json',
    '/%',
    '/assets',
    '/assets/notes.txt',
    '/nothing.js',
  ])('does not hand out %s', async (path) => {
    const { port } = await serve(feedOf(stoppedClock().now));
    const answer = await get(port, path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });
  it('answers status and alerts as JSON, and only to GET', async () => {
    const feed = feedOf(stoppedClock().now);
    feed.setStatus(statusOf({ droppedCount: { overflow: 2 }, lostCount: 1 }));
    feed.write(alertOf('a'), 'rule');
    const { port } = await serve(feed);
    expect((await get(port, '/healthz')).body).toBe('ok\n');
    expect(JSON.parse((await get(port, '/api/v1/status')).body)).toMatchObject({
      page: { state: 'waiting', lostCount: 1, shedCount: 2 },
      monitor: { streams: [{ droppedCount: { overflow: 2 } }] },
    });
    expect(JSON.parse((await get(port, '/api/v1/alerts')).body)).toMatchObject({ alerts: [{ alert: { id: 'a' } }] });
    expect((await get(port, '/api/v1/status', {}, 'POST')).status).toBe(405);
    expect((await get(port, '/', {}, 'HEAD')).body).toBe('');
  });
});

describe('what machines ask for', () => {
  it('answers metrics and readiness, with the token in a header', async () => {
    const feed = feedOf(stoppedClock().now);
    const { port } = await serve(feed, { token: 'a token of the page' });
    expect((await get(port, '/metrics')).status).toBe(401);
    const headers = { Authorization: 'Bearer a token of the page' };
    expect((await get(port, '/readyz', headers)).status).toBe(503);
    feed.setStatus(statusOf({ state: 'live', receivedCount: 12 }));
    expect((await get(port, '/metrics', headers)).body).toContain('operando_frames_received_total{stream="camera"} 12');
    expect(await get(port, '/readyz', headers)).toMatchObject({ status: 200 });
  });
});

describe('who may look', () => {
  it('refuses to serve others without a token', async () => {
    const feed = feedOf(stoppedClock().now);
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'monitor.example'])
      await expect(serve(feed, { host })).rejects.toThrow(/page\.token or page\.tokensFile is required/);
  });
  it('says plainly that a port is taken', async () => {
    const feed = feedOf(stoppedClock().now);
    const { port } = await serve(feed);
    await expect(serve(feed, { port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  });
  it('demands the token of every file and answer, by address or cookie', async () => {
    const { port, url } = await serve(feedOf(stoppedClock().now), { token: 's3cret&' });
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    expect((await get(port, '/healthz')).status).toBe(200);
    for (const path of ['/', '/assets/a.js', '/api/v1/status', '/?token=wrong', '/?token='])
      expect((await get(port, path)).status).toBe(401);
    const entered = await get(port, '/?token=s3cret%26');
    expect(entered.status).toBe(200);
    const cookie = String(entered.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const [pair = ''] = cookie.split(';');
    expect((await get(port, '/assets/a.js', { Cookie: `other=1; ${pair}` })).status).toBe(200);
    expect((await get(port, '/', { Cookie: 'operando_token=%' })).status).toBe(401);
  });
  it('demands the token of a socket too', async () => {
    const { port } = await serve(feedOf(stoppedClock().now), { token: 'abc' });
    expect(await outcome(connect(port))).toBe(401);
    expect(await outcome(connect(port, '/live?token=abd'))).toBe(401);
    expect(await outcome(connect(port, '/live?token=abc'))).toBe('open');
    expect(await outcome(connect(port, '/live', { Cookie: 'operando_token=abc' }))).toBe('open');
  });
  it('opens no socket for a page of another host', async () => {
    const { port } = await serve(feedOf(stoppedClock().now));
    expect(await outcome(connect(port, '/live', { Origin: 'http://evil.example' }))).toBe(403);
    expect(await outcome(connect(port, '/live', { Origin: `http://127.0.0.1:${port + 1}` }))).toBe(403);
    expect(await outcome(connect(port, '/live', { Origin: 'null' }))).toBe(403);
    expect(await outcome(connect(port, '/live', { Origin: `http://127.0.0.1:${port}` }))).toBe('open');
    expect(await outcome(connect(port, '/other'))).toBe(404);
  });
  it('does not answer under a foreign name that points at this machine', async () => {
    const { port } = await serve(feedOf(stoppedClock().now));
    const Host = `evil.example:${port}`;
    expect((await get(port, '/', { Host })).status).toBe(403);
    expect(await outcome(connect(port, '/live', { Host, Origin: `http://${Host}` }))).toBe(403);
    expect((await get(port, '/', { Host: `localhost:${port}` })).status).toBe(200);
  });
});

describe('what a page is sent', () => {
  it('is the whole state on connecting, the waterfall included', async () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { historyRows: 200 });
    const layout = layoutOf(16);
    for (let seq = 0; seq < 300; seq++) {
      feed.write(frameOf(layout, seq, new Float64Array(16).fill(seq)), 'camera');
      clock.ms += 60;
      feed.settle();
    }
    feed.write(alertOf('a'), 'rule');
    const { port } = await serve(feed);
    const heard = listen(connect(port));
    await until(() => heard.rows.at(-1) === 299, 'the newest row');
    expect(heard.rows).toEqual(Array.from({ length: 200 }, (_, k) => 100 + k));
    expect(heard.texts[0]).toMatchObject({ type: 'hello', run: 'run 7', historyRows: 200 });
    expect(new Set(heard.texts.map((text) => text.type))).toEqual(
      new Set(['hello', 'status', 'permit', 'layout', 'tracks', 'detectors', 'alerts', 'dose', 'regions', 'run']),
    );
  });
  it('is a heartbeat twice a second though nothing happens', async () => {
    const { port } = await serve(feedOf(stoppedClock().now));
    const heard = listen(connect(port));
    await until(() => heard.texts.filter((text) => text.type === 'status').length >= 6, 'six heartbeats', 4000);
  });
  it('is a change of state at once', async () => {
    const feed = feedOf(stoppedClock().now);
    const { port } = await serve(feed);
    const heard = listen(connect(port));
    // Right after a heartbeat: the next one is half a second away.
    await until(() => heard.texts.filter((text) => text.type === 'status').length > 1, 'a heartbeat');
    feed.write(frameOf(layoutOf(2), 0, [1, 1]), 'camera');
    await until(() => heard.texts.some((t) => t.type === 'status' && t.state === 'live'), 'live', 450);
  });
  it('is status and alerts only while nobody looks, and the missed rows afterwards', async () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now);
    const { port } = await serve(feed);
    const socket = connect(port);
    const heard = listen(socket);
    await once(socket, 'open');
    const layout = layoutOf(2);
    socket.send('{"looking":false}');
    socket.send('no JSON');
    await until(() => heard.texts.some((text) => text.type === 'status'), 'the first status');
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let seq = 0; seq < 5; seq++) {
      feed.write(frameOf(layout, seq, [1, 1]), 'camera');
      clock.ms += 60;
      feed.settle();
    }
    feed.write(alertOf('b'), 'rule');
    await until(() => heard.texts.some((t) => t.type === 'alerts' && t.alerts.length === 1), 'the alert');
    expect(heard.rows).toEqual([]);
    socket.send('{"looking":true}');
    await until(() => heard.rows.length === 5, 'the missed rows');
  });
  it('is fewer and newer rows for a page that cannot keep up, never a growing queue', async () => {
    const clock = stoppedClock();
    const feed = feedOf(clock.now, { historyRows: 50 });
    const layout = layoutOf(2048);
    const values = new Float64Array(2048).fill(7);
    const { port } = await serve(feed);
    const socket = connect(port);
    const heard = listen(socket);
    await once(socket, 'open');
    await until(() => heard.texts.length > 0, 'the first message');
    socket.pause();
    let seq = 0;
    for (let round = 0; round < 30; round++) {
      for (let k = 0; k < 50; k++) {
        feed.write(frameOf(layout, seq, values), 'camera');
        feed.write(frameOf(layout, seq++, values, { variances: values }), 'change');
        clock.ms += 60;
        feed.settle();
      }
      await new Promise((resolve) => setTimeout(resolve, 55));
    }
    socket.resume();
    await until(() => heard.rows.at(-1) === feed.nextRow - 1, 'the newest row');
    expect(feed.nextRow).toBeGreaterThan(1490);
    expect(heard.rows.length).toBeLessThan(feed.nextRow * 0.7);
    expect([...heard.rows].sort((a, b) => a - b)).toEqual(heard.rows);
  }, 15_000);
});
