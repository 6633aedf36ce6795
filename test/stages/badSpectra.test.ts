import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { stageDefinitions, type AnyStage } from '../../src/config/definitions.ts';
import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { explainError } from '../../src/model/error.ts';
import { cloneFrame, type Frame, type MutableFrame } from '../../src/model/frame.ts';
import type { Layout, Noise } from '../../src/model/layout.ts';
import type { Reading, Signal } from '../../src/model/signal.ts';
import { inputsOf } from '../../src/model/stage.ts';
import { throughStage } from '../../src/pipeline/throughStage.ts';
import { layoutOver } from '../laws/signals.ts';
import { testFrame } from '../support/frames.ts';

const FAMILIES =
  /^(background|calibration|alignment|normalisation|peaks|transfer|stabilisation|quantification|reduce)\./;
const stages = stageDefinitions.filter(
  ({ kind, input }) => FAMILIES.test(kind) && inputsOf({ input }).includes('frame'),
);
const SIZE = 80;
/** Frames before the bad one: everything is learned. */
const GOOD = 25;
const CHANNEL = 26;

/** What the bad frame was answered with. */
interface Answer {
  /** The sentence, with its causes; null: none. */
  readonly error: string | null;
  readonly frames: readonly Frame[];
  readonly readings: readonly Reading[];
}

/** Counts of two lines and a step on a falling background, for which every example is made. */
function countsOn(layout: Layout, seq: number): MutableFrame {
  const line = (i: number, at: number, width: number) => Math.exp(-0.5 * ((i - at) / width) ** 2);
  const means = Float64Array.from(
    { length: layout.size },
    (_, i) => 20 + 200 * Math.exp(-i / 30) + 400 * line(i, 24, 4) + 200 * line(i, 34, 3) + (i > 24 ? 30 : 0),
  );
  const values = fillPoisson(seedXoshiro128(3, seq), means, means);
  return testFrame(layout, seq, values, {
    context: { I0: 1 },
    contextAgeUs: { I0: 0 },
    variances: layout.noise === 'poisson' ? undefined : values.map((value) => Math.max(value, 1)),
  });
}

/** What a stage, with the settings of its example, answers to the last of these frames; `given` is in its files. */
function answerTo(stage: AnyStage, frames: readonly Frame[], given?: string): Answer {
  const example = stage.example as Readonly<Record<string, unknown>>;
  const assets = Object.fromEntries(
    (stage.assets ?? [])
      .filter((name) => typeof example[name] === 'string')
      .map((name) => [
        name,
        given === undefined ? readFileSync(join('examples', example[name] as string)) : new TextEncoder().encode(given),
      ]),
  );
  let error: string | null = null;
  const signals: Signal[] = [];
  const input$ = new Subject<Signal>();
  input$.pipe(throughStage(stage.create('node', example, { framePeriodUs: 100_000, assets }))).subscribe({
    next: (signal) => signals.push(signal.type === 'frame' ? cloneFrame(signal) : { ...signal }),
    error: (cause: unknown) => (error = explainError(cause)),
  });
  for (const frame of frames) input$.next(frame);
  const last = frames.at(-1)!.seq;
  const ofLast = signals.filter(({ seq }) => seq === last);
  return {
    error,
    frames: ofLast.filter((signal): signal is Frame => signal.type === 'frame'),
    readings: ofLast.filter((signal): signal is Reading => signal.type === 'reading'),
  };
}

/** Good frames, then a bad one. */
const thenBad = (noise: Noise, spoil: (frame: MutableFrame) => void, layout = layoutOver(0, SIZE - 1, SIZE, noise)) =>
  Array.from({ length: GOOD + 1 }, (_, seq) => {
    const frame = countsOn(layout, seq);
    if (seq === GOOD) spoil(frame);
    return frame;
  });

/** Whether settings name places on the axis: a pair of numbers, or what a position is called. */
const namesPlaces = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number')) ||
    'position' in value ||
    'reference' in value ||
    Object.values(value).some(namesPlaces));

const usable = (frame: Frame): number[] => [...frame.values.keys()].filter((i) => frame.mask?.[i] !== 1);

/** Every number that may be used is one, and so is its error. */
function expectNumbers({ frames, readings }: Answer): void {
  for (const frame of frames)
    for (const i of usable(frame)) {
      expect(Number.isFinite(frame.values[i]), `values[${i}] is ${frame.values[i]}`).toBe(true);
      const variance = frame.variances?.[i] ?? 0;
      expect(variance >= 0 && variance < Infinity, `variances[${i}] is ${variance}`).toBe(true);
    }
  for (const { name, value, standardError = 0, systematicError = 0 } of readings) {
    expect(Number.isFinite(value), `${name} is ${value}`).toBe(true);
    expect(standardError >= 0 && systematicError >= 0, `${name} is off by ${standardError}`).toBe(true);
  }
}

/** No channel may be used, and every reading says that it is not one. */
function expectFlagged({ frames, readings }: Answer): void {
  for (const frame of frames) expect(usable(frame)).toEqual([]);
  expect(readings.filter(({ quality }) => quality === 'valid').map(({ name, value }) => `${name} ${value}`)).toEqual(
    [],
  );
}

const masked = (frame: MutableFrame, ...channels: number[]): void => {
  frame.mask = Uint8Array.from(frame.values, (_, i) => (channels.includes(i) ? 1 : 0));
};
const every = [...Array(SIZE).keys()];

it('knows the stages', () => expect(stages.length).toBeGreaterThan(20));

