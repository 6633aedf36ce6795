import { isIP } from 'node:net';
import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { isLoopback } from '../links/socketAccess.ts';
import type { Framing } from '../links/tcpFraming.ts';
import { runTcpClient, runTcpServer } from '../links/tcpSocket.ts';

const port = z.int().min(1).max(65535);

const framing = z
  .strictObject({
    size: z.int().positive().optional().describe('Every message has so many bytes.').meta({ unit: 'By' }),
    length: z
      .strictObject({
        bytes: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]).describe('Bytes of the number.'),
        endianness: z.enum(['little', 'big']).default('big').describe('Its byte order.'),
        includesItself: z.boolean().default(false).describe('It counts its own bytes too.'),
      })
      .optional()
      .describe('Before every message stands its length.'),
    delimiter: z.string().min(1).max(16).optional().describe("Behind every message, as '\\n'."),
  })
  .refine(
    (given) => Object.values(given).filter((way) => way !== undefined).length === 1,
    'expected one of size, length, delimiter',
  );

const config = z
  .strictObject({
    connect: z
      .strictObject({
        host: z.string().min(1).describe('Name or address of the instrument.'),
        port: port.describe('Its port.'),
      })
      .optional()
      .describe('An instrument that sends to who connects.'),
    listen: z
      .strictObject({
        port: port.describe('Port to listen on.'),
        host: z
          .string()
          .min(1)
          .default('127.0.0.1')
          .describe('Address to listen on; another than this machine needs from.'),
        from: z
          .array(z.string().refine((text) => isIP(text) !== 0, 'expected an IP address'))
          .min(1)
          .optional()
          .describe('Addresses that may connect.'),
      })
      .optional()
      .describe('Instruments connect to this port.'),
    framing: framing.describe('How messages are told apart.'),
    maxBytes: z
      .int()
      .positive()
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger message is refused; where its end cannot be known, the link ends.')
      .meta({ unit: 'By' }),
  })
  .refine(
    ({ connect, listen }) => (connect === undefined) !== (listen === undefined),
    'expected either connect or listen',
  )
  .refine(({ listen }) => listen === undefined || listen.from !== undefined || isLoopback(listen.host), {
    path: ['listen', 'from'],
    message: 'a host that others can reach needs from: TCP asks for no password',
  })
  .refine(({ framing: { size = 1 }, maxBytes }) => size <= maxBytes, {
    path: ['maxBytes'],
    message: 'expected at least the size of a message',
  });

export default defineTransport({
  name: 'tcp',
  summary: 'Packets over plain TCP, of a fixed size, behind their length, or up to a delimiter.',
  config,
  example: { connect: { host: '192.168.1.20', port: 5000 }, framing: { length: { bytes: 4 } } },
  create: ({ connect, listen, framing: given, maxBytes }) => {
    const rest = { framing: framingOf(given), maxBytes };
    return {
      name: 'tcp',
      run: (outlet, signal) =>
        listen === undefined
          ? runTcpClient({ host: '', port: 0, ...connect, ...rest }, outlet, signal)
          : runTcpServer({ ...listen, from: listen.from, ...rest }, outlet, signal),
    };
  },
});

function framingOf({ size, length, delimiter = '' }: z.output<typeof framing>): Framing {
  if (size !== undefined) return { by: 'size', bytes: size };
  if (length === undefined) return { by: 'delimiter', delimiter: new TextEncoder().encode(delimiter) };
  return { by: 'length', prefix: length.bytes, endianness: length.endianness, includesItself: length.includesItself };
}
