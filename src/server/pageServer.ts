import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { MonitorError } from '../model/error.ts';
import type { AlarmCommand } from '../model/alarmCommand.ts';
import type { AcceptAnswer, AcceptCommand } from '../model/operatorCommand.ts';
import type { PermitCommand } from '../model/permitCommand.ts';
import { createAccess, isLoopback, type Access, type Admission } from './access.ts';
import { answerPosted, isCommand, obedienceTo, type Obedience } from './commands.ts';
import { serveLive } from './liveSockets.ts';
import { metricsText } from './metricsText.ts';
import type { PageFeed } from './pageFeed.ts';
import { readinessOf } from './readiness.ts';
import { readStaticFile } from './staticFiles.ts';
import type { TokenList } from './tokenList.ts';
import type { WatchedFiles } from './watchedFiles.ts';

export interface PageServerOptions {
  readonly feed: PageFeed;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Of who may operate; this or `tokens` is required for a host that others can reach, and then demanded of everybody. */
  readonly token: string | null;
  /** Further tokens, each with its role; they may be revoked while we run. */
  readonly tokens?: WatchedFiles<TokenList> | null;
  /** Certificate and key, PEM, as they are now: they may be renewed while we run. Absent, the page is not encrypted. */
  readonly certificate?: WatchedFiles<Certificate> | undefined;
  /** What browsers see as the origin of the page behind a proxy. */
  readonly origin?: string | undefined;
  /** Folder of the built page. */
  readonly webRoot: string;
  /** Further documents, served as JSON under /api/v1/{name}. */
  readonly documents?: Readonly<Record<string, () => object>>;
  /** Obeys operators who accept a new state; absent, commands are refused. */
  readonly accept?: AcceptCommand | undefined;
  /** Obeys operators who stop the beam or grant the permit; absent, commands are refused. */
  readonly permit?: PermitCommand | undefined;
  /** Obeys operators who see to alarms; absent, commands are refused. */
  readonly alarm?: AlarmCommand | undefined;
}

/** PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface PageServer {
  /** Without a token: it stands in logs. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const SECURITY: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const RENEWAL_MS = 60_000;

/**
 * Serves the page and what it shows. Pulls from the feed, at most twenty times a second and only while somebody looks.
 *
 * @throws MonitorError 'CONFIG' when others could reach it and no token is set, the address cannot be taken, or the
 * certificate does not fit its key.
 */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const {
    feed,
    host = '127.0.0.1',
    token,
    tokens = null,
    origin = null,
    certificate,
    webRoot,
    documents = {},
  } = options;
  const commands = {
    accept: options.accept ?? refuse,
    permit: options.permit ?? refuse,
    alarm: options.alarm ?? refuse,
  };
  if (!isLoopback(host) && token === null && tokens === null)
    throw new MonitorError(
      'CONFIG',
      `host ${host} can be reached by others, so page.token or page.tokensFile is required`,
      { id: 'page' },
    );
  const access = createAccess({ token, tokens, origin, isEncrypted: certificate !== undefined });
  const server = createServerFor(certificate, (request, response) => {
    answer(request, response, { feed, access, webRoot, documents, commands }).catch(() => {
      if (!response.headersSent) reply(response, 500, 'text/plain; charset=utf-8', 'the page could not be read\n');
    });
  });
  const live = serveLive(server, feed, access, commands);
  await listen(server, options.port, host);

  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host;
  return {
    port,
    url: `${certificate === undefined ? 'http' : 'https'}://${shownHost}:${port}/`,
    async close() {
      live.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function createServerFor(
  certificate: WatchedFiles<Certificate> | undefined,
  answerTo: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (certificate === undefined) return createServer(answerTo);
  let used = certificate.current();
  try {
    const server = createSecureServer({ ...used, minVersion: 'TLSv1.2' }, answerTo);
    const timer = setInterval(() => {
      const renewed = certificate.current();
      if (renewed === used) return;
      used = renewed;
      try {
        server.setSecureContext({ ...renewed, minVersion: 'TLSv1.2' });
      } catch {
        // Half of a renewal: the old one serves until the other half is there.
      }
    }, RENEWAL_MS);
    timer.unref();
    server.on('close', () => clearInterval(timer));
    return server;
  } catch (cause) {
    throw new MonitorError('CONFIG', 'page.certFile and page.keyFile do not fit', { id: 'page' }, { cause });
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new MonitorError('CONFIG', `cannot listen on ${host}:${port}`, { id: 'page' }, { cause })),
    );
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
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
    const admission = access.admitOwn(request);
    if (admission.refusal !== null)
      return json(response, { detail: `refused: ${WHY[admission.refusal]}` }, admission.refusal, retryAfter(admission));
    if (admission.holder.role === 'view') return json(response, { detail: 'refused: this token may only look' }, 403);
    const { status, body } = await answerPosted(request, name, obedienceTo(admission.holder, commands));
    return json(response, body, status);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return reply(response, 405, 'text/plain; charset=utf-8', 'only GET\n', { Allow: 'GET, HEAD' });
  if (path === '/healthz') return reply(response, 200, 'text/plain; charset=utf-8', 'ok\n');
  const admission = access.admit(request);
  if (admission.refusal !== null) {
    const text = `${WHY[admission.refusal]}; open the page with its token: /?token=...\n`;
    return reply(response, admission.refusal, 'text/plain; charset=utf-8', text, retryAfter(admission));
  }
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

const WHY = {
  401: 'the token is missing, wrong or revoked',
  403: 'asked for from elsewhere',
  429: 'too many requests, or too many wrong tokens',
} as const;

function retryAfter(admission: Admission): Record<string, string> {
  return admission.refusal === 429 ? { 'Retry-After': String(admission.retryAfterS) } : {};
}

const refuse = ({ id }: { readonly id: string }): Promise<AcceptAnswer> =>
  Promise.resolve({ id, isDone: false, detail: 'Nobody here obeys commands.' });

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

function json(
  response: ServerResponse,
  value: object,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(response, status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
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
