import { makeStream, type StreamPlan } from './makeStream.ts';
import { CHANGES, type ChangeKind } from './streamChange.ts';
import { DRIFTS, type DriftKind } from './streamDrift.ts';
import type { KnownStream } from './streamFile.ts';

/** Counts of a stream with few of them, relative to the others. */
const LOW = 0.04;

function plan(parts: Partial<StreamPlan>, label: string): StreamPlan {
  const { channels = 256, drift = 'none', change = null, scale = 1 } = parts;
  const frames = channels > 256 ? 900 : change === null ? 2000 : 1500;
  const name = `${change === null ? 'null' : 'chg'}_${label}_p${channels}`;
  return { name, channels, frames, drift, change, scale };
}

const changed = (change: ChangeKind, parts: Partial<StreamPlan> = {}, ending = ''): StreamPlan =>
  plan({ ...parts, change }, `${change}${ending}`);
const quiet = (drift: DriftKind, parts: Partial<StreamPlan> = {}): StreamPlan =>
  plan({ ...parts, drift }, drift === 'none' ? 'plain' : drift);

/** One stream of each kind: 15 with a change, 10 without. */
export const STREAM_PLANS: readonly StreamPlan[] = [
  ...CHANGES.map((change) => changed(change)),
  changed('new_peak', { scale: LOW }, '_lowcount'),
  changed('new_peak', { drift: 'all' }, '_drift'),
  changed('peak_decay', { drift: 'all' }, '_drift'),
  changed('new_peak', { channels: 1024 }),
  changed('new_peak', { channels: 1024, drift: 'all' }, '_drift'),
  changed('new_phase_3peaks', { channels: 1024 }),
  ...DRIFTS.map((drift) => quiet(drift)),
  plan({ drift: 'all', scale: LOW }, 'lowcount_all'),
  quiet('all', { channels: 1024 }),
];

/** `repeats` streams of every kind, one at a time; the same for the same seed. */
export function* makeStreams(seed: number, repeats: number): Generator<KnownStream> {
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [k, each] of STREAM_PLANS.entries()) {
      const index = repeat * STREAM_PLANS.length + k;
      yield makeStream({ ...each, name: `${each.name}_${repeat}` }, seed, index);
    }
}
