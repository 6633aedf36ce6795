import { createHash } from 'node:crypto';
import type { AlarmStep } from '../model/alarm.ts';
import type { Recording } from '../recording/reader.ts';
import { canonical } from './digest.ts';
import { ALL_TIMES, type TimeWindow } from './recordedFeed.ts';

/** A running SHA-256 over the steps in the lives of the alarms. */
export interface AlarmDigest {
  /** Counts each step once: a monitor that was killed takes the steps since its checkpoint again. */
  add(step: AlarmStep): void;
  readonly count: number;
  /** Hexadecimal. */
  value(): string;
}

/** @param window - what lies outside, by event time, is left out. */
export function createAlarmDigest({ fromUs, toUs }: TimeWindow = ALL_TIMES): AlarmDigest {
  const hash = createHash('sha256');
  let last = 0;
  let count = 0;
  return {
    add(step) {
      if (step.step <= last || step.timeUs < fromUs || step.timeUs >= toUs) return;
      last = step.step;
      hash.update(`${canonical(step)}\n`);
      count++;
    },
    get count() {
      return count;
    },
    value: () => hash.copy().digest('hex'),
  };
}

/** Of the recorded steps. */
export function digestOfRecordedAlarms(recording: Recording, window: TimeWindow = ALL_TIMES): AlarmDigest {
  const digest = createAlarmDigest(window);
  for (const item of recording.items()) if (item.type === 'alarm') digest.add(item);
  return digest;
}
