import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import raw from '../../../adapters/codecs/raw.ts';
import { joinCodec } from '../../../adapters/joinCodec.ts';
import { createFramer } from '../../../adapters/links/tcpFraming.ts';
import type { Framing } from '../../../adapters/links/tcpFraming.ts';
import tcp from '../../../adapters/transports/tcp.ts';
import { freePort, until } from '../../support/servers.ts';
import { createCollector, settingOf } from '../collect.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Cuts a stream that arrives in these chunks; the memory of each is spoiled afterwards, as a socket may. */
function cut(framing: Framing, chunks: readonly Uint8Array[], maxBytes = 1000) {
  const messages: string[] = [];
  const reasons: string[] = [];
  const framer = createFramer(framing, maxBytes, {
    next: (bytes) => void messages.push(Buffer.from(bytes).toString('latin1')),
    reject: ({ reason }) => void reasons.push(reason),
  });
  const isFollowed = chunks.every((chunk) => {
    const lent = Uint8Array.from(chunk);
    const goesOn = framer.push(lent);
    lent.fill(0xee);
    return goesOn;
  });
  framer.end();
  return { messages, reasons, isFollowed };
}
const byteByByte = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));

function lengthPrefixed(
  message: string,
  { prefix, endianness, includesItself }: Framing & { by: 'length' },
): Uint8Array {
  const head = Buffer.alloc(prefix);
  const length = BigInt(message.length + (includesItself ? prefix : 0));
  for (let i = 0; i < prefix; i++)
    head[endianness === 'little' ? i : prefix - 1 - i] = Number((length >> BigInt(8 * i)) & 255n);
  return Buffer.concat([head, text(message)]);
}
const prefixes = ([1, 2, 4, 8] as const).flatMap((prefix) =>
  (['little', 'big'] as const).flatMap((endianness) =>
    [true, false].map((includesItself) => ({ by: 'length', prefix, endianness, includesItself }) as const),
  ),
);

