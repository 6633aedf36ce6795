import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { watchCertificate, watchTokens } from '../../src/server/accessFiles.ts';
import { startPageServer, type PageServer, type PageServerOptions } from '../../src/server/pageServer.ts';
import { digestOfToken, parseTokens, tokenLine } from '../../src/server/tokenList.ts';
import { createRateLimit } from '../../src/server/rateLimit.ts';
import { makeCertificates, type Certificates } from '../support/certificates.ts';
import { feedOf, stoppedClock } from './fixtures.ts';

let folder = '';
let certificates: Certificates;
const open: PageServer[] = [];
const sockets: WebSocket[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  certificates = makeCertificates();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of open.splice(0)) await server.close();
});
afterAll(async () => {
  certificates.remove();
  await rm(folder, { recursive: true, force: true });
});

const LOOK = 'a token that may look';
const OPERATE = 'a token that may operate';
const line = (name: string, role: 'view' | 'operate', token: string) =>
  tokenLine({ name, role, digest: digestOfToken(token) });

async function serve(options: Partial<PageServerOptions> = {}): Promise<PageServer> {
  const server = await startPageServer({
    feed: feedOf(stoppedClock().now),
    port: 0,
    token: null,
    webRoot: folder,
    ...options,
  });
  open.push(server);
  return server;
}

async function serveTokens(name: string, options: Partial<PageServerOptions> = {}) {
  const path = join(folder, name);
  await writeFile(path, line('wall display', 'view', LOOK) + line('control room', 'operate', OPERATE));
  const heard: string[] = [];
  const server = await serve({
    tokens: watchTokens(path),
    permit: ({ id, command, via }) => {
      heard.push(`${command} via ${via}`);
      return Promise.resolve({ id, isDone: true, detail: 'done' });
    },
    ...options,
  });
  return { ...server, path, heard };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
interface Asked {
  readonly token?: string;
  readonly post?: object;
  readonly headers?: Record<string, string>;
  readonly ca?: string;
}
function ask(url: string, { token, post, headers = {}, ca }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method: post === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(post === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(ca === undefined ? {} : { ca }),
    };
    const asked = (url.startsWith('https') ? requestHttps : requestHttp)(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end(post === undefined ? undefined : JSON.stringify(post));
  });
}

