import { describe, expect, it } from 'vitest';
import { createAnscombeInverse, inverseAnscombe } from '../../../src/kernel/normalisation/anscombeInverse.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Signal } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import anscombe from '../../../src/stages/stabilisation/anscombe.ts';
import emsc from '../../../src/stages/normalisation/emsc.ts';
import euclidean from '../../../src/stages/normalisation/euclidean.ts';
import maximum from '../../../src/stages/normalisation/maximum.ts';
import referencePeak from '../../../src/stages/normalisation/referencePeak.ts';
import snv from '../../../src/stages/normalisation/snv.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const n = 60;
const layout = channelLayout(n);
const random = seedXoshiro128(11, 2);
const means = Float64Array.from(
  { length: n },
  (_, i) => 80 + 700 * Math.exp(-(((i - 20) / 4) ** 2)) + 300 * Math.exp(-(((i - 42) / 5) ** 2)),
);
const counted = (): Float64Array => fillPoisson(random, means, new Float64Array(n));

function all(stage: Stage, frame: Frame): Signal[] {
  const signals: Signal[] = [];
  stage.process(frame, (signal) => signals.push(signal.type === 'frame' ? cloneFrame(signal) : signal));
  return signals;
}
const once = (stage: Stage, frame: Frame): Frame => all(stage, frame).find((signal) => signal.type === 'frame')!;

const stages: readonly (readonly [string, () => Stage])[] = [
  ['normalisation.snv', () => snv.create('a', {})],
  ['normalisation.maximum', () => maximum.create('a', { region: [18, 22] })],
  ['normalisation.euclidean', () => euclidean.create('a', {})],
  ['normalisation.referencePeak', () => referencePeak.create('a', { window: [8, 32], sides: 4 })],
];

describe.each(stages)('%s', (name, create) => {
  it('gives the same for twice the intensity, with half the relative noise squared', () => {
    const stage = create();
    const once1 = once(stage, testFrame(layout, 0, means));
    const once2 = once(
      stage,
      testFrame(
        layout,
        1,
        means.map((mean) => 2 * mean),
      ),
    );
    for (const i of [5, 30, 42]) {
      expect(once2.values[i]! / once1.values[i]!).toBeCloseTo(1, 9);
      expect(once2.variances![i]! / once1.variances![i]!).toBeCloseTo(0.5, 6);
    }
    expect(once1.layout).toMatchObject({ noise: 'gaussian', quantity: 'intensity', unit: '1' });
  });

  it('says how much its results scatter', () => {
    const stage = create();
    const draws = 4000;
    const [sum, squares, said] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    for (let seq = 0; seq < draws; seq++) {
      const { values, variances } = once(stage, testFrame(layout, seq, counted()));
      for (let i = 0; i < n; i++) {
        sum[i]! += values[i]! / draws;
        squares[i]! += values[i]! ** 2 / draws;
        said[i]! += variances![i]! / draws;
      }
    }
    const ratios = Array.from(sum, (mean, i) => (squares[i]! - mean * mean) / said[i]!);
    // The highest of several channels that compete scatters less than any.
    const usual = name === 'normalisation.maximum' ? ratios.filter((_, i) => i < 17 || i > 23) : ratios;
    expect(usual.reduce((total, ratio) => total + ratio, 0) / usual.length).toBeGreaterThan(0.95);
    expect(usual.reduce((total, ratio) => total + ratio, 0) / usual.length).toBeLessThan(1.05);
    for (const ratio of usual) expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
  });

  it('masks a frame that has nothing to divide by, and only that', () => {
    const stage = create();
    expect([...once(stage, testFrame(layout, 0, new Float64Array(n))).mask!]).toEqual(Array(n).fill(1));
    expect(once(stage, testFrame(layout, 1, means)).mask).toBeUndefined();
  });

  it('leaves a masked channel out, whatever it holds, and refuses it where it is not masked', () => {
    const broken = means.slice();
    broken[20] = NaN;
    const mask = new Uint8Array(n);
    mask[20] = 1;
    const out = once(create(), testFrame(layout, 0, broken, { mask }));
    expect(out.values.every(Number.isFinite)).toBe(true);
    expect(out.mask![20]).toBe(1);
    expect(() => once(create(), testFrame(layout, 0, broken))).toThrow('[20] is NaN, expected a finite number');
  });
});

describe('normalisation.referencePeak', () => {
  it('refuses a window without room for its background, and one outside the axis', () => {
    expect(() => once(referencePeak.create('a', { window: [1, 9] }), testFrame(layout, 0, means))).toThrow(
      'window 1 to 9 has 1 and 50 channels beside it, expected 3 on either side',
    );
    expect(() => once(referencePeak.create('a', { window: [70, 90] }), testFrame(layout, 0, means))).toThrow(
      'no channel between 70 and 90',
    );
  });
});

