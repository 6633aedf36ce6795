// Makes the thresholds of src/kernel/change/focusLearnedTable.ts: `node dist/bench/bench/detection/focusLearnedTable.js [runs]`
// prints one row per rate and number of frames learned from; each run learns a level of its own. Windows are as long as
// what was learned from. With 1000 runs (the default) it takes about ten minutes of one core.
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { endRun, LEVELS, pass, passages, thresholdAt, type Passages } from './passages.ts';

const RATES = [0.1, 0.3, 1, 10, 100];
const LEARNED = [30, 100, 300, 1000];
const RUN_LENGTHS = [1e2, 1e3, 1e4];
/** Baselines differ in their run lengths: a run is watched for long, but not for levels that are passed too rarely. */
const LONGEST = 1e5;
const RAREST = 1.2e4;

/** How many of the levels are passed often enough to be of interest, going by the runs so far. */
function levelsOfInterest({ frames, passed }: Passages): number {
  const first = LEVELS.findIndex((_, k) => frames[k]! > RAREST * passed[k]!);
  return first < 0 ? LEVELS.length : first + 1;
}

const runs = Number(process.argv[2] ?? 1000);
for (const learned of LEARNED)
  for (const rate of RATES) {
    const random = seedXoshiro128(40_577, Math.round(1000 * rate) + learned);
    const all = { up: passages(), down: passages(), both: passages() };
    const wanted = { up: LEVELS.length, down: LEVELS.length, both: LEVELS.length };
    const wantedOf = (key: keyof typeof all) => (all[key].next < wanted[key] ? LEVELS[all[key].next]! : Infinity);
    for (let run = 0; run < runs; run++) {
      const sides = { up: createFocusSide(), down: createFocusSide() };
      let sum = 0;
      for (let k = 0; k < learned; k++) sum += nextPoisson(random, rate);
      const learnedCounts = Math.max(0.5, sum);
      const expected = learnedCounts / learned;
      const options = { memory: learned, bonus: true, learnedCounts, dispersion: 1 };
      const rise = { ...options, sign: 1 as const, level: 0 };
      const fall = { ...options, sign: -1 as const, level: 0 };
      for (const key of ['up', 'down', 'both'] as const) if (run >= 50) wanted[key] = levelsOfInterest(all[key]);
      let t = 0;
      while (t < LONGEST) {
        t++;
        const either = wantedOf('both');
        rise.level = Math.min(wantedOf('up'), either);
        fall.level = Math.min(wantedOf('down'), either);
        if (rise.level === Infinity && fall.level === Infinity) break;
        const counts = nextPoisson(random, rate);
        const up = updatePoissonFocus(sides.up, counts, expected, t, rise);
        const down = updatePoissonFocus(sides.down, counts, expected, t, fall);
        if (up >= rise.level) {
          pass(all.up, up, t);
          pass(all.both, up, t);
        }
        if (down >= fall.level) {
          pass(all.down, down, t);
          pass(all.both, down, t);
        }
      }
      for (const side of Object.values(all)) endRun(side, t);
    }
    const row = (side: Passages) => RUN_LENGTHS.map((length) => thresholdAt(side, length).toFixed(2)).join(', ');
    console.log(`${rate}\t${learned}\tup ${row(all.up)}\tdown ${row(all.down)}\tboth ${row(all.both)}`);
  }
