import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { isLoopback } from '../links/socketAccess.ts';
import { runZmqSocket } from '../links/zmqSocket.ts';

const address = z.string().regex(/^(tcp|ipc):\/\/./, "expected an address that begins with 'tcp://' or 'ipc://'");

const config = z
  .strictObject({
    connect: z
      .union([address, z.array(address).min(1)])
      .optional()
      .describe('Address of the sender, or of several.'),
    bind: address.optional().describe('Address that senders connect to.'),
    anyone: z
      .boolean()
      .default(false)
      .describe('With bind at more than this machine: ZeroMQ asks for no password, so whoever reaches it may send.'),
    socket: z
      .enum(['sub', 'pull'])
      .default('sub')
      .describe(
        'sub: what a publisher sends to all. pull: what a sender gives to one of its pullers; never be a second puller of a detector, for each then gets but half of the images.',
      ),
    topics: z
      .array(z.string())
      .min(1)
      .default([''])
      .describe('For sub: beginnings of the messages wanted; the empty one takes all.'),
    topicPart: z
      .boolean()
      .optional()
      .describe('The first part of each message is its topic; left out, so for sub where there are more parts.'),
    highWaterMark: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1000)
      .describe('Messages of a sender that may wait here; beyond, a publisher drops and a pushing sender waits.'),
    maxBytes: z
      .int()
      .positive()
      .default(WIRE_LIMITS.maxBytes)
      .describe('A larger part ends the link.')
      .meta({ unit: 'By' }),
  })
  .refine(({ connect, bind }) => (connect === undefined) !== (bind === undefined), 'expected either connect or bind')
  .refine(({ bind, anyone }) => bind === undefined || anyone || isLocal(bind), {
    path: ['anyone'],
    message: 'an address that others can reach needs anyone: true',
  });

const isLocal = (bind: string): boolean =>
  bind.startsWith('ipc:') || isLoopback(bind.replace(/^tcp:\/\//, '').replace(/:[^:]*$/, ''));

/** Never a second puller of a detector: it hands each message to one puller only, in turn. Publish again instead. */
export default defineTransport({
  name: 'zmq',
  summary: 'Packets over ZeroMQ: from a publisher (SUB), or from a detector that pushes (PULL).',
  config,
  example: { connect: 'tcp://127.0.0.1:31001', socket: 'pull' },
  create: ({ connect = [], bind, socket, topics, topicPart: hasTopic, highWaterMark, maxBytes }) => ({
    name: 'zmq',
    run: (outlet, signal) =>
      runZmqSocket(
        { socket, connect: [connect].flat(), bind, topics, hasTopic, highWaterMark, maxBytes },
        outlet,
        signal,
      ),
  }),
});
