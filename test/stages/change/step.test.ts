import { describe, expect, it } from 'vitest';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Frame } from '../../../src/model/frame.ts';
import { serialiseBaseline } from '../../../src/model/baseline.ts';
import { OPERATOR_ACCEPT } from '../../../src/model/operatorAct.ts';
import type { Signal } from '../../../src/model/signal.ts';
import step from '../../../src/stages/change/step.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const SIZE = 128;
const layout = channelLayout(SIZE);
const line = (i: number, at: number, height: number) => height * Math.exp(-0.5 * ((i - at) / 2.5) ** 2);

/** Frames of two lines on a background; gain swings by 20 %, the axis drifts by `drift` channels in all. */
function frames(count: number, level: number, { seed = 5, drift = 0, peakFrom = Infinity } = {}): Frame[] {
  const random = seedXoshiro128(seed, 0);
  return Array.from({ length: count }, (_, k) => {
    const gain = 1 + 0.2 * Math.sin(k / 40);
    const shift = (drift * k) / count;
    const means = Float64Array.from({ length: SIZE }, (__, i) => {
      const known = 1 + line(i + shift, 30, 6) + line(i + shift, 70, 4);
      return gain * level * (known + (k >= peakFrom ? line(i + shift, 100, 3) : 0));
    });
    return testFrame(layout, k, fillPoisson(random, means, means));
  });
}

function signalsOf(stage: ReturnType<typeof step.create>, from: readonly Frame[]): Signal[] {
  const signals: Signal[] = [];
  for (const frame of from) stage.process(frame, (signal) => signals.push(structuredClone(signal)));
  return signals;
}
const detections = (signals: readonly Signal[]) => signals.filter((signal) => signal.type === 'detection');
const statistics = (signals: readonly Signal[]) =>
  signals.flatMap((signal) => (signal.type === 'reading' && signal.name === 'statistic' ? [signal.value] : []));

