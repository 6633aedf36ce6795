import { z } from 'zod';
import { duration } from '../model/duration.ts';
import { defineSink } from '../model/sink.ts';
import { SIGNAL_TYPES } from '../model/signal.ts';
import { createDeliveryQueue } from './delivery/deliveryQueue.ts';
import { createDeadLetters } from './influx/deadLetters.ts';
import { createInfluxWriter, openInflux } from './influx/influxWriter.ts';
import type { Point } from './influx/point.ts';
import { createPointMaker } from './influx/pointMaker.ts';

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8086')
    .describe('The server, InfluxDB 1.x.'),
  database: z
    .string()
    .regex(/^[^"\s/]+$/, 'expected a name without spaces, quotes and slashes')
    .default('operando')
    .describe('Made if it is not there.'),
  retentionPolicy: z.string().optional().describe('Left out, the default one of the database.'),
  username: z.string().optional(),
  passwordVariable: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the password; secrets do not belong in this file.'),
  spectrum: z
    .strictObject({
      channels: z.number().int().min(1).max(256).default(256).describe('Fields per spectrum, at most.'),
      every: z.number().int().min(1).optional().describe('Every n-th frame; left out, the period decides.'),
      period: duration.default(1_000_000).describe('At most one spectrum per this span of event time.'),
    })
    .nullable()
    .default({ channels: 256, period: 1_000_000 })
    .describe('Folded spectra for a waterfall; null writes none.'),
  waitingPoints: z
    .number()
    .int()
    .min(2)
    .default(100_000)
    .describe('Points that may wait while the server is away; then the oldest are dropped and counted.'),
  batchPoints: z.number().int().min(1).max(10_000).default(2000).describe('Points per request, at most.'),
  batchWithin: duration.default(1_000_000).describe('Longest wait of a point for its batch to fill.'),
  timeout: duration.default(10_000_000).describe('How long one request may take.'),
  flushWithin: duration.default(10_000_000).describe('How long a flush may take before it fails.'),
  deadLetters: z
    .strictObject({
      path: z.string().min(1).describe('File for points that the database refuses for good, one JSON per line.'),
      maxMegabytes: z.number().positive().default(10).meta({ unit: 'MB' }),
    })
    .optional(),
});

function whereOf({ url, username, passwordVariable }: z.output<typeof config>) {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isSecure = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 443 : 80),
    protocol: isSecure ? ('https' as const) : ('http' as const),
    path: pathname,
    ...(username === undefined ? {} : { username, password: process.env[passwordVariable ?? ''] ?? '' }),
  };
}

export default defineSink({
  name: 'influx',
  summary: 'Writes frames, readings, detections, doses and alerts to InfluxDB 1.x.',
  accepts: SIGNAL_TYPES,
  config,
  example: { url: 'http://127.0.0.1:8086', database: 'operando' },
  async probe(settings) {
    const client = await openInflux(whereOf(settings), settings.timeout / 1000);
    const [answer] = await client.ping(settings.timeout / 1000);
    if (answer?.online !== true) throw new Error(`InfluxDB does not answer at ${settings.url}`);
    const isThere = (await client.getDatabaseNames()).includes(settings.database);
    return `InfluxDB ${answer.version ?? 'of unknown version'}, database ${settings.database} ${isThere ? 'is there' : 'will be made'}`;
  },
  create(settings, setting) {
    const { spectrum, deadLetters } = settings;
    const deadLetterPath = deadLetters === undefined ? null : setting.resolvePath(deadLetters.path);
    const queue = createDeliveryQueue<Point>(
      {
        capacity: settings.waitingPoints,
        batchSize: settings.batchPoints,
        intervalMs: settings.batchWithin / 1000,
        retryMs: [250, 30_000],
        trouble: 'InfluxDB unreachable',
        noun: 'points',
        deliver: createInfluxWriter({
          database: settings.database,
          retentionPolicy: settings.retentionPolicy,
          deadLetters: createDeadLetters(deadLetterPath, (deadLetters?.maxMegabytes ?? 0) * 1e6),
          connect: () => openInflux(whereOf(settings), settings.timeout / 1000),
          onRefused(count, lost, reason) {
            queue.addLost(lost);
            setting.countDropped('refused', count);
            setting.report({ state: 'ok', detail: `InfluxDB refused ${count} points: ${reason.slice(0, 200)}` });
          },
        }),
      },
      setting,
    );
    const addPoints = createPointMaker(
      {
        run: setting.run,
        instrument: setting.instrument,
        modality: setting.modality,
        spectrum: spectrum && { channels: spectrum.channels, every: spectrum.every, periodUs: spectrum.period },
      },
      queue.push,
    );
    setting.report({ state: 'connecting', detail: `waiting for InfluxDB at ${settings.url}` });
    queue.greet();
    return {
      name: 'influx',
      accepts: SIGNAL_TYPES,
      write: addPoints,
      flush: () => queue.flush(settings.flushWithin / 1000),
      async close() {
        await queue.close(settings.flushWithin / 1000);
        setting.report({ state: 'ended', detail: '' });
      },
    };
  },
});