describe.each(stages.map((stage) => [stage.kind, stage] as const))('%s', (_kind, stage) => {
  const noises = stage.noise!.accepts.filter((noise) => noise !== 'unknown');

  it.each(noises)('refuses a number that is none, and names itself and the channel: %s', (noise) => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const { error } = answerTo(
        stage,
        thenBad(noise, ({ values }) => (values[CHANNEL] = value)),
      );
      expect(error).toMatch(/^node: /);
      expect(error).toContain(`values[${CHANNEL}] is ${value}`);
    }
  });

  it.each(noises.filter((noise) => noise !== 'poisson'))('refuses a variance that is none: %s', (noise) => {
    for (const value of [NaN, -1, Infinity]) {
      const { error } = answerTo(
        stage,
        thenBad(noise, ({ variances }) => (variances![CHANNEL] = value)),
      );
      expect(error).toMatch(new RegExp(`^node: variances\\[${CHANNEL}\\] is ${value}`));
    }
  });

  it.each(noises)('does not look at what a masked channel holds: %s', (noise) => {
    const answer = answerTo(
      stage,
      thenBad(noise, (frame) => {
        masked(frame, CHANNEL);
        frame.values[CHANNEL] = NaN;
        if (frame.variances !== undefined) frame.variances[CHANNEL] = NaN;
      }),
    );
    expect(answer.error).toBeNull();
    expect(answer.frames.length + answer.readings.length).toBeGreaterThan(0);
    expectNumbers(answer);
    const other = answerTo(
      stage,
      thenBad(noise, (frame) => {
        masked(frame, CHANNEL);
        frame.values[CHANNEL] = 1e6;
        if (frame.variances !== undefined) frame.variances[CHANNEL] = 1e6;
      }),
    );
    expect(answer.readings).toEqual(other.readings);
    for (const [k, frame] of answer.frames.entries())
      for (const i of usable(frame)) expect(frame.values[i]).toBe(other.frames[k]!.values[i]);
  });

  it.each(noises)('flags a frame of which every channel is masked: %s', (noise) => {
    const answer = answerTo(
      stage,
      thenBad(noise, (frame) => masked(frame, ...every)),
    );
    expect(answer.error).toBeNull();
    expectNumbers(answer);
    expectFlagged(answer);
  });

  it.each(noises)('gives numbers of a spectrum of zeros, or says that there are none: %s', (noise) => {
    const answer = answerTo(
      stage,
      thenBad(noise, ({ values, variances }) => {
        values.fill(0);
        variances?.fill(0);
      }),
    );
    expect(answer.error).toBeNull();
    expectNumbers(answer);
  });

  it.each(noises)('takes one channel, or says how many it needs: %s', (noise) => {
    const answer = answerTo(
      stage,
      thenBad(noise, () => undefined, layoutOver(24, 24, 1, noise)),
    );
    if (answer.error !== null) expect(answer.error).toMatch(/^node: .*\d/s);
    expectNumbers(answer);
  });

  it('refuses an axis that falls, or stands still, and says where', () => {
    const layout = layoutOver(0, SIZE - 1, SIZE, noises[0]!);
    const fallen = layout.axes[0]!.coordinates.slice();
    fallen[30] = fallen[29]!;
    for (const coordinates of [fallen, layout.axes[0]!.coordinates.slice().reverse()]) {
      const axes = [{ ...layout.axes[0]!, coordinates }];
      const { error } = answerTo(
        stage,
        thenBad(noises[0]!, () => undefined, { ...layout, axes }),
      );
      expect(error).toMatch(/^node: axis channel does not increase at (1|30): \d+ then \d+$/);
    }
  });

  it('refuses a part of the axis that the axis does not have, and says what it has', () => {
    const elsewhere = layoutOver(5000, 5000 + SIZE - 1, SIZE, noises[0]!);
    const bad = thenBad(noises[0]!, () => undefined, elsewhere);
    if (namesPlaces(stage.example)) {
      expect(answerTo(stage, bad).error).toMatch(/^node: .*5000.*/s);
      expect(answerTo(stage, bad).error).toMatch(/5079|expected|it has/);
    }
    if ('region' in stage.config.shape) {
      const region = { ...(stage.example as object), region: [20, 60] };
      const { error } = answerTo({ ...stage, example: region }, bad);
      expect(error).toMatch(/^node: .*5000/s);
    }
  });

  it.each(stage.assets ?? [])('refuses an empty %s, and one that holds nothing', (name) => {
    const example = { ...(stage.example as object), [name]: 'given.txt' };
    const zeros = Array.from({ length: SIZE }, (_, i) => `${i} 0`).join('\n');
    for (const text of ['', zeros]) {
      const settings = stage.config.safeParse(example).success ? example : { [name]: 'given.txt' };
      const answer = answerTo(
        { ...stage, example: settings },
        thenBad(noises[0]!, () => undefined),
        text,
      );
      if (answer.error === null) expectFlagged(answer);
      else expect(answer.error).toMatch(/^node: /);
    }
  });

  it('learns nothing from frames without a count, nor from masked ones', () => {
    for (const spoil of [
      (frame: MutableFrame) => void frame.values.fill(0),
      (frame: MutableFrame) => masked(frame, ...every),
    ]) {
      const frames = thenBad(noises[0]!, () => undefined);
      const late = frames.map((frame) => ({ ...cloneFrame(frame), seq: frame.seq + 20 }));
      const begun = Array.from({ length: 20 }, (_, seq) => {
        const frame = countsOn(frames[0]!.layout, seq);
        spoil(frame);
        return frame;
      });
      const [answer, other] = [answerTo(stage, [...begun, ...late]), answerTo(stage, late)];
      expect(answer.error).toBeNull();
      expect(answer.frames.map(({ mask }) => mask)).toEqual(other.frames.map(({ mask }) => mask));
      expect(answer.readings.map(({ name, quality }) => [name, quality])).toEqual(
        other.readings.map(({ name, quality }) => [name, quality]),
      );
    }
  });
});
