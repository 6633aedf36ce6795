import { z } from 'zod';
import { MonitorError } from '../../../src/model/error.ts';
import { defineShutterLink } from '../../../src/model/shutter.ts';

export default defineShutterLink({
  name: 'simulator',
  summary: 'Permits to the shutter of a simulated stream of the same monitor, for trials without an instrument.',
  config: z.strictObject({ stream: z.string().min(1).describe('The stream; its source is the simulator.') }),
  example: { stream: 'eels' },
  create({ stream }, { localReceiver }) {
    if (localReceiver === undefined)
      throw new MonitorError('ADAPTER', 'a simulated shutter is only there in a run', { id: 'permit.shutter', stream });
    return localReceiver(stream);
  },
});
