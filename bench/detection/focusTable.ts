// Makes the thresholds of src/kernel/change/focusTable.ts: `node dist/bench/bench/detection/focusTable.js [runs] [memory]`
// prints one row per rate and memory. With 1000 runs (the default) it takes about ten minutes of one core.
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { endRun, LEVELS, pass, passages, thresholdAt, type Passages } from './passages.ts';

const RATES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e5];
const MEMORIES = [10, 100, 1000, 1e5];
const RUN_LENGTHS = [1e2, 1e3, 1e4, 3e4];
/** A run that is quiet for so long is over; the time it was watched counts. */
const LONGEST = 3e4;

const runs = Number(process.argv[2] ?? 1000);
const only = process.argv[3] === undefined ? MEMORIES : [Number(process.argv[3])];
for (const memory of only)
  for (const rate of RATES) {
    const random = seedXoshiro128(20_231, Math.round(1000 * rate) + memory);
    const known = { memory, bonus: true, learnedCounts: Infinity, dispersion: 1 };
    const level = { up: { ...known, sign: 1 as const, level: 0 }, down: { ...known, sign: -1 as const, level: 0 } };
    const all = { up: passages(), down: passages(), both: passages() };
    for (let run = 0; run < runs; run++) {
      const sides = { up: createFocusSide(), down: createFocusSide() };
      let t = 0;
      while (t < LONGEST) {
        t++;
        const counts = nextPoisson(random, rate);
        level.up.level = LEVELS[Math.min(all.up.next, all.both.next)] ?? Infinity;
        level.down.level = LEVELS[Math.min(all.down.next, all.both.next)] ?? Infinity;
        const up = updatePoissonFocus(sides.up, counts, rate, t, level.up);
        const down = updatePoissonFocus(sides.down, counts, rate, t, level.down);
        if (up >= level.up.level) {
          pass(all.up, up, t);
          pass(all.both, up, t);
        }
        if (down >= level.down.level) {
          pass(all.down, down, t);
          pass(all.both, down, t);
        }
      }
      for (const side of Object.values(all)) endRun(side, t);
    }
    const row = (side: Passages) => RUN_LENGTHS.map((length) => thresholdAt(side, length).toFixed(2)).join(', ');
    console.log(`${rate}\t${memory}\tup ${row(all.up)}\tdown ${row(all.down)}\tboth ${row(all.both)}`);
  }
