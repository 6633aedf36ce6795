import { createEDetector, eDetectorRatios, updateEDetector } from '../../src/kernel/change/eDetector.ts';
import { focusThreshold } from '../../src/kernel/change/focusThreshold.ts';
import { updatePageHinkley } from '../../src/kernel/change/pageHinkley.ts';
import { createFocusSide, updatePoissonFocus } from '../../src/kernel/change/poissonFocus.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { cusumOn, focusOn, type CountStage } from './countStage.ts';
import { referenceStreams, type ReferenceStream } from './univariateStreams.ts';

const RUN_LENGTH = 10_000;
const CELLS = [
  [0.1, 1.1],
  [0.1, 1.5],
  [1, 1.1],
  [1, 2],
  [10, 1.1],
  [10, 1.5],
  [100, 1.1],
  [1000, 1.1],
] as const;
/** Thresholds at the run length, one side, of methods that are there for comparison; made by univariateThresholds.ts. */
const PLAIN_FOCUS: Readonly<Record<number, number>> = { 0.1: 8.05, 1: 8.1, 10: 8.49, 100: 8.66, 1000: 8.68 };
const PAGE_HINKLEY: Readonly<Record<number, number>> = { 0.1: 16.32, 1: 26.74, 10: 36.23, 100: 40.23, 1000: 19.12 };

export interface UnivariateRow {
  readonly rate: number;
  readonly ratio: number;
  /** Frames, mean. */
  readonly delay: number;
  /** The CUSUM that knows the change. */
  readonly oracle: number;
  readonly ratioToOracle: number;
  /** One standard deviation of it. */
  readonly standardError: number;
  /** Plain FOCuS, without the bonus for long windows. */
  readonly focus: number;
  readonly pageHinkley: number;
}
export interface UnivariateArl {
  readonly rate: number;
  /** Frames learned from; null when the rate is known. */
  readonly learned: number | null;
  readonly nominal: number;
  readonly measured: number;
  readonly standardError: number;
  readonly alarms: number;
}
export interface UnivariateSpeed {
  /** One update is one frame on one side, windows of up to 1000 frames with their bonus: whether the maximum over all
   * windows and rates reaches the threshold, and if so which it is. */
  readonly updatesPerSecond: number;
  /** The same with the exact maximum worked out in every frame, and with both sides of it. */
  readonly exactUpdatesPerSecond: number;
  readonly bothSidesPerSecond: number;
}
export interface UnivariateReport {
  readonly parity: { readonly streams: number; readonly maxError: number; readonly triggersEqual: boolean };
  readonly univariate: readonly UnivariateRow[];
  readonly focusArl: readonly UnivariateArl[];
  readonly certificate: { readonly nominal: number; readonly measured: number };
  readonly memoryFlat: boolean;
}

/**
 * change.focus on one count stream: agreement with the published traces, delays beside those of the CUSUM that knows the
 * change, run lengths.
 *
 * @param options.dataDir - folder with the reference streams; null for those of the tests.
 * @param options.full - ten times as many runs.
 */
export function univariateReport(options: {
  readonly dataDir: string | null;
  readonly full: boolean;
}): Promise<UnivariateReport> {
  const more = options.full ? 10 : 1;
  const runs = [
    [0.1, null, 1000],
    [10, null, 1000],
    [10, 300, 1000],
    ...(options.full
      ? ([
          [0.1, null, 10_000],
          [1000, null, 10_000],
          [0.1, 30, 1000],
          [0.1, 300, 1000],
          [0.3, 300, 1000],
          [1, 100, 1000],
          [10, 30, 1000],
          [10, 1000, 1000],
          [100, 100, 1000],
          [10, 1000, 10_000],
        ] as const)
      : []),
  ] as const;
  return Promise.resolve({
    parity: parityOf(referenceStreams(options.dataDir)),
    univariate: CELLS.map(([rate, ratio]) => cell(rate, ratio, 1e6 * more)),
    focusArl: runs.map(([rate, learned, nominal]) => runLength(rate, learned, nominal, 100 * more)),
    certificate: certificate(1000, 60 * more),
    memoryFlat: isMemoryFlat(options.full ? 1e7 : 1e6),
  });
}

function parityOf(streams: readonly ReferenceStream[]): UnivariateReport['parity'] {
  let maxError = 0;
  let triggersEqual = true;
  for (const { counts, background, statistics, triggers } of streams) {
    const trace = (sides: 'up' | 'down'): number[] => {
      const known = { expected: typeof background === 'number' ? background : background[0]!, memory: 1e9 };
      const monitor = typeof background === 'number' ? {} : { monitor: 'background' };
      const stage = focusOn({ ...known, ...monitor, sides, bonus: false, threshold: 1e9 });
      return counts.map((count, t) => {
        stage.process(count, typeof background === 'number' ? undefined : background[t]!);
        return stage.statistic;
      });
    };
    const traces = { up: trace('up'), down: statistics.some(({ side }) => side === 'down') ? trace('down') : [] };
    for (const { side, at } of statistics)
      for (const [frame, want] of at) maxError = Math.max(maxError, Math.abs(traces[side][frame]! - want) / (1 + want));
    for (const { sigma, frame } of triggers)
      triggersEqual &&= traces.up.findIndex((value) => value >= 0.5 * sigma * sigma) === (frame ?? -1);
  }
  return { streams: streams.length, maxError, triggersEqual };
}