describe('change.step', () => {
  it.each([
    [0.05, 0],
    [0.5, 0],
    [5, 2],
    [500, 2],
  ])(
    'keeps the false-alarm rate at %d counts per channel under gain and %d channels of drift',
    (level, drift) => {
      const setting = {
        learn: 100,
        ignore: ['gain' as const, 'shift' as const],
        falseAlarms: { onePer: { frames: 500 } },
      };
      const found = detections(signalsOf(step.create('c', setting), frames(3100, level, { drift })));
      // 6 are expected; 14 or more have a chance of 0.4 %.
      expect(found.length).toBeLessThan(14);
    },
    60_000,
  );

  it('neither cries wolf nor sleeps where the reference itself has two counts per channel', () => {
    const setting = {
      learn: 20,
      ignore: ['gain' as const, 'shift' as const, 'slope' as const],
      falseAlarms: { onePer: { frames: 100 } },
    };
    const found = detections(signalsOf(step.create('c', setting), frames(3020, 0.1)));
    // 30 are expected; the scan of so few counts hardly reaches its share, the chi-square does.
    expect(found.length).toBeGreaterThan(8);
    expect(found.length).toBeLessThan(45);
  }, 60_000);

  it('finds a new line in its first frame and says where, in which sense and since when', () => {
    const found = detections(signalsOf(step.create('c', { learn: 50 }), frames(130, 50, { peakFrom: 120 })));
    expect(found[0]).toMatchObject({ seq: 120, sign: 1, detector: 'c', regionUnit: '1' });
    expect(found[0]!.region![0]).toBeGreaterThan(92);
    expect(found[0]!.region![1]).toBeLessThan(108);
    expect(found[0]!.onsetUs).toBe(found[0]!.timeUs);
    expect(found[0]!.averageRunLength).toBeCloseTo(10_000, -1);
  });

  it('shows the expected spectrum with the variance of the residual', () => {
    const input = frames(80, 50);
    const shown = signalsOf(step.create('c', { learn: 50 }), input).filter((signal) => signal.type === 'frame');
    const { values, variances, seq } = shown.at(-1)!;
    const square = (i: number) => (input[seq]!.values[i]! - values[i]!) ** 2 / variances![i]!;
    const mean = Array.from({ length: SIZE }, (_, i) => square(i)).reduce((a, b) => a + b) / SIZE;
    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(1.5);
  });

  it('continues bit by bit after a checkpoint, with a drifting axis', () => {
    const setting = { learn: 30, window: 3, ignore: ['shift' as const] };
    const input = frames(90, 20, { drift: 2, peakFrom: 70 });
    const whole = step.create('c', setting);
    const expected = signalsOf(whole, input).filter(({ seq }) => seq >= 60);
    const before = step.create('c', setting);
    signalsOf(before, input.slice(0, 60));
    const after = step.create('c', setting);
    after.restore(before.snapshot());
    expect(signalsOf(after, input.slice(60))).toEqual(expected);
  });

  it.each(['counts', 'learned'] as const)(
    'judges from the first frame against a baseline file, as if it had learned it (noise %s)',
    (noise) => {
      const input = frames(150, 50, { peakFrom: 120 });
      const sum = new Float64Array(SIZE);
      const sumOfSquares = new Float64Array(SIZE);
      for (const { values } of input.slice(0, 100))
        for (let i = 0; i < SIZE; i++) {
          sum[i]! += values[i]!;
          sumOfSquares[i]! += values[i]! ** 2;
        }
      const baseline = serialiseBaseline({
        axis: { unit: layout.axes[0]!.unit, centres: layout.axes[0]!.coordinates },
        noise: 'poisson',
        frames: 100,
        exposureUs: 100 * input[0]!.exposureUs,
        sum,
        sumOfSquares,
        madeFrom: 'the first 100 frames',
      });
      const given = step.create('c', { noise, baseline: 'quiet.json' }, { assets: { baseline } });
      const signals = signalsOf(given, input.slice(100));
      expect(signals[0]).toMatchObject({ type: 'reading', name: 'statistic', seq: 100 });
      expect(detections(signals)[0]?.seq).toBe(120);
      if (noise === 'learned') return;
      const learning = signalsOf(step.create('c', { noise, learn: 100 }), input);
      expect(statistics(signals)).toEqual(statistics(learning));
    },
  );

  it('refuses a baseline beside a sliding reference', () => {
    expect(() => step.create('c', { reference: { previous: 4 }, baseline: 'quiet.json' })).toThrow(/no baseline/);
  });

  it('keeps changed frames out of a learned reference', () => {
    const flash = frames(60, 50, { peakFrom: 0, seed: 9 });
    const input = frames(130, 50, { peakFrom: 110 }).map((frame, k) => (k >= 20 && k < 24 ? flash[k]! : frame));
    const found = detections(signalsOf(step.create('c', { learn: 50 }), input));
    expect(found[0]?.seq).toBe(110);
  });

  it('takes a new line for normal once the operator has accepted it, and finds the next', () => {
    const accepted = { [OPERATOR_ACCEPT]: 1 };
    const input = frames(200, 50, { peakFrom: 80 }).map((frame, k) =>
      k >= 100
        ? {
            ...frame,
            context: accepted,
            values: k >= 180 ? frame.values.map((v, i) => v + (i === 15 ? 200 : 0)) : frame.values,
          }
        : frame,
    );
    const signals = signalsOf(step.create('c', { learn: 50 }), input);
    const found = detections(signals).map(({ seq }) => seq);
    expect(found.filter((seq) => seq < 180)).toEqual(Array.from({ length: 20 }, (_, k) => 80 + k));
    expect(found.filter((seq) => seq >= 180)).toHaveLength(20);
    const learning = signals.flatMap((s) => (s.type === 'reading' && s.name === 'learning' ? [[s.seq, s.value]] : []));
    expect(learning).toHaveLength(100);
    expect([learning[0], learning[49], learning[50], learning[99]]).toEqual([
      [0, 0.02],
      [49, 1],
      [100, 0.02],
      [149, 1],
    ]);
  });
});
