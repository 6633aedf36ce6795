// Makes the thresholds of the methods that univariate.ts compares with: `node dist/bench/bench/detection/univariateThresholds.js
// [runs]` prints, for each rate, those of plain FOCuS and of Page-Hinkley at a mean of 10 000 quiet frames, for rises.
// With 1000 runs (the default) it takes about three minutes of one core.
import { updatePageHinkley } from '../../src/kernel/change/pageHinkley.ts';
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { endRun, LEVELS, pass, passages, thresholdAt } from './passages.ts';

const RATES = [0.1, 1, 10, 100, 1000];
const RUN_LENGTH = 10_000;
/** A run that is quiet for so long is over; the time it was watched counts. */
const LONGEST = 3e4;
/** Share of the rate that Page-Hinkley lets pass. */
const TOLERANCE = 0.1;

const runs = Number(process.argv[2] ?? 1000);
for (const rate of RATES) {
  const random = seedXoshiro128(70_001, Math.round(1000 * rate));
  const [focus, hinkley] = [passages(), passages()];
  const known = { sign: 1, memory: Infinity, bonus: false, learnedCounts: Infinity, dispersion: 1 } as const;
  const options = { ...known, level: 0 };
  const tolerance = TOLERANCE * rate;
  const scale = hinkleyScale(rate, tolerance);
  for (let run = 0; run < runs; run++) {
    const side = createFocusSide();
    const state = { sum: 0 };
    for (let t = 1; t <= LONGEST; t++) {
      const counts = nextPoisson(random, rate);
      options.level = LEVELS[focus.next] ?? Infinity;
      const statistic = updatePoissonFocus(side, counts, rate, t, options);
      if (statistic >= options.level) pass(focus, statistic, t);
      pass(hinkley, updatePageHinkley(state, counts, rate, tolerance) * scale, t);
    }
    endRun(focus, LONGEST);
    endRun(hinkley, LONGEST);
  }
  const [plain, page] = [thresholdAt(focus, RUN_LENGTH), thresholdAt(hinkley, RUN_LENGTH) / scale];
  console.log(`${rate}\tplain FOCuS ${plain.toFixed(2)}\tPage-Hinkley ${page.toFixed(2)}`);
}

/**
 * What brings the sum to the scale of a log-likelihood ratio: it passes a level x about exp(-scale x) often, with
 * E exp(scale (counts - rate - tolerance)) = 1.
 */
function hinkleyScale(rate: number, tolerance: number): number {
  let [low, high] = [1e-12, 2];
  for (let round = 0; round < 60; round++) {
    const middle = 0.5 * (low + high);
    if (rate * Math.expm1(middle) > middle * (rate + tolerance)) high = middle;
    else low = middle;
  }
  return low;
}
