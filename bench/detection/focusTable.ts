// Makes the thresholds of src/kernel/change/focusTable.ts: `node dist/bench/bench/detection/focusTable.js [runs] [memory]`
// prints one row per rate and memory. With 1000 runs (the default) it takes about ten minutes of one core.
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';

const RATES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e5];
const MEMORIES = [10, 100, 1000, 1e5];
const RUN_LENGTHS = [1e2, 1e3, 1e4, 3e4];
/** Levels the statistic's first passage is timed at. */
const LEVELS = Float64Array.from({ length: 260 }, (_, k) => 1.5 + 0.05 * k);
/** A run that is quiet for so long is over; the time it was watched counts. */
const LONGEST = 3e4;

/** First passages of one statistic: next level to pass in this run, frames watched and passages per level. */
interface Passages {
  next: number;
  readonly frames: Float64Array;
  readonly passed: Float64Array;
}
const passages = (): Passages => ({
  next: 0,
  frames: new Float64Array(LEVELS.length),
  passed: new Float64Array(LEVELS.length),
});

function pass(side: Passages, statistic: number, t: number): void {
  for (; side.next < LEVELS.length && statistic >= LEVELS[side.next]!; side.next++) {
    side.frames[side.next]! += t;
    side.passed[side.next]!++;
  }
}
function endRun(side: Passages, t: number): void {
  for (; side.next < LEVELS.length; side.next++) side.frames[side.next]! += t;
  side.next = 0;
}

/** The lowest level that is passed at most once in so many frames; between two levels where the step is smooth. */
function thresholdAt({ frames, passed }: Passages, runLength: number): number {
  const lengthAt = (k: number) => Math.log(frames[k]! / Math.max(0.5, passed[k]!));
  const want = Math.log(runLength);
  const k = LEVELS.findIndex((_, each) => lengthAt(each) >= want);
  if (k <= 0) return LEVELS[k < 0 ? LEVELS.length - 1 : 0]!;
  const step = lengthAt(k) - lengthAt(k - 1);
  return step > 0.15 ? LEVELS[k]! : LEVELS[k]! - (0.05 * (lengthAt(k) - want)) / step;
}

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
