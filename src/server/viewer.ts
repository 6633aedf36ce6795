import type { WebSocket } from 'ws';
import { readAcceptRequest, type AcceptAnswer } from '../model/operatorCommand.ts';
import { readAlarmRequest } from '../model/alarmCommand.ts';
import { readPermitRequest } from '../model/permitCommand.ts';
import type { Obedience } from './commands.ts';
import { TEXT_PANELS, type PageFeed, type TextPanel } from './pageFeed.ts';
import type { AnswerMessage, DataState, HelloMessage, PageMessage } from './protocol.ts';
import type { Holder } from './tokenList.ts';

/** A page that has not taken this much yet is left alone until it has, bytes. */
export const MAX_WAITING_BYTES = 1 << 20;
/** Rows in one message; older ones follow in the next. */
const ROWS_PER_MESSAGE = 64;
/** At most twenty times a second, ms; a little less, so that a tick that comes early still counts. */
const PUSH_MS = 49;
const SPECTRUM_MS = 100;
const HEARTBEAT_MS = 500;
/** A page nobody looks at still gets these. */
const ALWAYS: readonly TextPanel[] = ['permit', 'layout', 'tracks', 'alerts'];

/** One open page: remembers what it has been sent, and sends what is newer. It keeps no queue. */
export interface Viewer {
  tick(nowMs: number): void;
  hear(text: string): void;
}

/** @param holder - of the token the page came with: tells the page what it may do. */
export function createViewer(socket: WebSocket, feed: PageFeed, commands: Obedience, { role }: Holder): Viewer {
  const sent = new Map<TextPanel, number>();
  let isLooking = true;
  let generation = -1;
  let nextRow = 0;
  let spectrumRow = -1;
  let pushedMs = Number.NEGATIVE_INFINITY;
  let spectrumMs = Number.NEGATIVE_INFINITY;
  let heartbeatMs = Number.NEGATIVE_INFINITY;
  let state: DataState | null = null;

  const say = (message: object | null) => {
    if (message !== null) socket.send(JSON.stringify(message));
  };
  function sayStatus(nowMs: number): void {
    const status = feed.status();
    if (status.state === state && nowMs - heartbeatMs < HEARTBEAT_MS) return;
    state = status.state;
    heartbeatMs = nowMs;
    say(status);
  }
  function sayPanels(): void {
    for (const panel of isLooking ? TEXT_PANELS : ALWAYS) {
      const version = feed.versionOf(panel);
      if (sent.get(panel) === version) continue;
      const message = feed.message(panel);
      if (message === null) continue;
      sent.set(panel, version);
      say(message);
    }
  }
  function sayRows(): void {
    if (generation !== feed.generation) {
      generation = feed.generation;
      nextRow = 0;
      spectrumRow = -1;
    }
    while (nextRow < feed.nextRow && socket.bufferedAmount <= MAX_WAITING_BYTES) {
      const encoded = feed.rows(nextRow, ROWS_PER_MESSAGE);
      if (encoded === null) return;
      socket.send(encoded.bytes);
      nextRow = encoded.next;
    }
  }
  function saySpectrum(nowMs: number): void {
    if (spectrumRow === feed.nextRow || nowMs - spectrumMs < SPECTRUM_MS - 1) return;
    const bytes = feed.spectrum();
    if (bytes === null) return;
    spectrumRow = feed.nextRow;
    spectrumMs = nowMs;
    socket.send(bytes);
  }

  function sayAnswer(answer: AcceptAnswer): void {
    if (socket.readyState === socket.OPEN) say({ type: 'answer', ...answer } satisfies AnswerMessage);
  }

  say({ ...feed.hello, role } satisfies HelloMessage);
  return {
    tick(nowMs) {
      if (socket.readyState !== socket.OPEN || socket.bufferedAmount > MAX_WAITING_BYTES) return;
      sayStatus(nowMs);
      if (nowMs - pushedMs < PUSH_MS) return;
      pushedMs = nowMs;
      sayPanels();
      if (!isLooking) return;
      saySpectrum(nowMs);
      sayRows();
    },
    hear(text) {
      const said = parse(text);
      if (typeof said?.looking === 'boolean') isLooking = said.looking;
      const acceptance = readAcceptRequest(said?.accept, 'page');
      if (acceptance !== null) void commands.accept(acceptance).then(sayAnswer);
      const duty = readAlarmRequest(said?.alarm, 'page');
      if (duty !== null) void commands.alarm(duty).then(sayAnswer);
      const order = readPermitRequest(said?.permit, 'page');
      if (order !== null) void commands.permit(order).then(sayAnswer);
    },
  };
}

function parse(text: string): Partial<PageMessage> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
