import { createSocket } from 'node:dgram';
import type { Begun } from './faults.ts';
import { HOLD_MS } from '../normallyClosed.ts';
import { monotonicMs } from './monotonic.ts';
import { LEASE_MS, type Trio } from './trio.ts';

const EVERY_MS = 30;
const READ_MS = 50;
const START_MS = 30_000;

/** Kills the receiver, has something else hold the shutter open, and starts the receiver: its first drive is to close it. */
export async function holdOpen(trio: Trio): Promise<Begun> {
  await trio.receiver.kill();
  // What is seen open from here on is held by something else.
  await trio.shutter.until(false, 1000);
  const socket = createSocket('udp4');
  let sentMs = 0;
  const timer = setInterval(() => {
    socket.send('open 0', trio.shutter.port, '127.0.0.1');
    sentMs = monotonicMs();
  }, EVERY_MS);
  try {
    await trio.shutter.until(true, 1000);
    const seen = drivenClosed(trio).finally(() => clearInterval(timer));
    const [closedMs] = await Promise.all([seen, trio.startReceiver()]);
    // What held it may have driven it once more before it was stopped; the model may have read that late.
    return {
      fromMs: closedMs,
      goodUntilMs: sentMs + READ_MS - LEASE_MS,
      closesBy: 'told',
      healAtMs: sentMs + HOLD_MS,
      heal: () => undefined,
    };
  } finally {
    clearInterval(timer);
    socket.close();
  }
}

/** What holds it may be late itself, and let it fall: only a drive is the receiver's. */
async function drivenClosed({ shutter }: Trio): Promise<number> {
  for (;;) {
    const closedMs = await shutter.until(false, START_MS);
    if (shutter.moves.at(-1)?.why === 'driven') return closedMs;
    await shutter.until(true, START_MS);
  }
}
