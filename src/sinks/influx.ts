import { z } from 'zod';
import { duration } from '../model/duration.ts';
import { defineSink } from '../model/sink.ts';
import { SIGNAL_TYPES } from '../model/signal.ts';
import { ensureDatabase } from './influx/administration.ts';
import { createDeadLetters } from './influx/deadLetters.ts';
import { createHealthPoints } from './influx/healthPoints.ts';
import { lineOf } from './influx/lineProtocol.ts';
import { createLineWriter } from './influx/lineWriter.ts';
import type { Point } from './influx/point.ts';
import { createPointMaker } from './influx/pointMaker.ts';
import { proveWrite } from './influx/proveWrite.ts';
import { createSeriesBook } from './influx/seriesBook.ts';
import { findServer, openServer } from './influx/server.ts';
import type { LineServer, ServerSettings } from './influx/server.ts';
import { openSpooledDelivery, spool } from './spool/spoolSettings.ts';

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8086')
    .describe('The server: InfluxDB 1.x, 2.x, 3.x or VictoriaMetrics.'),
  version: z
    .enum(['auto', 'influx1', 'influx2', 'influx3', 'victoriaMetrics'])
    .default('auto')
    .describe('What it behaves as; auto asks it.'),
  database: z
    .string()
    .regex(/^[^"\s/]+$/, 'expected a name without spaces, quotes and slashes')
    .default('operando')
    .describe('Of 1.x and 3.x, made if it is not there; of 2.x the bucket, which must be there.'),
  organisation: z.string().optional().describe('Of 2.x.'),
  retentionPolicy: z.string().optional().describe('Of 1.x; left out, the default one of the database.'),
  token: z.string().min(1).optional().describe("Of 2.x and 3.x; as '${NAME}', from the environment."),
  username: z.string().optional().describe('Of 1.x.'),
  passwordVariable: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the password; secrets do not belong in this file.'),
  site: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'expected letters, digits, "_", "-" or "."')
    .default('lab')
    .describe('Where the instrument stands: a tag of every point.'),
  spectrum: z
    .strictObject({
      channels: z.number().int().min(1).max(256).default(256).describe('Fields per spectrum, at most.'),
      every: z.number().int().min(1).optional().describe('Every n-th frame; left out, the period decides.'),
      period: duration.default(1_000_000).describe('At most one spectrum per this span of event time.'),
      of: z
        .array(z.string())
        .min(1)
        .optional()
        .describe('Ids of the streams and nodes whose frames they are; left out, all that it gets.'),
      residual: z
        .strictObject({
          of: z.string().describe('Id of the stream or node whose frames were measured.'),
          against: z.string().describe('Id of the change stage that says what was expected.'),
        })
        .optional()
        .describe('Writes what was measured less what was expected, in standard deviations, beside both.'),
    })
    .nullable()
    .default({ channels: 256, period: 1_000_000 })
    .describe('Folded spectra for a waterfall; null writes none.'),
  healthEvery: duration
    .nullable()
    .default(5_000_000)
    .describe("How often the state of the monitor and the permit are written, default '5 s'; null for never."),
  spool,
  gzip: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .describe('Whether requests are packed; auto packs them unless the server is on this machine.'),
  waitingPoints: z
    .number()
    .int()
    .min(2)
    .default(100_000)
    .describe(
      'Without a spool: points that may wait while the server is away; then the oldest are dropped and counted.',
    ),
  batchPoints: z.number().int().min(1).max(10_000).default(5000).describe('Points per request, at most.'),
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

type Settings = z.output<typeof config>;

function serverSettings(settings: Settings): ServerSettings {
  const { url, version, database, organisation, retentionPolicy, username, passwordVariable, token } = settings;
  const password = username === undefined ? undefined : process.env[passwordVariable ?? ''];
  const timeoutMs = settings.timeout / 1000;
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
  const gzip = settings.gzip === 'auto' ? !isHere : settings.gzip;
  return { url, version, database, organisation, retentionPolicy, username, password, token, gzip, timeoutMs };
}

async function connect(server: ServerSettings): Promise<LineServer> {
  const { kind } = await findServer(server);
  if (kind === 'influx1') await ensureDatabase(server);
  return openServer(server, kind);
}

export default defineSink({
  name: 'influx',
  summary: 'Writes frames, readings, detections, doses and alerts to InfluxDB 1.x, 2.x, 3.x or VictoriaMetrics.',
  accepts: SIGNAL_TYPES,
  config,
  example: { url: 'http://127.0.0.1:8086', database: 'operando' },
  probe: (settings) => proveWrite(serverSettings(settings)),
  create(settings, setting) {
    const { spectrum, deadLetters } = settings;
    const deadLetterPath = deadLetters === undefined ? null : setting.resolvePath(deadLetters.path);
    const server = serverSettings(settings);
    const queue = openSpooledDelivery(
      {
        capacity: settings.waitingPoints,
        batchSize: settings.batchPoints,
        intervalMs: settings.batchWithin / 1000,
        retryMs: [250, 30_000],
        trouble: 'InfluxDB unreachable',
        noun: 'points',
        deliver: createLineWriter({
          connect: () => connect(server),
          deadLetters: createDeadLetters(deadLetterPath, (deadLetters?.maxMegabytes ?? 0) * 1e6),
          onRefused(count, lost, reason) {
            queue.addLost(lost);
            setting.countDropped('refused', count);
            setting.report({ state: 'ok', detail: `InfluxDB refused ${count} points: ${reason.slice(0, 200)}` });
          },
        }),
      },
      settings.spool,
      'liveFirst',
      setting,
    );
    const push = (point: Point): void => {
      const line = lineOf(point);
      if (line !== null) queue.push(line);
    };
    const seriesOf = createSeriesBook({
      run: setting.run,
      instrument: setting.instrument,
      modality: setting.modality,
      site: settings.site,
    });
    const choice = spectrum && {
      every: undefined,
      of: undefined,
      residual: undefined,
      ...spectrum,
      periodUs: spectrum.period,
    };
    const addPoints = createPointMaker(seriesOf, choice, push);
    const health = createHealthPoints(seriesOf, push);
    const addHealth = (isRunning: boolean): void => {
      if (setting.status !== undefined) health.addStatus(setting.status(), Date.now() * 1000, isRunning);
    };
    const { healthEvery } = settings;
    const healthTimer =
      healthEvery === null ? undefined : setInterval(() => addHealth(true), healthEvery / 1000).unref();
    setting.report({ state: 'connecting', detail: `waiting for InfluxDB at ${settings.url}` });
    queue.greet();
    return {
      name: 'influx',
      accepts: SIGNAL_TYPES,
      write: addPoints,
      note(note) {
        if (note.type === 'permit') health.addPermit(note);
      },
      flush: () => queue.flush(settings.flushWithin / 1000),
      async close() {
        clearInterval(healthTimer);
        if (healthEvery !== null) addHealth(false);
        await queue.close(settings.flushWithin / 1000);
        setting.report({ state: 'ended', detail: '' });
      },
    };
  },
});
