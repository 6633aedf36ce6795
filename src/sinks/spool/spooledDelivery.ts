import type { SinkSetting } from '../../model/sink.ts';
import type { DeliveryOptions, DeliveryQueue } from '../delivery/delivery.ts';
import { createDelivery } from '../delivery/deliveryQueue.ts';
import { openSpoolStore } from './spoolStore.ts';
import type { SpoolOptions } from './spoolStore.ts';

/**
 * A delivery whose items, texts, wait on disk: what was flushed is delivered whatever becomes of this process or the place,
 * within the cap of the spool; after a crash some of it twice.
 *
 * @throws MonitorError 'SINK' when another process has the directory.
 */
export const createSpooledDelivery = (
  options: DeliveryOptions<string>,
  spool: Omit<SpoolOptions, 'batchSize'>,
  setting: SinkSetting,
): DeliveryQueue<string> =>
  createDelivery(options, openSpoolStore({ ...spool, batchSize: options.batchSize }, setting), setting);
