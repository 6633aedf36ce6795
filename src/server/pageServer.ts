import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { MonitorError } from '../model/error.ts';
import type { AcceptAnswer, AcceptCommand } from '../model/operatorCommand.ts';
import type { PermitCommand } from '../model/permitCommand.ts';
import { createAccess, isLoopback, type Access } from './access.ts';
import { answerPosted, isCommand, type Obedience } from './commands.ts';
import { metricsText } from './metricsText.ts';
import type { PageFeed } from './pageFeed.ts';
import { readinessOf } from './readiness.ts';
import { readStaticFile } from './staticFiles.ts';
import { createViewer, type Viewer } from './viewer.ts';

export interface PageServerOptions {
  readonly feed: PageFeed;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Demanded of every request when not null; required for a host that others can reach. */
  readonly token: string | null;
  /** Folder of the built page. */
  readonly webRoot: string;
  /** Further documents, served as JSON under /api/v1/{name}. */
  readonly documents?: Readonly<Record<string, () => object>>;
  /** Obeys operators who accept a new state; absent, commands are refused. */
  readonly accept?: AcceptCommand | undefined;
  /** Obeys operators who stop the beam or grant the permit; absent, commands are refused. */
  readonly permit?: PermitCommand | undefined;
}

export interface PageServer {
  /** With the token, ready to be opened. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const TICK_MS = 25;
const MAX_VIEWERS = 64;
const SECURITY: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Serves the page and what it shows. Pulls from the feed, at most twenty times a second and only while somebody looks.
 *
 * @throws MonitorError 'CONFIG' when others could reach it and no token is set, or the address cannot be taken.
 */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { feed, host = '127.0.0.1', token, webRoot, documents = {} } = options;
  const commands = { accept: options.accept ?? refuse, permit: options.permit ?? refuse };
  if (!isLoopback(host) && token === null)
    throw new MonitorError('CONFIG', `host ${host} can be reached by others, so page.token is required`, {
      id: 'page',
    });
  const access = createAccess(token);
  const server = createServer((request, response) => {
    answer(request, response, { feed, access, webRoot, documents, commands }).catch(() => {
      if (!response.headersSent) reply(response, 500, 'text/plain; charset=utf-8', 'the page could not be read\n');
    });
  });
  const viewers = serveSockets(server, feed, access, commands);
  await listen(server, options.port, host);

  const tick = setInterval(() => {
    feed.settle();
    const nowMs = performance.now();
    for (const viewer of viewers.open) viewer.tick(nowMs);
  }, TICK_MS);
  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host;
  return {
    port,
    url: `http://${shownHost}:${port}/${token === null ? '' : `?token=${encodeURIComponent(token)}`}`,
    async close() {
      clearInterval(tick);
      viewers.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new MonitorError('CONFIG', `cannot listen on ${host}:${port}`, { id: 'page' }, { cause })),
    );
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
}

function serveSockets(
  server: Server,
  feed: PageFeed,
  access: Access,
  commands: Obedience,
): { open: Set<Viewer>; close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4096 });
  const open = new Set<Viewer>();
  server.on('upgrade', (request, socket, head) => {
    const isOurs = pathOf(request) === '/live';
    const refusal = isOurs ? access.refuseForeign(request) : 404;
    if (refusal !== null || open.size >= MAX_VIEWERS) {
      socket.end(`HTTP/1.1 ${refusal ?? 503} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const viewer = createViewer(client, feed, commands);
      open.add(viewer);
      client.on('message', (data, isBinary) => {
        if (!isBinary && Buffer.isBuffer(data)) viewer.hear(data.toString());
      });
      client.on('close', () => open.delete(viewer));
      // A broken connection is followed by 'close'; there is nobody to tell.
      client.on('error', () => client.terminate());
    });
  });
  return {
    open,
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

interface Surroundings {
  readonly feed: PageFeed;
  readonly access: Access;
  readonly webRoot: string;
  readonly documents: Readonly<Record<string, () => object>>;
  readonly commands: Obedience;
}

async function answer(request: IncomingMessage, response: ServerResponse, surroundings: Surroundings) {
  const { feed, access, webRoot, documents, commands } = surroundings;
  const path = pathOf(request);
  const name = path.startsWith('/api/v1/') ? path.slice('/api/v1/'.length) : '';
  if (request.method === 'POST' && isCommand(name)) {
    const refusal = access.refuseForeign(request);
    if (refusal !== null) return json(response, { detail: 'refused: the token is missing or wrong' }, refusal);
    const { status, body } = await answerPosted(request, name, commands);
    return json(response, body, status);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return reply(response, 405, 'text/plain; charset=utf-8', 'only GET\n', { Allow: 'GET, HEAD' });
  if (path === '/healthz') return reply(response, 200, 'text/plain; charset=utf-8', 'ok\n');
  const refusal = access.refuse(request);
  if (refusal !== null)
    return reply(response, refusal, 'text/plain; charset=utf-8', 'open the page with its token: /?token=...\n');
  if (path === '/readyz') {
    const readiness = readinessOf(feed.monitorStatus);
    return json(response, readiness, readiness.isReady ? 200 : 503);
  }
  if (path === '/metrics') {
    const parts = { status: feed.monitorStatus, permit: feed.permit, alerts: feed.alerts(), nowMs: Date.now() };
    return reply(response, 200, 'text/plain; version=0.0.4; charset=utf-8', metricsText(parts));
  }
  if (name === 'status') return json(response, { page: feed.status(), monitor: feed.monitorStatus });
  if (name === 'alerts') return json(response, { alerts: feed.alerts() });
  if (name === 'permit') return json(response, { permit: feed.permit });
  const document = Object.hasOwn(documents, name) ? documents[name] : undefined;
  if (document !== undefined) return json(response, document());
  const file = await readStaticFile(webRoot, path);
  if (file === null) return reply(response, 404, 'text/plain; charset=utf-8', 'no such page\n');
  const cookie = access.cookieFor(request);
  reply(response, 200, file.type, file.body, {
    'Cache-Control': file.caching,
    ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
  });
}

const refuse = ({ id }: { readonly id: string }): Promise<AcceptAnswer> =>
  Promise.resolve({ id, isDone: false, detail: 'Nobody here obeys commands.' });

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

function json(response: ServerResponse, value: object, status = 200): void {
  reply(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...SECURITY, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
