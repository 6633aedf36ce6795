import { nextNormal } from '../../src/kernel/random/normal.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { Purpose, seedPurpose } from './randomStreams.ts';

/** A sensor read on the slow clock. */
export interface SlowChannel {
  readonly name: string;
  /** UCUM code. */
  readonly unit: string;
  /** Standard deviation of one sample; 0 for set points. */
  readonly noise: number;
}

export interface SlowClock {
  /**
   * Samples that fall into [fromUs, fromUs + periodUs), between the values of the last frame and these.
   * @param values one per channel, as they are in the middle of the frame
   */
  sample(fromUs: number, periodUs: number, values: readonly number[]): readonly SlowSample[];
}

/** How old the value is that a sensor reports, microseconds. */
const SENSOR_LATENCY_US = 100_000;
/** The slow clock does not tick with the frames. */
const PHASE_US = 37_000;

/** @param startUs start of frame 0 */
export function createSlowClock(
  channels: readonly SlowChannel[],
  seed: number,
  startUs: number,
  slowPeriodUs: number,
): SlowClock {
  let tick = 0;
  let last: readonly number[] | null = null;
  const random = new Uint32Array(4);
  return {
    sample(fromUs, periodUs, values) {
      const samples: SlowSample[] = [];
      const before = last ?? values;
      const lastMiddleUs = fromUs - periodUs / 2;
      for (;;) {
        const timeUs = startUs + PHASE_US + tick * slowPeriodUs;
        if (timeUs >= fromUs + periodUs) break;
        const part = Math.min(1, Math.max(0, (timeUs - SENSOR_LATENCY_US - lastMiddleUs) / periodUs));
        seedPurpose(seed, Purpose.slow, tick, random);
        for (let k = 0; k < channels.length; k++) {
          const { name, unit, noise } = channels[k];
          const value = before[k] + part * (values[k] - before[k]) + noise * nextNormal(random);
          samples.push({ type: 'slow', name, timeUs, value, unit });
        }
        tick++;
      }
      last = [...values];
      return samples;
    },
  };
}
