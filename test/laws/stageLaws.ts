import { serialize } from 'node:v8';
import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import type { AnyStage } from '../../src/config/definitions.ts';
import { MonitorError } from '../../src/model/error.ts';
import type { Frame, MutableFrame } from '../../src/model/frame.ts';
import type { Noise } from '../../src/model/layout.ts';
import type { Signal } from '../../src/model/signal.ts';
import { inputsOf, type Stage, type StageSnapshot } from '../../src/model/stage.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/pipeline/checkpoint.ts';
import { countBuffers } from './allocations.ts';
import {
  circumstancesOf,
  createStage,
  expectSame,
  frameOf,
  isHonest,
  keep,
  layoutOver,
  noisesOf,
  run,
  signalsFor,
  uniform,
} from './signals.ts';

/** A law: a sentence, and what throws when it is broken. */
export interface Law {
  readonly name: string;
  check(definition: AnyStage): void;
}

const RUNS = { numRuns: 6, seed: 20_260 };
/** Frames after which a stage has learned what it learns and made what it makes. */
const SETTLED = 600;

const forEachNoise = (definition: AnyStage, check: (noise: Noise | undefined) => void): void =>
  noisesOf(definition).forEach(check);
const takesFrames = (definition: AnyStage): boolean => inputsOf(definition).includes('frame');

/** A sequence of signals of any length, content and place to cut. */
const sequence = fc.record({ seed: fc.nat(), count: fc.integer({ min: 2, max: 160 }), at: fc.nat() });

function throughFile(snapshot: StageSnapshot): StageSnapshot {
  const bytes = encodeCheckpoint({
    format: 1,
    configDigest: 'law',
    position: {},
    slowSamples: [],
    stages: { law: snapshot },
  });
  const read = decodeCheckpoint(bytes).stages['law'];
  if (read === undefined) throw new Error('the checkpoint has lost its stage');
  return read;
}

/** The same signal in the same buffers, as a stream lends them. */
function lend(signal: Signal, buffers: Map<string, Float64Array>): Signal {
  if (signal.type !== 'frame') return { ...signal };
  const refill = (name: string, from: Float64Array | undefined): Float64Array | undefined => {
    if (from === undefined) return undefined;
    const buffer = buffers.get(name) ?? new Float64Array(from.length);
    buffers.set(name, buffer);
    buffer.set(from);
    return buffer;
  };
  const lent = { ...signal, values: refill('values', signal.values), variances: refill('variances', signal.variances) };
  return lent as Frame;
}

/** Makes what was lent unusable. */
function poison(signal: Signal): void {
  const fields = signal as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Float64Array) value.fill(NaN);
    else if (value instanceof Uint8Array) value.fill(1);
    else if (typeof value === 'number') fields[key] = NaN;
  }
}

function surviving(definition: AnyStage, noise: Noise | undefined, change: (frame: MutableFrame) => void): void {
  const circumstances = circumstancesOf(definition, noise);
  const random = uniform(5);
  const stage = createStage(definition);
  for (let seq = 0; seq < 80; seq++) {
    const frame = frameOf(circumstances, seq, random);
    if (seq % 20 > 12) change(frame);
    for (const signal of run(stage, [frame]))
      expect(isHonest(signal), `${describeSignal(signal)} of frame ${seq}`).toBe(true);
  }
}

function describeSignal(signal: Signal): string {
  return signal.type === 'reading' ? `reading ${signal.name} = ${signal.value}` : signal.type;
}

const frameLaw = (name: string, change: (frame: MutableFrame) => void): Law => ({
  name,
  check(definition) {
    if (takesFrames(definition)) forEachNoise(definition, (noise) => surviving(definition, noise, change));
  },
});

const masked = (frame: MutableFrame, value: number): void => {
  frame.mask = new Uint8Array(frame.layout.size).fill(value);
};

