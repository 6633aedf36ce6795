import { createSimulator } from '../../simulators/createSimulator.ts';
import { cloneFrame, type Frame, type MutableFrame } from '../../src/model/frame.ts';
import type { Noise } from '../../src/model/layout.ts';
import { makeReading } from '../../src/model/makeReading.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Stage } from '../../src/model/stage.ts';

/** Different frames before they repeat; numbers and times always go on. */
const DISTINCT = 256;
const PERIOD_US = 1000;

/** An endless supply of frames that drift to and fro, with the slow signal 'I0'. */
export function createFrames(channels: number, noise: Noise): { next(): Frame } {
  const simulator = createSimulator('xrd-heating:drift-only', { seed: 1, channels, framesPerSecond: 1000 });
  const layout = { ...simulator.layout, noise };
  const frames: MutableFrame[] = Array.from({ length: DISTINCT }, () => cloneFrame(simulator.next().frame));
  for (const frame of frames) {
    frame.layout = layout;
    frame.variances = noise === 'poisson' ? undefined : frame.values.map((counts) => Math.max(counts, 1));
    frame.context = { I0: 1 };
    frame.contextAgeUs = { I0: 0 };
  }
  const startUs = frames[0]!.timeUs;
  let seq = 0;
  return {
    next() {
      const place = seq % (2 * DISTINCT - 2);
      const frame = frames[place < DISTINCT ? place : 2 * DISTINCT - 2 - place]!;
      const timeUs = startUs + seq * PERIOD_US;
      return { ...frame, seq: seq++, timeUs, exposureUs: PERIOD_US };
    },
  };
}

/** What a stage takes with a frame: the frame itself, or the statistic a detector would give of it. */
export function takenBy(stage: Stage, frame: Frame): readonly Signal[] {
  if (stage.inputs.includes('frame')) return [frame];
  const value = 1 + 0.5 * Math.sin(frame.seq);
  return [makeReading(frame, 'change', { name: 'statistic', value, unit: '1', quality: 'valid' })];
}
