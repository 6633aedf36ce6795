import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { isLoopback } from '../links/socketAccess.ts';
import { runWebSocketClient } from '../links/webSocketClient.ts';
import { runWebSocketServer } from '../links/webSocketServer.ts';

const listen = z
  .strictObject({
    port: z.number().int().min(1).max(65535).describe('Port to listen on.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on; another than this machine needs a token.'),
    origins: z
      .array(z.string())
      .default([])
      .describe('Web pages that may push, as https://name; other programs need none.'),
  })
  .describe('Instruments push to this port.');

const config = z
  .strictObject({
    url: z
      .string()
      .regex(/^wss?:\/\//, "expected an address that begins with 'ws://' or 'wss://'")
      .optional()
      .describe('A server that sends frames.'),
    listen: listen.optional(),
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Sent to the server, or asked of those who push (Authorization: Bearer, or ?token=).'),
    holdBack: z
      .boolean()
      .default(false)
      .describe(
        'true makes the sender wait while the queue of the stream is full; false leaves it to `overflow` of the stream.',
      ),
    maxBytes: z
      .number()
      .int()
      .positive()
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger message ends the link.')
      .meta({ unit: 'By' }),
  })
  .refine(({ url, listen: door }) => (url === undefined) !== (door === undefined), 'expected either url or listen')
  .refine(({ listen: door, token }) => door === undefined || token !== undefined || isLoopback(door.host), {
    path: ['token'],
    message: 'a host that others can reach needs a token',
  });

export default defineTransport({
  name: 'websocket',
  summary: 'Packets over WebSocket: from a server, or pushed by instruments.',
  config,
  example: { url: 'ws://127.0.0.1:9000/frames' },
  create: ({ url, listen: door, token, maxBytes: maxPayload, holdBack: holdsBack }) => ({
    name: 'websocket',
    run: (outlet, signal) =>
      door === undefined
        ? runWebSocketClient({ url: url ?? '', token, maxPayload, holdsBack }, outlet, signal)
        : runWebSocketServer({ ...door, token, maxPayload, holdsBack }, outlet, signal),
  }),
});
