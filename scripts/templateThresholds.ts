/**
 * Simulates the thresholds of change.templates: `npx tsx scripts/templateThresholds.ts CHANNELS [RUNS] [FRAMES]` prints
 * one row of src/kernel/change/templateThresholdTable.ts. Each run watches a flat spectrum of 100 counts per channel
 * from a reference learned over 10 000 frames, and notes when each of many levels is first passed; the mean run length
 * of a level is the frames watched over the runs that passed it. CHANNELS 1 stands for one template alone.
 */
import { fitFrame, layAll } from '../src/kernel/change/templateFrame.ts';
import { addScores } from '../src/kernel/change/templateScores.ts';
import { weighEvidence } from '../src/kernel/change/templateEvidence.ts';
import { createTemplateState, createTemplateWork } from '../src/kernel/change/templateMonitor.ts';
import { giveTemplateReference } from '../src/kernel/change/templateStart.ts';
import { openWindow } from '../src/kernel/change/templateSums.ts';
import { RUN_LENGTHS } from '../src/kernel/change/templateThresholdTable.ts';
import { scanWindows } from '../src/kernel/change/templateWindows.ts';
import { fillPoisson, nextPoisson } from '../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../src/kernel/random/xoshiro128.ts';

const COUNTS = 100;
const LEARNED = 10_000;
const MEMORY = 1000;
const FIRST = 3;
const STEP = 0.1;
const LEVELS = 200;

const [size = 256, runs = 1000, length = 3000] = process.argv.slice(2).map(Number);
const isAlone = size === 1;
const n = isAlone ? 64 : size;
const means = new Float64Array(n).fill(COUNTS);
const work = createTemplateWork({
  x: Float64Array.from({ length: n }, (_, i) => i),
  fwhm: isAlone ? [] : [5, 8],
  sets: isAlone ? [{ name: 'line', positions: [n / 3], fwhm: 5 }] : [],
  contrast: false,
  noise: 'counts',
  drifts: ['shift', 'slope', 'broadening'],
  learn: 300,
  memory: MEMORY,
  up: true,
  down: true,
  tolerance: 0,
  fixedPattern: 0,
  certified: false,
});
const random = seedXoshiro128(11, size);
const values = new Float64Array(n);

interface Passed {
  readonly frames: Float64Array;
  readonly runs: Float64Array;
}
const passed = (): Passed => ({ frames: new Float64Array(LEVELS), runs: new Float64Array(LEVELS) });
const single = passed();
const several = passed();
let effective = 0;

for (let run = 0; run < runs; run++) {
  const sum = Float64Array.from(means, (mean) => nextPoisson(random, mean * LEARNED));
  const state = createTemplateState(work);
  work.hasReference = false;
  giveTemplateReference(state, work, { frames: LEARNED, sum, sumOfSquares: sum });
  layAll(state, work);
  effective += state.effective / runs;
  const next = [0, 0];
  for (let frame = 1; frame <= length; frame++) {
    fillPoisson(random, means, values);
    fitFrame(work, values, undefined);
    openWindow(state.sums, frame, MEMORY);
    addScores(state.sums, values.reduce((a, b) => a + b, 0) / state.total, work, values);
    scanWindows(state.sums, work.scan, null, MEMORY);
    weighEvidence(state.sums, work.evidence);
    pass(single, 0, work.evidence.single, frame);
    pass(several, 1, work.evidence.several, frame);
  }
  for (const [k, of] of [single, several].entries()) for (let i = next[k]; i < LEVELS; i++) of.frames[i] += length;

  function pass(of: Passed, k: number, statistic: number, frame: number): void {
    for (; next[k] < LEVELS && statistic >= FIRST + STEP * next[k]; next[k]++) {
      of.frames[next[k]] += frame;
      of.runs[next[k]]++;
    }
  }
}

/** The level whose mean run length is this, between the levels. */
function levelOf({ frames, runs: ended }: Passed, runLength: number): number {
  const log = (i: number): number => Math.log(frames[i] / ended[i]);
  let i = 0;
  while (i < LEVELS - 1 && (ended[i + 1] === 0 || log(i + 1) < Math.log(runLength))) i++;
  const share = (Math.log(runLength) - log(i)) / (log(i + 1) - log(i));
  return FIRST + STEP * (i + share);
}

const row = (of: Passed): string => RUN_LENGTHS.map((runLength) => levelOf(of, runLength).toFixed(2)).join(', ');
const alarms = single.runs[Math.round((levelOf(single, 10_000) - FIRST) / STEP)];
console.log(`single:  { logSize: ${Math.log(effective).toFixed(3)}, nats: [${row(single)}] }`);
if (!isAlone)
  console.log(`several: { logSize: ${Math.log(work.scan.said.length).toFixed(3)}, nats: [${row(several)}] }`);
console.log(`(${runs} runs of ${length} frames; ${alarms} of them passed the last threshold)`);
