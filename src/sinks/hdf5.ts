import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { duration } from '../model/duration.ts';
import type { Alert } from '../model/alert.ts';
import { MonitorError } from '../model/error.ts';
import { cloneFrame } from '../model/frame.ts';
import type { Frame } from '../model/frame.ts';
import { defineSink } from '../model/sink.ts';
import { createDeliveryQueue } from './delivery/deliveryQueue.ts';
import { createGrowingFile } from './hdf5/growingFile.ts';
import type { GrowingFile, GrowingFileOptions } from './hdf5/growingFile.ts';
import { alertFile, alertRows, formOf, frameFile, frameRows } from './hdf5/rows.ts';
import type { FrameForm } from './hdf5/rows.ts';

type Library = typeof import('h5wasm/node');

type Item = { readonly from: string; readonly signal: Frame | Alert; isWritten: boolean };

/** A file that is open, and what its rows are. */
interface Open {
  readonly file: GrowingFile;
  readonly zeroUs: number;
  readonly layout: Frame['layout'] | null;
  readonly form: FrameForm | null;
}

export default defineSink({
  name: 'hdf5',
  summary: 'Writes frames and alerts to NeXus files that h5py and others can read while they grow, and after a crash.',
  accepts: ['frame', 'alert'],
  config: z.strictObject({
    directory: z.string().min(1).describe('Where the files go, relative to the pipeline file; made when absent.'),
    blockFrames: z
      .int()
      .min(1)
      .max(4096)
      .default(64)
      .describe('Frames that are written at once.')
      .meta({ unit: 'frame' }),
    everyMs: z
      .int()
      .min(20)
      .default(1000)
      .describe('Longest wait of a frame for its block to fill.')
      .meta({ unit: 'ms' }),
    waitingFrames: z
      .int()
      .min(2)
      .default(4096)
      .describe('Frames that may wait while the disk is full; then the oldest are dropped and counted.'),
    flushWithin: duration.default(10_000_000).describe('How long a flush may take before it fails.'),
  }),
  example: { directory: 'runs/nexus' },
  create(config, setting) {
    const directory = setting.resolvePath(config.directory);
    try {
      mkdirSync(directory, { recursive: true });
    } catch (cause) {
      throw new MonitorError('SINK', `${directory} cannot be written`, { id: setting.id, path: directory }, { cause });
    }
    const files = createFiles(directory, {
      title: setting.run,
      instrument: setting.instrument,
      definition: setting.modality,
    });
    const queue = createDeliveryQueue<Item>(
      {
        capacity: config.waitingFrames,
        batchSize: config.blockFrames,
        intervalMs: config.everyMs,
        retryMs: [200, 10_000],
        trouble: `${config.directory} cannot be written`,
        noun: 'frames',
        deliver: (items) => files.write(items),
      },
      setting,
    );
    queue.greet();
    return {
      name: 'hdf5',
      accepts: ['frame', 'alert'],
      write(signal, from) {
        if (signal.type === 'frame') queue.push({ from, signal: cloneFrame(signal), isWritten: false });
        else if (signal.type === 'alert') queue.push({ from, signal, isWritten: false });
      },
      flush: () => queue.flush(config.flushWithin / 1000),
      async close() {
        await queue.close(config.flushWithin / 1000);
        files.close();
        setting.report({ state: 'ended', detail: '' });
      },
    };
  },
});

function createFiles(directory: string, entry: Readonly<Record<string, string>>) {
  const open = new Map<string, Open>();
  const create = (library: Library, from: string, parts: Omit<GrowingFileOptions, 'path'>): GrowingFile => {
    let number = 1;
    while (existsSync(join(directory, `${from}-${number}.h5`))) number++;
    return createGrowingFile(library, { ...parts, path: join(directory, `${from}-${number}.h5`) });
  };
  /** A new file where the layout, or what stands beside the frames, is new. */
  const fileFor = (library: Library, { from, signal }: Item): Open => {
    const known = open.get(from);
    if (known !== undefined && fits(known, signal)) return known;
    known?.file.close();
    open.delete(from);
    const { timeUs: zeroUs } = signal;
    const made: Open =
      signal.type === 'alert'
        ? { file: create(library, from, alertFile(zeroUs, entry)), zeroUs, layout: null, form: null }
        : startFrames(library, from, signal, formOf(signal, known?.form ?? undefined));
    open.set(from, made);
    return made;
  };
  const startFrames = (library: Library, from: string, frame: Frame, form: FrameForm): Open => {
    const { layout, timeUs: zeroUs } = frame;
    return { file: create(library, from, frameFile(frame, form, entry)), zeroUs, layout, form };
  };
  return {
    async write(items: readonly Item[]): Promise<void> {
      const library = await import('h5wasm/node');
      (await library.ready).activate_throwing_error_handler();
      for (const from of new Set(items.map((item) => item.from))) {
        // What was written before a failure is not written again.
        let rest = items.filter((item) => item.from === from && !item.isWritten);
        while (rest.length > 0) {
          const target = fileFor(library, rest[0]!);
          const odd = rest.findIndex(({ signal }) => !fits(target, signal));
          const fitting = odd < 0 ? rest : rest.slice(0, odd);
          append(target, fitting);
          rest = rest.slice(fitting.length);
        }
      }
    },
    close(): void {
      for (const { file } of open.values()) file.close();
      open.clear();
    },
  };
}

function fits({ layout, form }: Open, signal: Frame | Alert): boolean {
  if (signal.type === 'alert' || form === null) return signal.type === 'alert' && form === null;
  return layout === signal.layout && formOf(signal, form) === form;
}

function append({ file, zeroUs, form }: Open, items: readonly Item[]): void {
  const signals = items.map(({ signal }) => signal);
  const frames = signals.filter((signal) => signal.type === 'frame');
  const alerts = signals.filter((signal) => signal.type === 'alert');
  if (form === null) file.append(alerts.length, alertRows(alerts, zeroUs));
  else file.append(frames.length, frameRows(frames, form, zeroUs));
  for (const item of items) item.isWritten = true;
}
