/**
 * Makes the table of src/kernel/change/turningThreshold.ts: thresholds of the turning statistic by window and run length, on
 * white noise of known variance, both senses. `node --import tsx scripts/turningThresholds.ts [frames per window]`.
 */
import {
  AFTER,
  BEFORE,
  createTurningWorkspace,
  testTurning,
  turningStatistic,
} from '../src/kernel/change/turningPoint.ts';
import { nextNormal } from '../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../src/kernel/random/xoshiro128.ts';

const frames = Number(process.argv[2] ?? 6e6);
const known = { dispersion: 1, freedom: Infinity };

for (const window of [16, 24, 32, 48, 64, 96]) {
  const random = seedXoshiro128(20_261, window);
  const values = Float64Array.from({ length: window }, () => nextNormal(random));
  const weights = new Float64Array(window).fill(1);
  const work = createTurningWorkspace(window);
  const evidence = { turned: 0, jumped: 0, split: 0 };
  const statistics = new Float64Array(frames);
  for (let t = 0; t < frames; t++) {
    values.copyWithin(0, 1);
    values[window - 1] = nextNormal(random);
    for (const sense of [1, -1] as const) {
      testTurning(
        values,
        weights,
        { count: window, sense, first: BEFORE - 1, last: window - 1 - AFTER },
        work,
        evidence,
      );
      statistics[t] = Math.max(statistics[t], turningStatistic(evidence, known));
    }
  }
  const row: string[] = [];
  for (let threshold = 3; threshold <= 16; threshold += 0.25) {
    let alarms = 0;
    for (let t = 0; t < frames; t++)
      if (statistics[t] >= threshold) {
        alarms++;
        t += window;
      }
    if (alarms >= 30) row.push(`${threshold}:${((frames - alarms * window) / alarms).toFixed(0)}(${alarms})`);
  }
  console.log(window, row.join(' '));
}
