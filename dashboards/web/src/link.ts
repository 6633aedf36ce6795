import type { AnswerMessage, PageMessage, TextMessage } from '../../../src/server/protocol.ts';
import { takeBinary, takeText, type Model, type Part } from './model.ts';

/** Without a message for so long, the monitor is lost, ms: four heartbeats. */
const SILENCE_MS = 2000;
const RETRY_MS = [250, 500, 1000, 2000] as const;
/** Closed with this code: the token is not accepted any more (RFC 6455 leaves 4000-4999 to applications). */
const REFUSED = 4401;
/** Another token may be given to this browser meanwhile; guessing would not help. */
const RETRY_REFUSED_MS = 15_000;

/** The way to the monitor. */
export interface Link {
  /** Returns false when there is none at the moment: nothing is kept for later. */
  send(message: Partial<PageMessage>): boolean;
}

/**
 * Keeps the socket to the monitor: connects, listens, notices silence, connects again.
 *
 * @param answered - hears what became of a command.
 */
export function startLink(
  model: Model,
  changed: (part: Part) => void,
  answered: (answer: AnswerMessage) => void,
): Link {
  const address = new URL('live', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  let socket: WebSocket | null = null;
  let heardMs = performance.now();
  let attempt = 0;

  function lose(): void {
    if (model.lostAtMs === null) {
      model.lostAtMs = heardMs;
      changed('all');
    }
  }
  function connect(): void {
    model.nextAttemptMs = null;
    const current = new WebSocket(address);
    socket = current;
    current.binaryType = 'arraybuffer';
    current.addEventListener('open', () => look(current));
    current.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== current) return;
      heardMs = performance.now();
      attempt = 0;
      if (model.lostAtMs !== null) {
        model.lostAtMs = null;
        changed('all');
      }
      const message = typeof event.data === 'string' ? (JSON.parse(event.data) as TextMessage) : event.data;
      if (!(message instanceof ArrayBuffer) && message.type === 'answer') return answered(message);
      const part = message instanceof ArrayBuffer ? takeBinary(model, message) : takeText(model, message, heardMs);
      if (part !== null) changed(part);
    });
    current.addEventListener('close', ({ code }) => {
      if (socket !== current) return;
      socket = null;
      if (code === REFUSED) {
        model.isRefused = true;
        lose();
      }
      const waitMs = model.isRefused ? RETRY_REFUSED_MS : (RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)] ?? 2000);
      model.nextAttemptMs = performance.now() + waitMs;
      setTimeout(connect, waitMs);
    });
  }
  function look(current: WebSocket): void {
    say(current, { looking: !document.hidden });
  }
  function say(current: WebSocket, message: Partial<PageMessage>): boolean {
    if (current.readyState !== WebSocket.OPEN) return false;
    current.send(JSON.stringify(message));
    return true;
  }

  document.addEventListener('visibilitychange', () => {
    if (socket !== null) look(socket);
  });
  setInterval(() => {
    if (performance.now() - heardMs <= SILENCE_MS) return;
    lose();
    // Open but silent: the far end is frozen or gone without a word. Another socket may find it well.
    if (socket !== null && performance.now() - heardMs > 2 * SILENCE_MS) socket.close();
  }, 100);
  connect();
  return { send: (message) => socket !== null && say(socket, message) };
}
