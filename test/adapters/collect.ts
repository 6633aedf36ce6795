import { resolve } from 'node:path';
import type { Adapter, AdapterDefinition, AdapterSetting, Rejection } from '../../src/model/adapter.ts';
import { cloneFrame } from '../../src/model/frame.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import type { z } from 'zod';

export interface Collected {
  readonly frames: Frame[];
  readonly slow: SlowSample[];
  /** In the order of arrival: numbers of frames, names of slow signals. */
  readonly arrival: (number | string)[];
  readonly rejections: Rejection[];
  readonly reports: string[];
}

/** An outlet that keeps what it is given; makes every source wait for it now and then, and stops after `limit` frames. */
export function createCollector(limit = Infinity) {
  const collected: Collected = { frames: [], slow: [], arrival: [], rejections: [], reports: [] };
  const abort = new AbortController();
  return {
    collected,
    signal: abort.signal,
    abort: () => abort.abort(),
    outlet: {
      next(item: Frame | SlowSample) {
        if (item.type === 'frame') collected.frames.push(cloneFrame(item));
        else collected.slow.push({ ...item });
        collected.arrival.push(item.type === 'frame' ? item.seq : item.name);
        if (collected.frames.length >= limit) abort.abort();
      },
      reject: ({ bytes: _, ...rejection }: Rejection) => void collected.rejections.push(rejection),
      room: () => (collected.frames.length % 7 === 3 ? new Promise<void>((resolve) => setImmediate(resolve)) : null),
      report: ({ state, detail }: { state: string; detail: string }) =>
        void collected.reports.push(`${state}: ${detail}`),
    },
  };
}

export const settingOf = (directory: string, more: Partial<AdapterSetting> = {}): AdapterSetting => ({
  stream: 's',
  noise: undefined,
  framePeriodUs: null,
  resolvePath: (path) => resolve(directory, path),
  resumeAfter: null,
  ...more,
});

/** Runs a source to its end with the settings of a pipeline file. */
export async function playSource<Config extends z.ZodObject>(
  source: AdapterDefinition<string, Config, Adapter>,
  settings: z.input<Config>,
  setting: AdapterSetting,
  limit = Infinity,
): Promise<Collected> {
  const { collected, outlet, signal } = createCollector(limit);
  await source.create(source.config.parse(settings), setting).run(outlet, signal);
  return collected;
}
