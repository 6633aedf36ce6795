import { z } from 'zod';
import { defineTransport } from '../../src/model/defineAdapter.ts';
import { memoryChannel } from '../memoryChannel.ts';

export default defineTransport({
  name: 'memory',
  summary: 'Packets from within the same program.',
  config: z.strictObject({ channel: z.string().min(1).describe('Name of the channel, as given to memoryChannel().') }),
  example: { channel: 'test' },
  create: (config) => ({
    name: 'memory',
    run: (outlet, signal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          leave();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const leave = memoryChannel(config.channel).listen({ next: (packet) => outlet.next(packet), end });
        signal.addEventListener('abort', end, { once: true });
        outlet.report({ state: 'ok', detail: '' });
      }),
  }),
});
