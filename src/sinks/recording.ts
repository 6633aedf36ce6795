import { createHash } from 'node:crypto';
import { z } from 'zod';
import { createEvidenceCollector } from '../evidence/collector.ts';
import { createEvidenceWriter } from '../evidence/files.ts';
import { SIGNAL_TYPES } from '../model/signal.ts';
import { defineSink } from '../model/sink.ts';
import { createRecordingWriter } from '../recording/writer.ts';

export default defineSink({
  name: 'recording',
  summary:
    'Records the run for an exact replay: frames as the pipeline saw them, slow signals, all signals, permit, acts, losses, checkpoints.',
  accepts: SIGNAL_TYPES,
  config: z.strictObject({
    directory: z.string().min(1).describe('Where its segments go, relative to the pipeline file; made when absent.'),
    maxMegabytes: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('Cap on all segments of the directory; null for none.')
      .meta({ unit: 'MB' }),
    whenFull: z
      .enum(['stop', 'dropOldest'])
      .default('stop')
      .describe('At the cap: keep the beginning of the run, or its latest part.'),
    segmentMegabytes: z.number().positive().default(64).describe('Size of one file.').meta({ unit: 'MB' }),
    sync: z
      .enum(['flush', 'close'])
      .default('flush')
      .describe('When data are forced to the disk: at each flush (checkpoint), or when a file is closed.'),
    checkpointFrames: z
      .int()
      .min(0)
      .default(2000)
      .describe('Frames from one recorded state of all stages to the next, for replays from the middle; 0 for none.')
      .meta({ unit: 'frame' }),
    evidence: z
      .int()
      .min(0)
      .default(500)
      .describe(
        'Alerts whose evidence (spectra before, at and after, residual, statistics, dose) is kept in the folder evidence; 0 for none.',
      ),
  }),
  example: { directory: 'runs/example' },
  create(config, setting) {
    const directory = setting.resolvePath(config.directory);
    const writer = createRecordingWriter({
      directory,
      header: {
        run: setting.run,
        instrument: setting.instrument,
        modality: setting.modality,
        config: setting.configText ?? '',
        versions: setting.versions ?? {},
      },
      maxBytes: config.maxMegabytes === null ? null : config.maxMegabytes * 1e6,
      whenFull: config.whenFull,
      segmentBytes: config.segmentMegabytes * 1e6,
      sync: config.sync,
      report: (health) => setting.report(health),
      countDropped: (reason, count) => setting.countDropped(reason, count),
    });
    const evidence = createEvidenceWriter(directory, config.evidence, (reason, count) =>
      setting.countDropped(reason, count),
    );
    const { run, instrument, modality, configText = '', versions = {} } = setting;
    const origin = { run, instrument, modality, configSha256: sha256(configText), versions };
    const collector =
      config.evidence === 0 ? null : createEvidenceCollector(origin, (bundle) => evidence.write(bundle));
    return {
      name: 'recording',
      accepts: SIGNAL_TYPES,
      checkpointEvery: config.checkpointFrames,
      note: (note) => writer.writeNote(note),
      write(signal, from) {
        collector?.hear(signal, from);
        if (signal.type !== 'frame') writer.writeSignal(signal, from);
        // What a stage makes of a frame can be made again; only the frame itself cannot.
        else if (from === signal.stream) writer.writeFrame(signal);
      },
      async flush() {
        await Promise.all([writer.flush(), evidence.flush()]);
      },
      async close() {
        collector?.end();
        await Promise.all([writer.close(), evidence.flush()]);
      },
    };
  },
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
