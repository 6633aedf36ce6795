import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { PacketOutlet, Receipt } from '../../src/model/adapter.ts';
import { readBody, refusalByHead } from './requestBody.ts';
import { refusalOf } from './socketAccess.ts';
import type { TlsOptions } from './tlsSettings.ts';
import { untilAborted } from './untilAborted.ts';

export interface HttpIngestOptions {
  readonly host: string;
  readonly port: number;
  /** Posts go here or below. */
  readonly path: string;
  readonly token: string | undefined;
  /** Of one body as sent, and of what it unpacks to. */
  readonly maxBytes: number;
  /** With certificate and key the server speaks https. */
  readonly tls: TlsOptions;
}

/** A sender that falls asleep in the middle of a post is cut off after so long, milliseconds. */
const REQUEST_MS = 30_000;
const MAX_CONNECTIONS = 256;
const RETRY_AFTER_S = 1;
/** Of the bodies that are being received together, in largest bodies. */
const MAX_HELD = 2;

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Takes what is posted until the signal aborts; rejects when the port cannot be had. */
export async function runHttpIngest(
  options: HttpIngestOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const { host, port, tls } = options;
  const take = createTaker(options, outlet);
  const listen: RequestListener = (request, response) => {
    take(request, response).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  };
  const server: Server = tls.cert === undefined ? createServer(listen) : createSecureServer(tls, listen);
  server.on('checkContinue', listen);
  server.requestTimeout = REQUEST_MS;
  server.maxConnections = MAX_CONNECTIONS;
  const address = `http${tls.cert === undefined ? '' : 's'}://${host}:${port}`;
  await untilAborted(
    signal,
    (lost) => {
      server.on('error', lost);
      server.listen(port, host.replace(/^\[|\]$/g, ''), () =>
        outlet.report({ state: 'connecting', detail: `waiting for an instrument at ${address}` }),
      );
    },
    () => {
      server.close();
      server.closeAllConnections();
    },
  );
}

/** Judges a request, first by its head, then by its body, and hands the body on. */
function createTaker(options: HttpIngestOptions, outlet: PacketOutlet) {
  const { path, token, maxBytes } = options;
  const isFull = createGauge(outlet);
  let heldBytes = 0;
  let told: string | null = null;
  const tell = (detail: string): void => {
    if (detail !== told) outlet.report({ state: 'ok', detail });
    told = detail;
  };
  const refuse = (status: number, reason: string, detail: string): Answer => ({ status, body: { reason, detail } });
  const later = (detail: string): Answer => {
    tell(`senders are told to come later: ${detail}`);
    return refuse(503, 'overflow', detail);
  };

  const byHead = (request: IncomingMessage): Answer | null => {
    const access = refusalOf(request, { token, origins: [] });
    if (access !== null) {
      tell(`a sender was refused: ${access === 401 ? 'its token is missing or wrong' : 'it is not from this machine'}`);
      return refuse(access, 'access', access === 401 ? 'the token is missing or wrong' : 'not from here');
    }
    if (request.method !== 'POST') return refuse(405, 'method', 'expected POST');
    if (!isBelow(pathOf(request), path)) return refuse(404, 'path', `expected ${path} or below`);
    const body = refusalByHead(request, maxBytes);
    if (body !== null) {
      outlet.reject?.({ reason: body.reason, detail: body.detail });
      return refuse(body.status, body.reason, body.detail);
    }
    if (isFull()) return later('the queue of the stream is full');
    return heldBytes >= MAX_HELD * maxBytes ? later('too much is being received at once') : null;
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<Answer> => {
    const refusal = byHead(request);
    if (refusal !== null) return refusal;
    if (request.headers.expect !== undefined) response.writeContinue();
    let ownBytes = 0;
    const body = await readBody(request, maxBytes, (bytes) => {
      ownBytes += bytes;
      heldBytes += bytes;
    }).finally(() => (heldBytes -= ownBytes));
    if (!(body instanceof Uint8Array)) {
      outlet.reject?.({ reason: body.reason, detail: body.detail });
      return refuse(body.status, body.reason, body.detail);
    }
    // It may have filled up while the body was on its way.
    if (isFull()) return later('the queue of the stream is full');
    tell('');
    const receipt: Receipt = { acceptedCount: 0, rejectedCount: 0, firstRejection: null };
    outlet.next({ channel: pathOf(request), bytes: body, receivedUs: Date.now() * 1000, receipt });
    const { acceptedCount: accepted, rejectedCount: rejected, firstRejection } = receipt;
    return {
      status: rejected > 0 && accepted === 0 ? 400 : 202,
      body: { accepted, rejected, ...firstRejection },
    };
  };
}

/** Whether the outlet is full; however often it is asked, one promise waits for room. */
function createGauge({ room }: PacketOutlet): () => boolean {
  let isFull = false;
  return () => {
    const waiting = isFull ? null : (room?.() ?? null);
    if (waiting === null) return isFull;
    isFull = true;
    void waiting.then(() => (isFull = false));
    return true;
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isOver = status >= 400 && !response.req.complete;
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...(status === 405 ? { Allow: 'POST' } : {}),
    ...(status === 503 ? { 'Retry-After': RETRY_AFTER_S } : {}),
    // What is left of a refused body is not read.
    ...(isOver ? { Connection: 'close' } : {}),
  });
  response.end(`${JSON.stringify(body)}\n`);
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/';

const isBelow = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
