import type { SlowSample } from '../../src/model/signal.ts';

/** Hands out recorded slow samples as time goes on. */
export interface SlowPlayback {
  /** Delivers what lies at or before `timeUs` and was not delivered yet; of what came before the first call, the latest of each signal. */
  until(timeUs: number, deliver: (sample: SlowSample) => void): void;
}

/** @param samples - In any order; put in order of time. */
export function createSlowPlayback(samples: SlowSample[]): SlowPlayback {
  samples.sort((a, b) => a.timeUs - b.timeUs);
  let next = 0;
  let isFirst = true;
  return {
    until(timeUs, deliver) {
      const from = next;
      while (next < samples.length && samples[next]!.timeUs <= timeUs) next++;
      const due = samples.slice(from, next);
      for (const sample of isFirst ? latestOfEach(due) : due) deliver(sample);
      isFirst &&= due.length === 0;
    },
  };
}

const latestOfEach = (samples: readonly SlowSample[]): SlowSample[] => [
  ...new Map(samples.map((sample) => [sample.name, sample])).values(),
];