describe('the framing of TCP', () => {
  const words = ['one', 'twenty-two', '', '3'];
  it.each(prefixes)('by a length of $prefix bytes, $endianness, itself $includesItself, byte by byte', (framing) => {
    const stream = Buffer.concat(words.map((word) => lengthPrefixed(word, framing)));
    const whole = { messages: ['one', 'twenty-two', '3'], reasons: [], isFollowed: true };
    expect(cut(framing, byteByByte(stream))).toEqual(whole);
    expect(cut(framing, [stream])).toEqual(whole);
    expect(cut(framing, byteByByte(stream.subarray(0, -1)))).toMatchObject({
      messages: ['one', 'twenty-two'],
      reasons: ['truncated'],
    });
  });

  it('by size and by delimiter, byte by byte, with half a message at the end', () => {
    const bySize = { by: 'size', bytes: 4 } as const;
    expect(cut(bySize, byteByByte(text('abcdefghij')))).toEqual({
      messages: ['abcd', 'efgh'],
      reasons: ['truncated'],
      isFollowed: true,
    });
    const byLine = { by: 'delimiter', delimiter: text('\r\n') } as const;
    expect(cut(byLine, byteByByte(text('a\rb\r\n\r\n\ncd\r\ne')))).toEqual({
      messages: ['a\rb', '\ncd'],
      reasons: ['truncated'],
      isFollowed: true,
    });
  });

  it('does not depend on how the stream was cut into chunks', () => {
    const framings: Framing[] = [
      { by: 'size', bytes: 5 },
      { by: 'delimiter', delimiter: text('ab') },
      prefixes[0]!,
      prefixes[7]!,
    ];
    const stream = fc
      .array(fc.constantFrom(0, 1, 2, 3, 0x61, 0x62), { maxLength: 80 })
      .map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(stream, fc.constantFrom(...framings), fc.array(fc.nat({ max: 80 })), (bytes, framing, places) => {
        const at = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        // Where the stream is lost, what came in the same chunk behind it is not looked at.
        expect(cut(framing, chunks, 40)).toEqual(cut(framing, [bytes], 40));
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('refuses a message that is too long: by length the stream is lost, by delimiter it is found again', () => {
    const byLength = { by: 'length', prefix: 8, endianness: 'big', includesItself: false } as const;
    expect(cut(byLength, byteByByte(new Uint8Array(8).fill(255)))).toEqual({
      messages: [],
      reasons: ['tooLarge'],
      isFollowed: false,
    });
    const counted = { ...byLength, prefix: 4, includesItself: true } as const;
    expect(cut(counted, byteByByte(Uint8Array.of(0, 0, 0, 3)))).toEqual({
      messages: [],
      reasons: ['garbage'],
      isFollowed: false,
    });
    const byLine = { by: 'delimiter', delimiter: text('\n') } as const;
    const long = text(`${'x'.repeat(5000)}\nshort\n`);
    for (const chunks of [[long], byteByByte(long)])
      expect(cut(byLine, chunks, 100)).toEqual({ messages: ['short'], reasons: ['tooLarge'], isFollowed: true });
  });
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Spectra of three bytes by TCP, until the test is over. */
function start(settings: object) {
  const transport = tcp.create(tcp.config.parse(settings), settingOf('/'));
  const codec = raw.create(raw.config.parse({ element: 'uint8', channels: 3, exposureMs: 1 }), settingOf('/'));
  const collector = createCollector();
  const running = joinCodec(transport, codec, { firstMs: 10, longestMs: 20 }).run(collector.outlet, collector.signal);
  cleanups.push(async () => {
    collector.abort();
    await running;
  });
  return collector.collected;
}
const framing = { length: { bytes: 2 } };
const message = (...bytes: number[]): Uint8Array => Uint8Array.of(0, bytes.length, ...bytes);

describe('the tcp transport', () => {
  it('connects to an instrument that is absent at first, lost in between, and cut within a message', async () => {
    const port = await freePort();
    const got = start({ connect: { host: '127.0.0.1', port }, framing });
    await until('the absence is told', () => got.reports.some((report) => report.startsWith('down')));
    for (const round of [1, 2]) {
      const server = createServer((socket) =>
        socket.end(Buffer.concat([message(round, 0, 0), Uint8Array.of(0, 3, 9)])),
      );
      server.listen(port, '127.0.0.1');
      await until('the frame', () => got.frames.length >= round);
      await until('the half one', () => got.rejections.length >= round);
      await new Promise((resolve) => server.close(resolve));
    }
    expect(got.rejections[0]).toMatchObject({
      reason: 'truncated',
      detail: expect.stringContaining('3 bytes') as string,
    });
    expect(got.reports).toContain('ok: ');
  });

  it('listens to several instruments, each with its own half messages, and says when nobody is left', async () => {
    const port = await freePort();
    const got = start({ listen: { port }, framing });
    await until('it listens', () => got.reports.at(-1)!.includes('waiting for an instrument'));
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      cleanups.push(() => socket.destroy());
      return socket.setNoDelay(true);
    };
    const [a, b] = [await open(), await open()];
    a.write(Uint8Array.of(0, 3, 1));
    b.write(message(2, 2, 2));
    await until('the whole one', () => got.frames.length === 1);
    a.write(Uint8Array.of(1, 1));
    await until('both', () => got.frames.length === 2);
    expect(got.frames.map(({ values }) => values[0])).toEqual([2, 1]);
    a.end();
    b.end();
    await until('their leaving is told', () => got.reports.at(-1)!.includes('waiting for an instrument'));
    expect(got.rejections).toEqual([]);
  });

  it('cuts off who announces too much, says so, and takes the next', async () => {
    const port = await freePort();
    const got = start({ listen: { port }, framing, maxBytes: 100 });
    await until('it listens', () => got.reports.length > 1);
    const bad = connect(port, '127.0.0.1', () => void bad.write(Uint8Array.of(255, 255, 1, 2)));
    await once(bad, 'close');
    await until('it is told', () => got.reports.some((report) => report.includes('cut off')));
    const good = connect(port, '127.0.0.1', () => void good.end(message(1, 2, 3)));
    await until('the frame', () => got.frames.length === 1);
    expect(got.rejections.map(({ reason }) => reason)).toEqual(['tooLarge']);
  });

  it('refuses who is not on the list', async () => {
    const port = await freePort();
    const got = start({ listen: { port, from: ['192.0.2.1'] }, framing });
    await until('it listens', () => got.reports.length > 1);
    const socket = connect(port, '127.0.0.1', () => void socket.write(message(1, 2, 3)));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    await until('it is told', () => got.reports.some((report) => report.includes('127.0.0.1 was refused')));
    expect(got.frames).toEqual([]);
  });

  it('waits for a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const got = start({ listen: { port }, framing });
    await until('it is told', () => got.reports.some((report) => report.includes('EADDRINUSE')));
    server.close();
    await until('it listens', () => got.reports.at(-1)!.includes('waiting for an instrument'));
  });

  it('has settings that say one way, and do not listen to others without a list', () => {
    const listen = { port: 5000 };
    const isGood = (settings: object): boolean => tcp.config.safeParse(settings).success;
    expect(isGood({ listen, framing })).toBe(true);
    expect(isGood({ listen: { ...listen, host: '0.0.0.0' }, framing })).toBe(false);
    expect(isGood({ listen: { ...listen, host: '0.0.0.0', from: ['10.0.0.7'] }, framing })).toBe(true);
    expect(isGood({ listen, connect: { host: 'a', port: 1 }, framing })).toBe(false);
    expect(isGood({ listen, framing: {} })).toBe(false);
    expect(isGood({ listen, framing: { size: 4, delimiter: '\n' } })).toBe(false);
    expect(isGood({ listen, framing: { size: 4000 }, maxBytes: 100 })).toBe(false);
  });
});
