import type { LoadedConfig } from '../../config/load.ts';
import type { GraphPlan } from '../../config/plan.ts';
import { startMonitor } from '../createMonitor.ts';
import { listener } from '../listener.ts';
import type { Console } from '../console.ts';
import { detectorsOf, frameGiversOf } from './detectors.ts';
import { createQuietFrames, type QuietFrames } from './quietFrames.ts';
import { createTrackBook, type Track } from './tracks.ts';

/** What a quiet recording shows. */
export interface Observation {
  readonly tracks: readonly Track[];
  /** By id: every stream, and every node that gives a detector its frames. */
  readonly frames: ReadonlyMap<string, QuietFrames>;
}

/**
 * Runs quiet data through the stages of a plan and writes down what the detectors said.
 *
 * @param most - frames of each stream to look at.
 */
export async function observe(
  loaded: LoadedConfig,
  plan: GraphPlan,
  most: number,
  console: Console,
): Promise<Observation> {
  const detectors = detectorsOf(plan);
  const givers = new Map(detectors.map((node) => [node.id, frameGiversOf(plan, node)]));
  const frames = new Map(
    [...plan.streams.map(({ id }) => id), ...[...givers.values()].flat()].map((id) => [id, createQuietFrames(id)]),
  );
  const book = createTrackBook(detectors);
  const counts = new Map(plan.streams.map(({ id }) => [id, 0]));
  let stop = (): void => undefined;
  const ears = listener('calibration', (signal, from) => {
    const count = counts.get(from);
    if (count !== undefined) {
      counts.set(from, count + 1);
      if ([...counts.values()].every((each) => each > most)) stop();
    }
    if ((counts.get(signal.stream) ?? 0) > most) return;
    if (signal.type === 'frame') frames.get(from)?.take(signal);
    else book.hear(signal, from);
    if (signal.type === 'detection') for (const id of givers.get(from) ?? []) frames.get(id)?.refuse(signal.seq);
  });
  const monitor = await startMonitor(loaded, plan, {
    mode: 'replay',
    speed: Infinity,
    startFresh: true,
    keepsCheckpoints: false,
    listeners: [ears],
    onLinkChange: ({ id, state, detail }) => (state === 'down' ? console.err(`${id}: ${detail}`) : undefined),
    onAct: () => undefined,
  });
  stop = () => monitor.stop();
  console.interrupted.addEventListener('abort', stop);
  await monitor.done;
  return { tracks: book.tracks(), frames };
}