/** Mean delay from the first frame on of a method, over about so many frames. */
function delayOf(changed: number, frames: number, seed: number, create: () => (counts: number) => boolean) {
  const random = seedXoshiro128(seed, Math.round(changed * 1000));
  let [runs, sum, squares] = [0, 0, 0];
  while (runs < 40 || (sum < frames && runs < 2000)) {
    const isFound = create();
    let delay = 1;
    while (!isFound(nextPoisson(random, changed))) delay++;
    runs++;
    sum += delay;
    squares += delay * delay;
  }
  const mean = sum / runs;
  return { mean, relativeError: Math.sqrt((squares / runs - mean * mean) / runs) / mean };
}

function cell(rate: number, ratio: number, frames: number): UnivariateRow {
  const falseAlarms = { onePer: { frames: RUN_LENGTH } };
  const measure = (share: number, create: () => (counts: number) => boolean) =>
    delayOf(rate * ratio, share * frames, 7, create);
  const through = (share: number, create: () => CountStage) =>
    measure(share, () => {
      const stage = create();
      return (counts) => {
        stage.process(counts);
        return stage.detected;
      };
    });
  const settings = { expected: rate, sides: 'up', memory: 100_000 } as const;
  const found = through(1, () => focusOn({ ...settings, falseAlarms }));
  const plain = through(0.1, () => focusOn({ ...settings, bonus: false, threshold: PLAIN_FOCUS[rate]! }));
  // One for all runs: it starts anew after each detection, and its threshold takes long to find.
  const cusum = cusumOn({ expectedCounts: rate, ratio, sides: 'up', falseAlarms });
  const oracle = through(1, () => cusum);
  const hinkley = measure(0.1, () => {
    const state = { sum: 0 };
    const tolerance = 0.1 * rate;
    return (counts) => updatePageHinkley(state, counts, rate, tolerance) >= PAGE_HINKLEY[rate]!;
  });
  const ratioToOracle = found.mean / oracle.mean;
  return {
    rate,
    ratio,
    delay: found.mean,
    oracle: oracle.mean,
    ratioToOracle,
    standardError: ratioToOracle * Math.hypot(found.relativeError, oracle.relativeError),
    focus: plain.mean,
    pageHinkley: hinkley.mean,
  };
}

/** Mean number of quiet frames to the first alarm, each run with its own baseline. */
function runLength(rate: number, learned: number | null, nominal: number, runs: number): UnivariateArl {
  const random = seedXoshiro128(11, Math.round(1000 * rate) + (learned ?? 0));
  const falseAlarms = { onePer: { frames: nominal } };
  let [sum, squares] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const stage = focusOn(learned === null ? { expected: rate, falseAlarms } : { learn: learned, falseAlarms });
    let frames = 0;
    while (!stage.detected) {
      stage.process(nextPoisson(random, rate));
      if (!Number.isNaN(stage.statistic)) frames++;
    }
    sum += frames;
    squares += frames * frames;
  }
  const measured = sum / runs;
  const standardError = Math.sqrt((squares / runs - measured * measured) / runs);
  return { rate, learned, nominal, measured, standardError, alarms: runs };
}

/** Run length of the e-detector on both sides of a known rate. */
function certificate(nominal: number, runs: number): UnivariateReport['certificate'] {
  const rate = 3;
  const random = seedXoshiro128(13, 0);
  const ratios = Float64Array.of(...eDetectorRatios(rate, nominal, 1), ...eDetectorRatios(rate, nominal, -1));
  let frames = 0;
  for (let run = 0; run < runs; run++) {
    const state = createEDetector(ratios.length);
    do frames++;
    while (updateEDetector(state, nextPoisson(random, rate), rate, ratios) < nominal);
  }
  return { nominal, measured: frames / runs };
}

/** Updates per second of one stream of 10 counts per frame; to be measured with nothing beside it. */
export function univariateSpeed(): UnivariateSpeed {
  const rate = 10;
  const random = seedXoshiro128(17, 0);
  const counts = Float64Array.from({ length: 1 << 20 }, () => nextPoisson(random, rate));
  const memory = 1000;
  const measure = (level: number, both: boolean): number => {
    const options = (sign: 1 | -1) =>
      ({ sign, memory, bonus: true, learnedCounts: Infinity, dispersion: 1, level }) as const;
    const [up, down] = [options(1), options(-1)];
    let best = 0;
    for (let round = 0; round < 4; round++) {
      const rise = createFocusSide();
      const fall = createFocusSide();
      const startMs = performance.now();
      for (let t = 0; t < counts.length; t++) {
        updatePoissonFocus(rise, counts[t]!, rate, t, up);
        if (both) updatePoissonFocus(fall, counts[t]!, rate, t, down);
      }
      best = Math.max(best, (1000 * counts.length) / (performance.now() - startMs));
    }
    return best;
  };
  const threshold = focusThreshold(RUN_LENGTH, { rate, sides: 'up', memory, learnedFrames: Infinity });
  return {
    updatesPerSecond: measure(threshold, false),
    exactUpdatesPerSecond: measure(0, false),
    bothSidesPerSecond: measure(0, true),
  };
}

/** Whether the stage needs no more memory after so many frames. */
function isMemoryFlat(frames: number): boolean {
  const random = seedXoshiro128(19, 0);
  const stage = focusOn({ expected: 5, falseAlarms: { onePer: { frames: 1e9 } } });
  const counts = Float64Array.from({ length: 4096 }, () => nextPoisson(random, 5));
  const feed = (count: number): number => {
    for (let t = 0; t < count; t++) stage.process(counts[(t * 1021) & 4095]!);
    // What compiled code has let go is found by the second round only.
    for (let round = 0; round < 2; round++) globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = feed(frames / 10);
  return feed(frames) - before < 200_000;
}
