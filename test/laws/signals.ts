import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { expect } from 'vitest';
import type { AnyStage } from '../../src/config/definitions.ts';
import { cloneFrame, makeFrame, type Frame, type MutableFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout, type Noise } from '../../src/model/layout.ts';
import type { Detection, Reading, Signal } from '../../src/model/signal.ts';
import { inputsOf, type Stage } from '../../src/model/stage.ts';

/** Time from one frame to the next, microseconds. */
export const PERIOD_US = 100_000;
const START_US = 1_700_000_000_000_000;
/** Counts per channel that one unit of `gain` stands for, of data that are not counts. */
const GAIN = 1.7;

/** What a signal is made from. */
export interface Circumstances {
  readonly layout: Layout;
  /** Names that the stage may look for: of slow signals, readings, stages. */
  readonly names: readonly string[];
}

/** A small generator of uniform numbers in [0, 1): mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A Poisson number by Knuth's product, in steps of 30 so that it does not underflow. */
export function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(left, 30));
    for (let product = random(); product > limit; product *= random()) count++;
  }
  return count;
}

/** Noise kinds a stage must be tried with; [undefined] when it takes no frames. */
export function noisesOf(definition: AnyStage): readonly (Noise | undefined)[] {
  return inputsOf(definition).includes('frame') ? (definition.noise?.accepts ?? ['poisson']) : [undefined];
}

export const createStage = (definition: AnyStage): Stage =>
  definition.create('law', definition.example, { framePeriodUs: PERIOD_US, assets: assetsOf(definition) });

/** Files that an example names lie in `examples/`. */
function assetsOf(definition: AnyStage): Record<string, Uint8Array> {
  const example = definition.example as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    (definition.assets ?? [])
      .filter((setting) => typeof example[setting] === 'string')
      .map((setting) => [setting, readFileSync(join('examples', example[setting] as string))]),
  );
}

/**
 * Circumstances in which the stage's own example works: the axis is the channel number, or, when that is refused,
 * one that spans the numbers of the example.
 */
export function circumstancesOf(definition: AnyStage, noise: Noise | undefined, size = 48): Circumstances {
  const names = [
    ...new Set(['statistic', 'dose', ...leaves(definition.example).filter((leaf) => typeof leaf === 'string')]),
  ];
  const numbers = leaves(definition.example).filter((leaf) => typeof leaf === 'number');
  const candidates = [[0, size - 1] as const, spanOf(numbers)].map(([low, high]) => ({
    names,
    layout: layoutOver(low, high, size, noise ?? 'poisson'),
  }));
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      const stage = createStage(definition);
      for (const signal of signalsFor(definition, candidate, 1, 1)) stage.process(signal, () => undefined);
      return candidate;
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

export function layoutOver(low: number, high: number, size: number, noise: Noise): Layout {
  const step = size > 1 ? (high - low) / (size - 1) : 0;
  return spectrumLayout(
    { name: 'channel', unit: '1', coordinates: Float64Array.from({ length: size }, (_, i) => low + i * step) },
    { quantity: noise === 'poisson' ? 'counts' : 'intensity', unit: '1', noise },
  );
}

function spanOf(numbers: readonly number[]): readonly [number, number] {
  if (numbers.length === 0) return [0, 1];
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const margin = 0.25 * (high - low) || 1;
  return [low - margin, high + margin];
}

function leaves(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

/** A frame with a hump on a flat ground, `level` counts high, with Poisson noise. */
export function frameOf({ layout, names }: Circumstances, seq: number, random: () => number, level = 40): MutableFrame {
  const gain = layout.noise === 'poisson' ? 1 : GAIN;
  const n = layout.size;
  const values = Float64Array.from(
    { length: n },
    (_, i) => gain * poisson(10 + level * Math.exp(-(((i - n / 2) / (n / 8)) ** 2)), random),
  );
  return makeFrame({
    stream: 's',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    exposureUs: PERIOD_US,
    unseenExposureUs: seq % 7 === 3 ? PERIOD_US : 0,
    layout,
    values,
    variances: layout.noise === 'poisson' ? undefined : values.map((value) => gain * Math.max(value, gain)),
    context: Object.freeze(Object.fromEntries(names.map((name, k) => [name, 1 + k + 0.1 * random()]))),
    contextAgeUs: Object.freeze(Object.fromEntries(names.map((name) => [name, 0]))),
  });
}

/** `count` steps of signals the stage takes. The frames change shape after two thirds, so that a detector has something to find. */
export function signalsFor(definition: AnyStage, circumstances: Circumstances, count: number, seed: number): Signal[] {
  const random = uniform(seed);
  const inputs = inputsOf(definition);
  const signals: Signal[] = [];
  for (let seq = 0; seq < count; seq++) {
    if (inputs.includes('frame')) signals.push(frameOf(circumstances, seq, random, seq > (2 * count) / 3 ? 90 : 40));
    if (inputs.includes('reading')) signals.push(...readingsOf(circumstances.names, seq, random));
    if (inputs.includes('detection') && random() < 0.4) signals.push(detectionOf(seq, random));
  }
  return signals;
}

function readingsOf(names: readonly string[], seq: number, random: () => number): Reading[] {
  return names.map((name) => ({
    type: 'reading',
    stream: 's',
    seq,
    timeUs: START_US + seq * PERIOD_US,
    stage: names[seq % names.length] ?? name,
    name,
    value: random() * (seq % 50 === 49 ? 50 : 1),
    unit: '1',
    quality: 'valid',
  }));
}

function detectionOf(seq: number, random: () => number): Detection {
  const timeUs = START_US + seq * PERIOD_US;
  return {
    type: 'detection',
    stream: 's',
    seq,
    timeUs,
    onsetUs: timeUs - Math.floor(random() * 5) * PERIOD_US,
    detector: 'detector',
    statistic: 5 + 5 * random(),
    threshold: 5,
    region: [3, 9],
    regionUnit: '1',
    sign: random() < 0.5 ? 1 : -1,
  };
}

/** A copy that may be kept. */
export const keep = (signal: Signal): Signal =>
  signal.type === 'frame' ? cloneFrame(signal) : structuredClone(signal);

/** All that a stage emits for these signals. */
export function run(stage: Stage, signals: readonly Signal[]): Signal[] {
  const emitted: Signal[] = [];
  for (const signal of signals) stage.process(signal, (out) => emitted.push(keep(out)));
  return emitted;
}

/** Equal to the bit. Compares bytes first, because comparing thousands of arrays one by one is slow. */
export function expectSame(got: readonly Signal[], wanted: readonly Signal[]): void {
  if (!serialize(got).equals(serialize(wanted))) expect(got).toEqual(wanted);
}

/** Is every number of it usable, or honestly marked as not? */
export function isHonest(signal: Signal): boolean {
  if (signal.type === 'reading') return Number.isFinite(signal.value) || signal.quality === 'invalid';
  if (signal.type === 'frame') return isFrameHonest(signal);
  return Number.isFinite(signal.statistic) && Number.isFinite(signal.onsetUs);
}

function isFrameHonest({ values, variances, mask }: Frame): boolean {
  return values.every(
    (value, i) => mask?.[i] === 1 || (Number.isFinite(value) && (variances === undefined || variances[i]! >= 0)),
  );
}
