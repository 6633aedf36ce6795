import type { Truth } from '../../simulators/simulator.ts';
import { isFault } from '../../src/model/fault.ts';
import { changeDetectors, type Example } from './examples.ts';
import { createRehearsal } from './rehearse.ts';

/** What a pipeline said in the course of a run. */
export interface Watched {
  /** Frames in which all detectors of a change had learned. */
  readonly frames: number;
  /** Frame in which the first alert of a change was raised, and what it named; null for none. */
  readonly alarm: { readonly seq: number; readonly template: string; readonly rule: string } | null;
  /** Alerts of a fault raised in frames in which nothing was wrong. */
  readonly faultAlarms: number;
}

export interface WatchOptions {
  readonly scenario: string;
  readonly seed: number;
  readonly frames: number;
  readonly eventAtFrame?: number;
}

/** Plays a scenario through its example up to the first alert of a change. */
export function watch(example: Example, { frames, ...options }: WatchOptions): Watched {
  const detectors = new Set(changeDetectors(example).map(({ id }) => id));
  const judging = new Set<string>();
  let alarm: Watched['alarm'] = null;
  let faultRaised = false;
  const play = createRehearsal(example, {
    ...options,
    hear(signal, from) {
      if (signal.type === 'reading' && signal.name === 'statistic' && detectors.has(from)) judging.add(from);
      if (signal.type !== 'alert' || signal.phase !== 'raised') return;
      if (isFault(signal.template)) faultRaised = true;
      else if (signal.evidence.some((id) => detectors.has(id)))
        alarm ??= { seq: signal.seq, template: signal.template ?? '', rule: signal.rule };
    },
  });
  let [watched, faultAlarms] = [0, 0];
  for (let k = 0; k < frames && alarm === null; k++) {
    faultRaised = false;
    const truth: Truth = play();
    if (judging.size === detectors.size) watched++;
    if (faultRaised && truth.faults.length === 0) faultAlarms++;
  }
  return { frames: watched, alarm, faultAlarms };
}
