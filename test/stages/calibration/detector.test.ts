import { describe, expect, it } from 'vitest';
import { deadTimeFactor } from '../../../src/kernel/calibration/deadTime.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { nextUniform } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Reading, Signal } from '../../../src/model/signal.ts';
import deadTime from '../../../src/stages/calibration/deadTime.ts';
import flatField from '../../../src/stages/calibration/flatField.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const blank = () => ({ factor: 1, variance: 1, isBeyond: false });
const keep = (signals: Signal[]) => (signal: Signal) =>
  signals.push(signal.type === 'frame' ? cloneFrame(signal) : signal);
const framesOf = (signals: readonly Signal[]): Frame[] => signals.filter((each) => each.type === 'frame');
const readingsOf = (signals: readonly Signal[]): Reading[] => signals.filter((each) => each.type === 'reading');

/** Counts of a detector that is busy for `tau` after each pulse (or each arrival), of arrivals at `rate` over `time`. */
function counted(rate: number, time: number, tau: number, isParalysable: boolean, random: () => number): number {
  let now = 0;
  let free = 0;
  let count = 0;
  for (;;) {
    now -= Math.log(1 - random()) / rate;
    if (now > time) return count;
    if (now >= free) {
      count++;
      free = now + tau;
    } else if (isParalysable) free = now + tau;
  }
}

describe('dead time', () => {
  it.each(['nonParalysable', 'paralysable'] as const)(
    'of a %s detector: rate and scatter as a simulated one has them',
    (model) => {
      const random = seedXoshiro128(8, 0);
      const rate = 2e5;
      const tau = 1e-6;
      const time = 0.005;
      const estimates: number[] = [];
      let variance = 0;
      for (let k = 0; k < 1500; k++) {
        const count = counted(rate, time, tau, model === 'paralysable', () => nextUniform(random));
        const found = deadTimeFactor(count / time, tau, model, blank());
        estimates.push(count * found.factor);
        variance += (count * found.variance) / 1500;
      }
      const mean = estimates.reduce((sum, each) => sum + each, 0) / 1500;
      const spread = estimates.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 1499;
      expect(Math.abs(mean / (rate * time) - 1)).toBeLessThan(0.004);
      expect(spread / variance).toBeGreaterThan(0.86);
      expect(spread / variance).toBeLessThan(1.14);
    },
  );

  it('inverts what it is made from, and knows where a detector says nothing', () => {
    for (const share of [0, 1e-9, 0.1, 0.5, 0.9]) {
      expect(deadTimeFactor(share * Math.exp(-share), 1, 'paralysable', blank()).factor).toBeCloseTo(
        Math.exp(share),
        9,
      );
      expect(deadTimeFactor(share / (1 + share), 1, 'nonParalysable', blank()).factor).toBeCloseTo(1 + share, 9);
    }
    expect(deadTimeFactor(1, 1, 'nonParalysable', blank()).isBeyond).toBe(true);
    expect(deadTimeFactor(0.4, 1, 'paralysable', blank()).isBeyond).toBe(true);
    expect(() => deadTimeFactor(-1, 1, 'paralysable', blank())).toThrow(
      expect.objectContaining({ reason: 'OutOfRange' }) as Error,
    );
  });
});

