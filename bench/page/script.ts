import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import { createPageFeed, type PageFeed } from '../../src/server/pageFeed.ts';

const DETECTORS = ['regionScan', 'shapeMatch', 'total'] as const;
const THRESHOLD = 9.1;
/** Spectra drawn before the measurement starts, and shown in turn: drawing them meanwhile would be measured too. */
const DRAWN = 97;
const START_US = 1_795_000_000_000_000;

/** A monitor by script: frames with their reference, three detectors, drift and a temperature. */
export interface ScriptedMonitor {
  readonly feed: PageFeed;
  readonly frames: number;
  /** Of the frame written last, by the clock of `performance.timeOrigin`. */
  readonly writtenMs: number;
  /** Starts to write, one frame each period of the wall clock. */
  start(): void;
  stop(): void;
}

/**
 * @param channels - of a spectrum.
 * @param rate - frames per second, 1 to 20: one row each.
 */
export function createScriptedMonitor(channels: number, rate: number, seed: number): ScriptedMonitor {
  const periodMs = 1000 / rate;
  const feed = createPageFeed({
    run: 'bench',
    instrument: 'scripted',
    modality: 'powder XRD',
    spectrum: 'detector',
    reference: 'regionScan',
    dose: null,
    contextUnit: () => 'Cel',
    now: () => performance.now(),
  });
  const random = seedXoshiro128(seed, 0);
  const means = Float64Array.from({ length: channels }, (_, i) => 40 + 400 * Math.exp(-(((i % 256) - 128) ** 2) / 128));
  const spectra = Array.from({ length: DRAWN }, () => fillPoisson(random, means, new Float64Array(channels)));
  const coordinates = Float64Array.from({ length: channels }, (_, i) => 20 + (40 * i) / channels);
  const layout = spectrumLayout(
    { name: 'twoTheta', unit: 'deg', coordinates },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
  const exposureUs = periodMs * 1000;
  const observed = makeFrame({ stream: 'detector', seq: 0, timeUs: 0, exposureUs, layout, values: spectra[0]! });
  const expected: Frame = { ...observed, values: means, variances: means };
  let frames = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueMs = 0;
  let writtenMs = 0;

  function write(): void {
    const seq = frames++;
    writtenMs = performance.timeOrigin + performance.now();
    const timeUs = START_US + Math.round(seq * exposureUs);
    const read = (stage: string, name: string, value: number, unit = '1') =>
      feed.write(
        { type: 'reading', stream: 'detector', seq, timeUs, stage, name, value, unit, quality: 'valid' },
        stage,
      );
    const temperature = 25 + 0.01 * seq;
    const about = { seq, timeUs, context: { temperature }, contextAgeUs: { temperature: 0 } };
    feed.write({ ...observed, ...about, values: spectra[seq % DRAWN]! }, 'detector');
    feed.write({ ...expected, ...about }, 'regionScan');
    for (const [k, stage] of DETECTORS.entries()) {
      read(stage, 'statistic', THRESHOLD * (0.3 + 0.2 * Math.sin(seq / (7 + k))));
      read(stage, 'threshold', THRESHOLD);
    }
    read('regionScan', 'gain', 1 - 0.05 * Math.sin(seq / 500));
    read('regionScan', 'shift', 0.01 * Math.sin(seq / 300), 'deg');
  }
  function next(): void {
    write();
    dueMs += periodMs;
    timer = setTimeout(next, Math.max(0, dueMs - performance.now()));
  }
  return {
    feed,
    get frames() {
      return frames;
    },
    get writtenMs() {
      return writtenMs;
    },
    start() {
      dueMs = performance.now();
      next();
    },
    stop: () => clearTimeout(timer),
  };
}
