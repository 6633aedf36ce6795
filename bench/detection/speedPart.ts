import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import type { Stage } from '../../src/model/stage.ts';
import { createDetector, stateBytes, type Detector, type DetectorChoice } from './detector.ts';
import { makeSample } from './makeStream.ts';
import { streamMean } from './streamMean.ts';

export interface SpeedReport {
  /** By number of channels: channels times frames per second, one core. */
  readonly channelFramesPerSecond: Readonly<Record<string, number>>;
  readonly framesPerSecond: Readonly<Record<string, number>>;
  /** By number of channels. */
  readonly stateBytes: Readonly<Record<string, number>>;
  /** Of the first number of channels: all memory of a learned stage over its templates; null for a detector without. */
  readonly bytesPerTemplate: number | null;
  readonly templates: number | null;
  /** The state and the heap are as large at the end as they were after learning. */
  readonly memoryFlat: boolean;
  readonly memoryFrames: number;
}

const CHANNELS = [256, 1024];
const LEARN = 300;
/** Different frames before they repeat. */
const DISTINCT = 1000;
const BLOCK = 250;
const BLOCKS = 16;
const WARM_BLOCKS = 8;
const MEMORY_FRAMES = 20_000;
const FULL_MEMORY_FRAMES = 10_000_000;
/** What the heap may move by without saying anything, bytes. */
const HEAP_NOISE = 2 ** 20;

const settled = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Stages over whose memory is averaged. */
const STAGES = 10;

/** How many templates a stage of change.templates watches; null for another stage. */
function templatesOf(stage: Stage): number | null {
  const state = stage.snapshot().state as { monitor?: { sums?: { sums?: Float64Array } } } | null;
  return state?.monitor?.sums?.sums?.length ?? null;
}

/** Bytes a learned stage takes: its state, and all it derives from it. */
function bytesOf(choice: DetectorChoice, channels: number, frames: readonly Float64Array[]): number {
  const learned = (): Detector => {
    const detector = createDetector(choice, channels, LEARN, 1e6);
    for (const values of frames.slice(0, LEARN + 50)) detector.take(values);
    return detector;
  };
  const kept = [learned()];
  const before = settled();
  while (kept.length <= STAGES) kept.push(learned());
  const bytes = (settled() - before) / STAGES;
  // Also holds on to the stages until they have been weighed.
  if (kept.some(({ stage }) => stage.snapshot().state === null)) throw new Error('a detector has learned nothing');
  return bytes;
}

/** Frames per second of the whole stage on quiet data, learned and warm; and whether it grows. */
export function speedPart(
  choice: DetectorChoice,
  { isFull, seed }: { readonly isFull: boolean; readonly seed: number },
  say: (line: string) => void,
): SpeedReport {
  const channelFramesPerSecond: Record<string, number> = {};
  const framesPerSecond: Record<string, number> = {};
  const bytes: Record<string, number> = {};
  let memoryFlat = true;
  let templates: number | null = null;
  let bytesPerTemplate: number | null = null;
  const memoryFrames = isFull ? FULL_MEMORY_FRAMES : MEMORY_FRAMES;
  say('\nchannels   frames/s   M channel-frames/s   state kB');
  for (const channels of CHANNELS) {
    const frames = quietFrames(channels, seed);
    const detector = createDetector(choice, channels, LEARN, 1e6);
    let next = 0;
    const run = (count: number): number => {
      const startMs = performance.now();
      for (let k = 0; k < count; k++) detector.take(frames[next++ % DISTINCT]!);
      return performance.now() - startMs;
    };
    for (let block = 0; block < WARM_BLOCKS; block++) run(BLOCK);
    // The best block: on a busy machine the others tell of their neighbours.
    let best = Infinity;
    for (let block = 0; block < BLOCKS; block++) best = Math.min(best, run(BLOCK));
    framesPerSecond[channels] = Math.round((1000 * BLOCK) / best);
    channelFramesPerSecond[channels] = Math.round((1000 * BLOCK * channels) / best);
    bytes[channels] = stateBytes(detector.stage);
    if (channels === CHANNELS[0]) {
      templates = templatesOf(detector.stage);
      if (templates !== null) bytesPerTemplate = Math.round(bytesOf(choice, channels, frames) / templates);
      const before = settled();
      run(memoryFrames);
      memoryFlat = settled() - before < HEAP_NOISE && stateBytes(detector.stage) === bytes[channels];
    }
    say(
      [
        String(channels).padStart(8),
        String(framesPerSecond[channels]).padStart(10),
        (channelFramesPerSecond[channels] / 1e6).toFixed(1).padStart(20),
        (bytes[channels] / 1000).toFixed(1).padStart(10),
      ].join(' '),
    );
  }
  say(`memory ${memoryFlat ? 'constant' : 'NOT constant'} over ${memoryFrames} frames of ${CHANNELS[0]} channels`);
  if (templates !== null)
    say(`${bytesPerTemplate} bytes per template, ${templates} templates on ${CHANNELS[0]} channels`);
  return {
    channelFramesPerSecond,
    framesPerSecond,
    stateBytes: bytes,
    bytesPerTemplate,
    templates,
    memoryFlat,
    memoryFrames,
  };
}

function quietFrames(channels: number, seed: number): Float64Array[] {
  const state = seedXoshiro128(seed, channels);
  const sample = makeSample(channels, 1, state);
  const mean = streamMean(sample, { intensity: 1, shift: 0, slope: 0 }, null, new Float64Array(channels));
  return Array.from({ length: DISTINCT }, () => fillPoisson(state, mean, new Float64Array(channels)));
}
