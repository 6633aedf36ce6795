import { z } from 'zod';
import { duration } from '../model/duration.ts';
import type { Layout } from '../model/layout.ts';
import { defineSink } from '../model/sink.ts';
import { SIGNAL_TYPES } from '../model/signal.ts';
import { createDeliveryQueue } from './delivery/deliveryQueue.ts';
import { createLineFile, standardOutput } from './jsonLines/lineFile.ts';
import { signalLine } from './jsonLines/signalLine.ts';

export default defineSink({
  name: 'jsonLines',
  summary: 'Appends every signal as one line of JSON to a file, or writes it to the standard output.',
  accepts: SIGNAL_TYPES,
  config: z.strictObject({
    path: z.string().min(1).describe("The file, relative to the pipeline file; '-' is the standard output."),
    frames: z
      .enum(['none', 'summary', 'full'])
      .default('none')
      .describe('What is written of frames: nothing, a line with their totals, or every channel.'),
    maxMegabytes: z
      .number()
      .positive()
      .default(100)
      .describe('Size at which the file is renamed to path.1 and begun anew.')
      .meta({ unit: 'MB' }),
    keep: z.number().int().min(0).default(4).describe('Renamed files kept; the oldest is deleted.'),
    waitingLines: z
      .number()
      .int()
      .min(2)
      .default(20_000)
      .describe('Lines that may wait while the disk is full; then the oldest are dropped and counted.'),
    flushWithin: duration.default(10_000_000).describe('How long a flush may take before it fails.'),
  }),
  example: { path: 'signals.jsonl' },
  create(config, setting) {
    const file =
      config.path === '-'
        ? standardOutput()
        : createLineFile(setting.resolvePath(config.path), config.maxMegabytes * 1e6, config.keep);
    const queue = createDeliveryQueue<string>(
      {
        capacity: config.waitingLines,
        batchSize: 1000,
        intervalMs: 200,
        retryMs: [200, 10_000],
        trouble: `${config.path} cannot be written`,
        noun: 'lines',
        deliver: (lines) => file.append(lines),
      },
      setting,
    );
    const written = new Map<string, Layout>();
    queue.greet();
    return {
      name: 'jsonLines',
      accepts: SIGNAL_TYPES,
      write(signal, from) {
        if (signal.type !== 'frame') {
          queue.push(signalLine(signal, from, config.frames, null));
          return;
        }
        if (config.frames === 'none') return;
        const isNew = config.frames === 'full' && written.get(from) !== signal.layout;
        if (isNew) written.set(from, signal.layout);
        queue.push(signalLine(signal, from, config.frames, isNew ? signal.layout : null));
      },
      async flush() {
        await queue.flush(config.flushWithin / 1000);
        await file.sync();
      },
      async close() {
        await queue.close(config.flushWithin / 1000);
        await file.sync().catch(() => undefined);
        await file.close();
        setting.report({ state: 'ended', detail: '' });
      },
    };
  },
});