function connect(url: string, token: string): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}live`, { headers: { Authorization: `Bearer ${token}` } });
  sockets.push(socket);
  return socket;
}
const STOP = { command: 'stop', id: 'one', by: 'mk', reason: 'leak' };

describe('roles', () => {
  it('view looks at all, and commands nothing, by post or by socket', async () => {
    const { url, heard } = await serveTokens('roles');
    expect((await ask(`${url}api/v1/status`, { token: LOOK })).status).toBe(200);
    expect((await ask(`${url}metrics`, { token: LOOK })).status).toBe(200);
    const posted = await ask(`${url}api/v1/permit`, { token: LOOK, post: STOP });
    expect([posted.status, posted.body]).toEqual([403, expect.stringMatching(/may only look/)]);
    const socket = connect(url, LOOK);
    const texts: Record<string, unknown>[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) texts.push(JSON.parse(data.toString()) as Record<string, unknown>);
    });
    await once(socket, 'open');
    socket.send(JSON.stringify({ permit: STOP }));
    await expect.poll(() => texts.find(({ type }) => type === 'answer')).toMatchObject({ isDone: false, id: 'one' });
    expect(texts[0]).toMatchObject({ type: 'hello', role: 'view' });
    expect(heard).toEqual([]);
  });
  it('operate commands, and the name of its token goes into the account', async () => {
    const { url, heard } = await serveTokens('roles');
    expect((await ask(`${url}api/v1/permit`, { token: OPERATE, post: STOP })).status).toBe(200);
    expect(heard).toEqual(['stop via command line (control room)']);
  });
  it('no page of another origin commands, whatever token the browser holds', async () => {
    const { url, heard } = await serveTokens('roles');
    const Cookie = `operando_token=${encodeURIComponent(OPERATE)}`;
    const headers = { Cookie, Origin: 'https://evil.example' };
    expect((await ask(`${url}api/v1/permit`, { post: STOP, headers })).status).toBe(403);
    expect(heard).toEqual([]);
  });
});

describe('a revoked token', () => {
  it('closes the pages that were opened with it, and opens no more; the others stay', async () => {
    const { url, path } = await serveTokens('revoked');
    const [display, room] = [connect(url, LOOK), connect(url, OPERATE)];
    await Promise.all([once(display, 'open'), once(room, 'open')]);
    const closed = once(display, 'close');
    await writeFile(path, line('control room', 'operate', OPERATE));
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4401, 'the token was revoked']);
    expect((await ask(url, { token: LOOK })).status).toBe(401);
    expect(room.readyState).toBe(WebSocket.OPEN);
  });
  it('is every one of them when the file is gone', async () => {
    const { url, path } = await serveTokens('gone');
    await rm(path);
    await expect.poll(async () => (await ask(url, { token: OPERATE })).status, { timeout: 5000 }).toBe(401);
  });
});

describe('limits', () => {
  it('slow down who guesses, and never who operates', async () => {
    const { url, heard } = await serveTokens('limits');
    const guesses = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(url, { token: `guess ${i}` })));
    const slowed = guesses.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThan(10);
    expect(Number(slowed[0]!.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(`${url}api/v1/permit`, { token: OPERATE, post: STOP })).status).toBe(200);
    expect(heard).toHaveLength(1);
  });
  it('end a page that floods, but for its stop', async () => {
    const { url, heard } = await serveTokens('flood');
    const socket = connect(url, OPERATE);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (let i = 0; i < 200; i++) socket.send('{"looking":true}');
    socket.send(JSON.stringify({ permit: STOP }));
    expect(((await closed) as [number])[0]).toBe(4429);
    const next = connect(url, OPERATE);
    await once(next, 'open');
    for (let i = 0; i < 59; i++) next.send('{"looking":true}');
    for (let i = 0; i < 5; i++) next.send(JSON.stringify({ permit: { ...STOP, id: `stop ${i}` } }));
    await expect.poll(() => heard.filter((text) => text.startsWith('stop')).length).toBeGreaterThanOrEqual(5);
  });
  it('cut off a message that is no command', async () => {
    const { url } = await serveTokens('oversize');
    const socket = connect(url, OPERATE);
    await once(socket, 'open');
    socket.send('x'.repeat(5000));
    expect(((await once(socket, 'close')) as [number])[0]).toBe(1009);
    const posted = await ask(`${url}api/v1/permit`, { token: OPERATE, post: { ...STOP, reason: 'x'.repeat(5000) } });
    expect(posted.status).toBe(413);
  });
  it('are of one address each, fill again with time, and remember boundedly many', () => {
    const limit = createRateLimit({ burst: 2, perSecond: 0.5 });
    expect([limit.take('a', 0), limit.take('a', 0), limit.take('a', 0), limit.take('b', 0)]).toEqual([0, 0, 2, 0]);
    expect([limit.take('a', 2000), limit.take('a', 2000)]).toEqual([0, 2]);
    for (let i = 0; i < 5000; i++) limit.take(`n${i}`, 2000);
    expect(limit.take('a', 2000)).toBe(0);
    // A clock that steps back gives nothing, and takes nothing.
    expect([limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 2]);
  });
});

describe('encryption', () => {
  it('serves page and socket by TLS, and takes a renewed certificate', async () => {
    const [certFile, keyFile] = [join(folder, 'page.crt'), join(folder, 'page.key')];
    await writeFile(certFile, await readFile(certificates.server.cert));
    await writeFile(keyFile, await readFile(certificates.server.key));
    const { url } = await serveTokens('tls', { certificate: watchCertificate(certFile, keyFile) });
    const ca = await readFile(certificates.ca, 'utf8');
    expect(url).toMatch(/^https:/);
    const entered = await ask(`${url}?token=${encodeURIComponent(LOOK)}`, { ca });
    expect([entered.status, String(entered.headers['set-cookie'])]).toEqual([200, expect.stringMatching(/; Secure/)]);
    const socket = new WebSocket(`${url.replace('https', 'wss')}live`, {
      headers: { Authorization: `Bearer ${LOOK}` },
      ca,
    });
    sockets.push(socket);
    await once(socket, 'open');
    await expect(ask(url.replace('https', 'http'), { token: LOOK })).rejects.toThrow();
  });
  it('says which file is missing, and that certificate and key do not fit', async () => {
    expect(() => watchCertificate(join(folder, 'none.crt'), certificates.server.key)).toThrow(
      /none\.crt cannot be read/,
    );
    const certificate = watchCertificate(certificates.server.cert, certificates.client.key);
    await expect(serve({ certificate })).rejects.toThrow(/certFile and page\.keyFile do not fit/);
  });
  it('behind a proxy: its origin is ours, its word on who asks is believed', async () => {
    const { url } = await serveTokens('proxy', { origin: 'https://beam.example.org' });
    const headers = { Origin: 'https://beam.example.org' };
    expect((await ask(`${url}api/v1/permit`, { token: OPERATE, post: STOP, headers })).status).toBe(200);
    const from = (address: string, token: string) => ask(url, { token, headers: { 'X-Forwarded-For': address } });
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => from('203.0.113.7', `guess ${i}`)));
    expect(guesses.some(({ status }) => status === 429)).toBe(true);
    expect((await from('203.0.113.8', 'one guess')).status).toBe(401);
  });
});

describe('a file of tokens', () => {
  it('keeps no token, tells bad lines, and holds the others', () => {
    const text = `# of the beamline\n${line('a b', 'view', LOOK)}nonsense\n${line('a b', 'operate', OPERATE)}`;
    expect(text).not.toContain(LOOK);
    const { tokens, problems } = parseTokens(text);
    expect(tokens.map(({ name, role }) => [name, role])).toEqual([['a b', 'view']]);
    expect(problems).toEqual([expect.stringMatching(/^line 3: expected/), "line 4: there are two named 'a b'"]);
  });
});
