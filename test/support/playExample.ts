import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import file from '../../adapters/sources/file.ts';
import { parseConfig } from '../../src/config/load.ts';
import { planGraph } from '../../src/config/graph.ts';
import type { Alert } from '../../src/model/alert.ts';
import { cloneFrame, type MutableFrame } from '../../src/model/frame.ts';
import type { Reading, Signal } from '../../src/model/signal.ts';
import { dataRoot, root } from './operando.ts';

/** What an example on real files says. */
export interface Played {
  readonly alerts: readonly Alert[];
  /** Of one stage by name, in the order of the frames. */
  readings(stage: string, name: string): readonly Reading[];
  /** The last frame a node gave. */
  readonly lastFrames: ReadonlyMap<string, MutableFrame>;
  readonly frameCount: number;
  readonly rejections: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Plays an example whose streams are files through its stages, without sinks and without a clock. */
export async function playExample(name: string): Promise<Played> {
  const path = join(root, 'examples', `${name}.yaml`);
  const { config } = parseConfig(readFileSync(path, 'utf8'), { path, env: { OPERANDO_DATA: dataRoot } });
  const { nodes, streams } = planGraph(config);
  const stages = new Map(
    nodes.map(({ id, definition, with: settings, framePeriodUs }) => [
      id,
      definition.createChecked(id, settings, { framePeriodUs }),
    ]),
  );
  const alerts: Alert[] = [];
  const readings: Reading[] = [];
  const lastFrames = new Map<string, MutableFrame>();
  const rejections: string[] = [];
  let frameCount = 0;
  const give = (from: string, signal: Signal): void => {
    if (signal.type === 'reading') readings.push(signal);
    if (signal.type === 'alert') alerts.push(signal);
    if (signal.type === 'frame') lastFrames.set(from, cloneFrame(signal));
    for (const { id, from: givers, takes } of nodes)
      if (givers.includes(from) && takes.includes(signal.type))
        stages.get(id)?.process(signal, (made) => give(id, made));
  };
  for (const { id, config: stream, noise, framePeriodUs } of streams) {
    const settings = file.config.parse(stream.source?.with);
    const setting = {
      stream: id,
      noise: noise ?? undefined,
      framePeriodUs,
      resumeAfter: null,
      resolvePath: (each: string) => each,
    };
    const outlet = {
      next(item: Signal | { readonly type: 'slow' }) {
        if (item.type !== 'frame') return;
        frameCount++;
        give(id, item);
      },
      reject: ({ detail }: { readonly detail: string }) => void rejections.push(detail),
      room: () => null,
      report: () => undefined,
    };
    await file.create(settings, setting).run(outlet, new AbortController().signal);
  }
  return {
    alerts,
    readings: (stage, reading) => readings.filter((each) => each.stage === stage && each.name === reading),
    lastFrames,
    frameCount,
    rejections,
    settings: Object.fromEntries(nodes.map(({ id, with: settings }) => [id, settings])),
  };
}
