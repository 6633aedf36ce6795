import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Access } from './access.ts';
import { obedienceTo, type Obedience } from './commands.ts';
import type { PageFeed } from './pageFeed.ts';
import { createRateLimit } from './rateLimit.ts';
import type { Holder } from './tokenList.ts';
import { createViewer, type Viewer } from './viewer.ts';

const TICK_MS = 25;
const RECHECK_MS = 1000;
/** Open pages; the last quarter is kept for those who may operate. */
const MAX_PAGES = 64;
const MAX_LOOKERS = 48;
const MAX_MESSAGE_BYTES = 4096;
/** Messages of one page: a person types no faster. */
const MESSAGES = { burst: 60, perSecond: 20 };
/** Close codes of our own: 4000-4999 are free (RFC 6455, 7.4.2). */
const REVOKED = 4401;
const TOO_MANY = 4429;
const STOP = '"stop"';

interface OpenPage {
  readonly viewer: Viewer;
  readonly request: IncomingMessage;
  readonly holder: Holder;
  close(code: number, reason: string): void;
}

/** Serves the live sockets of the page: who is admitted, who obeys it, and an end to those whose token was revoked. */
export function serveLive(server: Server, feed: PageFeed, access: Access, commands: Obedience): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
  const open = new Set<OpenPage>();
  server.on('upgrade', (request, socket, head) => {
    const path = (request.url ?? '/').split('?')[0];
    const admission = path === '/live' ? access.admitOwn(request) : null;
    if (admission === null) return void socket.end(refusalOf(404));
    if (admission.refusal !== null) return void socket.end(refusalOf(admission.refusal, admission.retryAfterS));
    const { holder } = admission;
    if (open.size >= (holder.role === 'view' ? MAX_LOOKERS : MAX_PAGES)) return void socket.end(refusalOf(503, 5));
    sockets.handleUpgrade(request, socket, head, (client) => {
      const viewer = createViewer(client, feed, obedienceTo(holder, commands), holder);
      const page = { viewer, request, holder, close: client.close.bind(client) };
      const messages = createRateLimit(MESSAGES);
      open.add(page);
      client.on('message', (data, isBinary) => {
        if (isBinary || !Buffer.isBuffer(data)) return;
        const text = data.toString();
        // A stop is obeyed however many messages came before it.
        if (messages.take('', performance.now()) > 0 && !text.includes(STOP))
          return client.close(TOO_MANY, 'too many messages');
        viewer.hear(text);
      });
      client.on('close', () => open.delete(page));
      // A broken connection is followed by 'close'; there is nobody to tell.
      client.on('error', () => client.terminate());
    });
  });
  const tick = setInterval(() => {
    feed.settle();
    const nowMs = performance.now();
    for (const { viewer } of open) viewer.tick(nowMs);
  }, TICK_MS);
  const recheck = setInterval(() => {
    for (const { request, holder, close } of open)
      if (!access.isStillHeld(request, holder)) close(REVOKED, 'the token was revoked');
  }, RECHECK_MS);
  return {
    close() {
      clearInterval(tick);
      clearInterval(recheck);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function refusalOf(status: number, retryAfterS = 0): string {
  const retry = retryAfterS > 0 ? `Retry-After: ${retryAfterS}\r\n` : '';
  return `HTTP/1.1 ${status} Refused\r\n${retry}Connection: close\r\n\r\n`;
}
