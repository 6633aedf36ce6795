import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startPageServer, type PageServer } from '../../src/server/pageServer.ts';
import { standOf } from '../e2e/pageStand.ts';

const MOST_BYTES = 8 * 2 ** 20;
/** Of 2 048 channels with their reference. */
const ROW_BYTES = 64 + 3 * 4 * 2048;
let server: PageServer | null = null;
let socket: Socket | null = null;

afterEach(async () => {
  socket?.destroy();
  await server?.close();
  server = socket = null;
});

/** A page that has asked for its socket and then takes nothing, as on a line that is stopped. */
function openWithoutReading(port: number): Promise<Socket> {
  const client = connect(port, '127.0.0.1');
  const lines = [
    'GET /live HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  client.write(`${lines.join('\r\n')}\r\n\r\n`);
  client.pause();
  return new Promise((resolve) => client.once('connect', () => resolve(client)));
}

interface Row {
  readonly first: number;
  readonly count: number;
}

/** Rows that stand in bytes from a server (RFC 6455, 5.2: not masked, not split), in order. */
function rowsIn(bytes: Buffer): Row[] {
  const rows: Row[] = [];
  let at = bytes.indexOf('\r\n\r\n') + 4;
  while (at + 2 <= bytes.length) {
    const opcode = bytes[at]! & 15;
    const short = bytes[at + 1]! & 127;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (at + head > bytes.length) break;
    const length =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    const body = bytes.subarray(at + head, at + head + length);
    if (opcode === 2 && body.length === length && body[1] === 2)
      rows.push({ first: body.readUInt32LE(8), count: body.readUInt32LE(12) });
    at += head + length;
  }
  return rows;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a page that does not keep up', () => {
  it('costs at most 8 MiB, and is then told how things stand now, not all that it missed', async () => {
    const stand = standOf({ channels: 2048, framePeriodUs: 1e5 }, 'slow', { historyRows: 200 });
    stand.status();
    server = await startPageServer({ feed: stand.feed, port: 0, token: null, webRoot: '.' });
    socket = await openWithoutReading(server.port);
    for (let k = 0; k < 12; k++) {
      stand.play(50);
      await wait(30);
    }
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.resume();
    await expect.poll(() => rowsIn(Buffer.concat(parts)).some(({ first, count }) => first + count === 600)).toBe(true);
    const rows = rowsIn(Buffer.concat(parts));
    // What was sent before the line stood still, and then the newest 200 rows.
    const told = rows.reduce((sum, { count }) => sum + count, 0);
    expect(told).toBeLessThan(600);
    expect(rows.at(-1)!.first + rows.at(-1)!.count).toBe(600);
    // All that waited here and in the system's own buffers, which the line would hold by itself.
    const jump = rows.findIndex(({ first }, k) => k > 0 && first !== rows[k - 1]!.first + rows[k - 1]!.count);
    expect(jump).toBeGreaterThan(0);
    const waited = rows.slice(0, jump).reduce((sum, { count }) => sum + count, 0) * ROW_BYTES;
    expect(waited).toBeLessThan(MOST_BYTES);
  }, 30_000);
});