/** The laws every stage keeps, without exception. */
export const STAGE_LAWS: readonly Law[] = [
  {
    name: 'gives the same signals when replayed',
    check: (definition) =>
      forEachNoise(definition, (noise) => {
        const circumstances = circumstancesOf(definition, noise);
        fc.assert(
          fc.property(sequence, ({ seed, count }) => {
            const signals = signalsFor(definition, circumstances, count, seed);
            expectSame(run(createStage(definition), signals), run(createStage(definition), signals));
          }),
          RUNS,
        );
      }),
  },
  {
    name: 'continues unchanged from any checkpoint, read back from its file',
    check: (definition) =>
      forEachNoise(definition, (noise) => {
        const circumstances = circumstancesOf(definition, noise);
        fc.assert(
          fc.property(sequence, ({ seed, count, at }) => {
            const signals = signalsFor(definition, circumstances, count, seed);
            const cut = at % (signals.length + 1);
            const first = createStage(definition);
            const head = run(first, signals.slice(0, cut));
            const second = createStage(definition);
            second.restore(throughFile(first.snapshot()));
            expectSame([...head, ...run(second, signals.slice(cut))], run(createStage(definition), signals));
          }),
          RUNS,
        );
      }),
  },
  {
    name: 'neither changes nor keeps what it is lent',
    check: (definition) =>
      forEachNoise(definition, (noise) => {
        const circumstances = circumstancesOf(definition, noise);
        fc.assert(
          fc.property(sequence, ({ seed, count }) => {
            const signals = signalsFor(definition, circumstances, count, seed);
            const stage = createStage(definition);
            const buffers = new Map<string, Float64Array>();
            const emitted: Signal[] = [];
            for (const signal of signals) {
              const lent = lend(signal, buffers);
              stage.process(lent, (out) => emitted.push(keep(out)));
              expectSame([lent], [signal]);
              poison(lent);
            }
            expectSame(emitted, run(createStage(definition), signals));
          }),
          RUNS,
        );
      }),
  },
  {
    name: 'emits only what it declares, under its own name, with honest numbers',
    check: (definition) =>
      forEachNoise(definition, (noise) => {
        const signals = signalsFor(definition, circumstancesOf(definition, noise), 300, 7);
        for (const signal of run(createStage(definition), signals)) {
          expect(definition.outputs).toContain(signal.type);
          expect(isHonest(signal), describeSignal(signal)).toBe(true);
          expect(signal.stream).toBe('s');
          if (signal.type === 'reading') expect(signal.stage).toBe('law');
          if (signal.type === 'detection') expect(signal.detector).toBe('law');
          if (signal.type === 'alert') expect(signal.rule).toBe('law');
          if (signal.type === 'frame') expect(signal.values.length).toBe(signal.layout.size);
        }
      }),
  },
  frameLaw('survives frames without a single count', ({ values, variances }) => {
    values.fill(0);
    variances?.fill(0);
  }),
  frameLaw('survives frames of which every channel is masked', (frame) => masked(frame, 1)),
  frameLaw('survives huge counts', ({ values, variances }) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * 1e11;
    variances?.forEach((variance, i) => (variances[i] = variance * 1e11));
  }),
  frameLaw('survives an exposure of no length', (frame) => {
    frame.exposureUs = 0;
  }),
  {
    name: 'survives a change of layout, and one channel, or refuses that in words',
    check(definition) {
      if (!takesFrames(definition)) return;
      forEachNoise(definition, (noise) => {
        const circumstances = circumstancesOf(definition, noise);
        const wide = circumstancesOf(definition, noise, 72);
        const axis = circumstances.layout.axes[0]!.coordinates;
        const middle = axis[axis.length >> 1]!;
        const single = { ...circumstances, layout: layoutOver(middle, middle, 1, noise ?? 'poisson') };
        const random = uniform(11);
        const stage = createStage(definition);
        for (const place of [circumstances, wide, circumstances]) feed(stage, place, random);
        try {
          feed(stage, single, random);
        } catch (error) {
          expect(error instanceof RangeError || error instanceof MonitorError, String(error)).toBe(true);
        }
        feed(stage, circumstances, random);
      });
    },
  },
  {
    name: 'has an example and defaults that parse, and describes every setting',
    check(definition) {
      definition.config.parse(definition.example);
      expect(definition.summary).toMatch(/^[A-Z0-9].*[^.]\.$/s);
      expect(Number.isInteger(definition.version) && definition.version >= 1).toBe(true);
      const bare = definition.config.safeParse({});
      // Without any setting, only settings may be missing: defaults must go together.
      const wrong = (bare.error?.issues ?? []).filter((issue) => issue.path.length !== 1);
      expect(wrong).toEqual([]);
      const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any', reused: 'inline' });
      const silent = Object.entries(schema.properties ?? {}).filter(
        ([, setting]) => typeof setting === 'boolean' || setting.description === undefined,
      );
      expect(silent.map(([name]) => name)).toEqual([]);
    },
  },
  {
    name: 'keeps the size of its state over 5 000 frames',
    check(definition) {
      const noise = noisesOf(definition)[0];
      const circumstances = circumstancesOf(definition, noise, 16);
      const signals = signalsFor(definition, circumstances, 500, 3);
      const stage = createStage(definition);
      const sizes: number[] = [];
      for (let round = 0; round < 10; round++) {
        for (const signal of signals) stage.process(later(signal, round * 500), () => undefined);
        sizes.push(serialize(stage.snapshot().state).byteLength);
      }
      // Numbers that no longer fit an integer take a few bytes more; a list that grows takes many.
      expect(sizes.at(-1)!, `bytes after every 500 frames: ${sizes.join(', ')}`).toBeLessThanOrEqual(
        sizes[4]! * 1.05 + 256,
      );
    },
  },
  {
    name: 'says which noise it accepts, if it takes frames',
    check(definition) {
      if (!takesFrames(definition)) return;
      expect(definition.noise?.accepts.length ?? 0).toBeGreaterThan(0);
    },
  },
  {
    name: 'makes no array buffer per frame once it has settled',
    check: (definition) =>
      forEachNoise(definition, (noise) => {
        const circumstances = circumstancesOf(definition, noise);
        const signals = signalsFor(definition, circumstances, SETTLED + 200, 13);
        const stage = createStage(definition);
        const settling = (signals.length * SETTLED) / (SETTLED + 200);
        for (const signal of signals.slice(0, settling)) stage.process(signal, () => undefined);
        const rest = signals.slice(settling);
        expect(countBuffers(() => rest.forEach((signal) => stage.process(signal, () => undefined)))).toBe(0);
      }),
  },
];

function feed(stage: Stage, place: Parameters<typeof frameOf>[0], random: () => number): void {
  for (let seq = 0; seq < 12; seq++)
    for (const signal of run(stage, [frameOf(place, seq, random)]))
      expect(isHonest(signal), describeSignal(signal)).toBe(true);
}

/** The same signal, some frames later. */
function later(signal: Signal, frames: number): Signal {
  const timeUs = signal.timeUs + frames * 100_000;
  const moved = { ...signal, seq: signal.seq + frames, timeUs };
  return moved.type === 'detection' ? { ...moved, onsetUs: moved.onsetUs + frames * 100_000 } : moved;
}
