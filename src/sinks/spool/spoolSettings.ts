import { z } from 'zod';
import { duration } from '../../model/duration.ts';
import { explainError, MonitorError } from '../../model/error.ts';
import type { SinkSetting } from '../../model/sink.ts';
import type { DeliveryOptions, DeliveryQueue } from '../delivery/delivery.ts';
import { createDelivery, createDeliveryQueue } from '../delivery/deliveryQueue.ts';
import { openSpoolStore } from './spoolStore.ts';
import type { SpoolOptions } from './spoolStore.ts';

/** Settings of a network sink: how its goods wait while the server is away. */
export const spool = z
  .union([
    z.literal(false),
    z.strictObject({
      directory: z
        .string()
        .min(1)
        .optional()
        .describe("Relative to the pipeline file; left out, 'spool/' and the names of run and sink."),
      capMiB: z
        .number()
        .positive()
        .default(512)
        .describe('Largest size on disk; more bears longer outages.')
        .meta({ unit: 'MiB' }),
      shed: z
        .enum(['oldestFirst', 'newestFirst'])
        .default('oldestFirst')
        .describe('What is given up, and counted, when it is full: what waits longest, or what comes.'),
      fsync: duration
        .default(500_000)
        .describe('Longest time until what came is on the disk itself, for power cuts; 0 with every write.'),
    }),
  ])
  .prefault({})
  .describe(
    'The log on disk in which goods wait while the server is away, and over restarts; false keeps them in memory.',
  );

/**
 * A delivery that waits on disk, or in memory (`capacity` items) where the settings or the disk will have it so.
 *
 * @throws MonitorError 'SINK' when another process has the directory.
 */
export function openSpooledDelivery(
  options: DeliveryOptions<string> & { readonly capacity: number },
  settings: z.output<typeof spool>,
  order: SpoolOptions['order'],
  setting: SinkSetting,
): DeliveryQueue<string> {
  if (settings === false) return createDeliveryQueue(options, setting);
  const { capMiB, shed, fsync, directory = `spool/${setting.run}-${setting.id}` } = settings;
  const path = setting.resolvePath(directory);
  const capBytes = capMiB * 2 ** 20;
  try {
    const { batchSize } = options;
    const store = openSpoolStore({ directory: path, capBytes, shed, fsyncMs: fsync / 1000, order, batchSize }, setting);
    return createDelivery(options, store, setting);
  } catch (cause) {
    if (cause instanceof MonitorError) throw cause;
    const trouble = `${path} cannot be used: ${explainError(cause)}`;
    setting.reportSpool?.({ waitingCount: 0, bytes: 0, capBytes, oldestMs: null, trouble });
    return createDeliveryQueue(options, setting);
  }
}
