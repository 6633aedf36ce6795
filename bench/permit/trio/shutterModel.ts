// A normally closed shutter as a process of its own: driven over UDP as the device `datagram` does, watched over IPC.
import { createSocket } from 'node:dgram';
import { createNormallyClosed } from '../normallyClosed.ts';
import { monotonicMs } from './monotonic.ts';
import type { ModelMessage } from './shutterProcess.ts';

const shutter = createNormallyClosed();
const socket = createSocket('udp4');
const say = (message: ModelMessage): void => void process.send?.(message);
let wasOpen = false;
let fallsShut: NodeJS.Timeout | undefined;

/** Tells of what happened up to now: a fall counts from when it was due, however late the timer. */
function catchUp(nowMs: number): void {
  if (!wasOpen || shutter.isOpen(nowMs)) return;
  wasOpen = false;
  say({ type: 'moved', isOpen: false, atMs: shutter.openUntilMs, why: 'not driven' });
}

function drive(state: 'open' | 'closed', nowMs: number): void {
  catchUp(nowMs);
  shutter.drive(state, nowMs);
  const isOpen = state === 'open';
  if (isOpen !== wasOpen) say({ type: 'moved', isOpen, atMs: nowMs, why: 'driven' });
  wasOpen = isOpen;
  clearTimeout(fallsShut);
  if (isOpen) fallsShut = setTimeout(() => catchUp(monotonicMs()), shutter.openUntilMs - nowMs + 1);
}

socket.on('message', (bytes, { port, address }) => {
  const nowMs = monotonicMs();
  const [word, number] = bytes.toString('latin1').trim().split(' ');
  if (word === 'open' || word === 'closed') drive(word, nowMs);
  catchUp(nowMs);
  socket.send(`${shutter.isOpen(nowMs) ? 'open' : 'closed'} ${number}`, port, address);
});
process.on('message', (id: number) => {
  const nowMs = monotonicMs();
  catchUp(nowMs);
  say({ type: 'asked', id, isOpen: shutter.isOpen(nowMs), atMs: nowMs });
});
process.on('disconnect', () => process.exit());
socket.bind(0, '127.0.0.1', () => say({ type: 'ready', port: socket.address().port }));
