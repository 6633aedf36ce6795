import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { makeFrame } from '../../../src/model/frame.ts';
import { spectrumLayout } from '../../../src/model/layout.ts';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../../src/wire/layoutId.ts';
import { monotonicMs } from './monotonic.ts';

/** The detector and the beam monitor of the trials: small spectra, whose faults are in the hands of the bench. */
export interface Feed {
  readonly port: number;
  /** Frames are handed to the socket, every 25 ms. */
  isSilent: boolean;
  /** Every channel is NaN. */
  isEmpty: boolean;
  /** Counts of a usual frame. */
  counts: number;
  /** What the ammeter says over what the beam is. */
  currentShare: number;
  /** Added to the time stamps, milliseconds. */
  clockShiftMs: number;
  /** The sample is moved on: a new account. */
  area: number;
  /** When the last good frame was handed to the socket, monotonic milliseconds. */
  readonly lastGoodMs: number;
  /** Sends a frame of so many counts at once; @returns when it was handed to the socket. */
  sendNow(counts: number): number;
  close(): Promise<void>;
}

export const FRAME_MS = 25;
/** Per frame. */
export const COUNTS = 128;
export const CURRENT_PA = 10;
const EXPOSURE_US = 20_000;
const CHANNELS = 64;
const STREAM = 's';

export async function openFeed(): Promise<Feed> {
  const layout = spectrumLayout(
    { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: CHANNELS }, (_, i) => i) },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
  const layoutId = layoutIdOf(layout);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  const clients = new Set<WebSocket>();
  let seq = 0;
  let lastGoodMs = -Infinity;
  const timeUs = (): number => Math.round((performance.timeOrigin + performance.now() + feed.clockShiftMs) * 1000);
  const slow = (name: string, value: number, unit: string): Uint8Array =>
    encodeSlowCbor({ type: 'slow', name, timeUs: timeUs(), value, unit });
  const send = (counts: number): number => {
    const packets = [
      slow('area', feed.area, '1'),
      slow('beamCurrent', CURRENT_PA * feed.currentShare, 'pA'),
      encodeFrameCbor(
        makeFrame({
          stream: STREAM,
          seq: seq++,
          timeUs: timeUs(),
          exposureUs: EXPOSURE_US,
          layout,
          values: new Float64Array(CHANNELS).fill(counts / CHANNELS),
        }),
        layoutId,
      ),
    ];
    const atMs = monotonicMs();
    for (const client of clients) for (const packet of packets) client.send(packet);
    if (!Number.isNaN(counts)) lastGoodMs = atMs;
    return atMs;
  };
  server.on('connection', (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.send(encodeLayoutCbor(layout, STREAM));
  });
  const timer = setInterval(() => {
    if (!feed.isSilent) send(feed.isEmpty ? Number.NaN : feed.counts);
  }, FRAME_MS);
  const feed: Feed = {
    port: (server.address() as AddressInfo).port,
    isSilent: false,
    isEmpty: false,
    counts: COUNTS,
    currentShare: 1,
    clockShiftMs: 0,
    area: 1,
    get lastGoodMs() {
      return lastGoodMs;
    },
    sendNow: send,
    close() {
      clearInterval(timer);
      for (const client of clients) client.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return feed;
}