describe('normalisation.emsc', () => {
  const settings = { learn: 3, order: 1 };
  const learn = (stage: Stage): void => {
    for (let seq = 0; seq < 3; seq++) all(stage, testFrame(layout, seq, means));
  };

  it('withholds the frames it learns from, and says how far it is', () => {
    const stage = emsc.create('a', settings);
    expect(all(stage, testFrame(layout, 0, means))).toMatchObject([{ name: 'learning', value: 1 / 3 }]);
  });

  it('takes gain and baseline away and leaves what is new', () => {
    const stage = emsc.create('a', settings);
    learn(stage);
    const changed = means.map((mean, i) => 1.6 * mean + 200 - 2 * i + (i === 55 ? 16 : 0));
    const [scale, frame] = all(stage, testFrame(layout, 3, changed)) as [Signal & { value: number }, Frame];
    expect(scale).toMatchObject({ name: 'scale', quality: 'valid' });
    expect(scale.value).toBeCloseTo(1.6, 2);
    expect(frame.values[55]! - means[55]!).toBeGreaterThan(8);
    for (const i of [5, 20, 42]) expect(Math.abs(frame.values[i]! - means[i]!)).toBeLessThan(2);
  });

  it('masks a frame that holds nothing of the reference, and says that its scale is none', () => {
    const stage = emsc.create('a', settings);
    learn(stage);
    const [scale, frame] = all(stage, testFrame(layout, 3, new Float64Array(n))) as [Signal, Frame];
    expect(scale).toMatchObject({ value: 0, quality: 'invalid' });
    expect(frame.mask!.every((bit) => bit === 1)).toBe(true);
  });

  it('knows an interferent by its file', () => {
    const water = Array.from({ length: n }, (_, i) => `${i} ${Math.exp(-(((i - 50) / 2) ** 2))}`).join('\n');
    const assets = { interferent: new TextEncoder().encode(water) };
    const stage = emsc.create('a', { ...settings, interferent: 'water.txt' }, { assets });
    learn(stage);
    const wet = means.map((mean, i) => mean + 150 * Math.exp(-(((i - 50) / 2) ** 2)));
    expect(once(stage, testFrame(layout, 3, wet)).values[50]).toBeCloseTo(means[50]!, 6);
  });
});

describe('stabilisation.anscombe', () => {
  it('gives numbers whose variance is 1, and turns their mean back without bias', () => {
    const stage = anscombe.create('a', {});
    const draws = 3000;
    let [sum, squares] = [0, 0];
    let layoutThen = layout;
    for (let seq = 0; seq < draws; seq++) {
      const frame = once(stage, testFrame(layout, seq, counted()));
      layoutThen = frame.layout;
      sum += frame.values[0]! / draws;
      squares += frame.values[0]! ** 2 / draws;
    }
    expect(Math.abs(squares - sum * sum - 1)).toBeLessThan(0.1);
    const inverse = createAnscombeInverse();
    const mean = inverseAnscombe(Float64Array.of(sum), { inverse }, new Float64Array(1))[0]!;
    expect(Math.abs(mean - means[0]!)).toBeLessThan(4 * Math.sqrt(means[0]! / draws));
    expect(layoutThen).toMatchObject({ quantity: 'stabilised counts', noise: 'gaussian' });
    const back = anscombe.create('b', { direction: 'inverse' });
    const frame = testFrame(layoutThen, 0, new Float64Array(n).fill(sum), { variances: new Float64Array(n).fill(1) });
    const { values, variances, layout: after } = once(back, frame);
    expect(values[0]).toBeCloseTo(mean, 9);
    expect(Math.abs(variances![0]! / means[0]! - 1)).toBeLessThan(0.02);
    expect(after.quantity).toBe('counts');
  });

  it('refuses data of unknown gain, and to turn back what never was transformed', () => {
    const unknown = channelLayout(n, 'unknown');
    expect(() => once(anscombe.create('a', {}), testFrame(unknown, 0, means))).toThrow(
      'needs the gain of unknown data',
    );
    expect(() => once(anscombe.create('a', { direction: 'inverse' }), testFrame(layout, 0, means))).toThrow(
      'turns stabilised counts back, got counts',
    );
    expect(() => once(anscombe.create('a', { gain: 2 }), testFrame(layout, 0, means))).toThrow(
      'takes raw counts as they are',
    );
  });
});