describe('calibration.deadTime', () => {
  const layout = channelLayout(4);
  const run = (settings: Parameters<typeof deadTime.create>[1], values: number[], more = {}): Signal[] => {
    const signals: Signal[] = [];
    deadTime
      .create('d', settings)
      .process(testFrame(layout, 0, Float64Array.from(values), { exposureUs: 1e6, ...more }), keep(signals));
    return signals;
  };

  it('corrects a whole spectrum by its total rate, or each channel by its own', () => {
    const [whole] = framesOf(run({ deadTimeUs: 1 }, [1e5, 5e4, 5e4, 0]));
    expect(whole!.values[0]).toBeCloseTo(1.25e5, 6);
    expect(whole!.variances![0]).toBeCloseTo(1e5 * 1.25 ** 2, 6);
    expect(whole!.layout.noise).toBe('gaussian');
    const signals = run({ deadTimeUs: 1, per: 'channel' }, [1e5, 5e4, 5e4, 0]);
    expect(framesOf(signals)[0]!.values[0]).toBeCloseTo(1e5 / 0.9, 6);
    expect(readingsOf(signals)[0]!.value).toBeCloseTo(1 - 2e5 / (1e5 / 0.9 + 1e5 / 0.95), 9);
  });

  it('masks what no true rate makes, and frames without exposure', () => {
    const [frame] = framesOf(run({ deadTimeUs: 1, per: 'channel' }, [999_999, 10, 10, 10]));
    expect([...frame!.mask!]).toEqual([1, 0, 0, 0]);
    expect([...framesOf(run({ deadTimeUs: 1 }, [1, 2, 3, 4], { exposureUs: 0 }))[0]!.mask!]).toEqual([1, 1, 1, 1]);
  });
});

describe('calibration.flatField', () => {
  const n = 40;
  const layout = channelLayout(n);
  const response = Float64Array.from({ length: n }, (_, i) => (i === 7 ? 0 : 1 + 0.3 * Math.sin(i)));
  const random = seedXoshiro128(2, 0);
  const lit = (level: number): Float64Array => response.map((each) => nextPoisson(random, each * level));

  it('learns the answer to even light, then gives even frames with honest variances', () => {
    const stage = flatField.create('f', { learn: 20 });
    const signals: Signal[] = [];
    let seq = 0;
    for (let k = 0; k < 20; k++) stage.process(testFrame(layout, seq++, lit(2000)), keep(signals));
    expect(framesOf(signals)).toEqual([]);
    expect(readingsOf(signals).at(-1)!.value).toBe(1);
    for (let k = 0; k < 50; k++) stage.process(testFrame(layout, seq++, lit(500)), keep(signals));
    const frames = framesOf(signals);
    let chiSquare = 0;
    for (const { values, variances, mask } of frames) {
      expect(mask![7]).toBe(1);
      const level = 500 * (response.reduce((sum, each) => sum + each, 0) / (n - 1));
      for (let i = 0; i < n; i++) if (i !== 7) chiSquare += (values[i]! - level) ** 2 / variances![i]!;
    }
    expect(chiSquare / (50 * (n - 1))).toBeCloseTo(1, 0.7);
  });

  it('reads it from a file, or says what is wrong with that', () => {
    const text = Array.from(response, (each, i) => `${i} ${each}`).join('\n');
    const stage = flatField.create('f', { file: 'flat.txt' }, { assets: { file: new TextEncoder().encode(text) } });
    const signals: Signal[] = [];
    stage.process(
      testFrame(
        layout,
        0,
        response.map((each) => 100 * each),
      ),
      keep(signals),
    );
    const [frame] = framesOf(signals);
    for (let i = 0; i < n; i++) if (i !== 7) expect(frame!.values[i]! / frame!.values[0]!).toBeCloseTo(1, 12);
    const short = flatField.create(
      'f',
      { file: 'flat.txt' },
      { assets: { file: new TextEncoder().encode('0 1\n5 1') } },
    );
    expect(() => short.process(testFrame(layout, 0, response), () => undefined)).toThrow(
      /f: the flat field has no channel at 6/,
    );
    const dark = Array.from(response, (_, i) => `${i} 0`).join('\n');
    const none = flatField.create('f', { file: 'flat.txt' }, { assets: { file: new TextEncoder().encode(dark) } });
    expect(() => none.process(testFrame(layout, 0, response), () => undefined)).toThrow(
      /no channel of the flat field answers/,
    );
    expect(() => flatField.create('f', {})).toThrow(/either 'file' or 'learn'/);
  });
});
