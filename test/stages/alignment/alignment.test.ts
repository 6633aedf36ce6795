import { describe, expect, it } from 'vitest';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Reading } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import cow from '../../../src/stages/alignment/cow.ts';
import dtw from '../../../src/stages/alignment/dtw.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const n = 240;
const layout = channelLayout(n);
const random = seedXoshiro128(3, 1);
/** Counts of six peaks, each `drift` channels too high. */
const counts = (drift: (i: number) => number): Float64Array => {
  const means = Float64Array.from({ length: n }, (_, i) =>
    [25, 65, 100, 140, 175, 210].reduce((sum, x) => sum + 900 * Math.exp(-(((i - x - drift(x)) / 4) ** 2)), 40),
  );
  return fillPoisson(random, means, new Float64Array(n));
};

interface Seen {
  readonly frame: Frame;
  readonly readings: Readonly<Record<string, Reading>>;
}
function once(stage: Stage<'frame', 'frame' | 'reading'>, frame: Frame): Seen {
  let out: Frame | undefined;
  const readings: Record<string, Reading> = {};
  stage.process(frame, (signal) => {
    if (signal.type === 'frame') out = cloneFrame(signal);
    else readings[signal.name] = signal;
  });
  return { frame: out!, readings };
}
const centroid = (values: Float64Array, from: number, to: number): number => {
  let [sum, moment] = [0, 0];
  for (let i = from; i < to; i++) {
    const net = Math.max(0, values[i]! - 60);
    sum += net;
    moment += net * i;
  }
  return moment / sum;
};

describe.each([
  ['alignment.cow', () => cow.create('a', { segmentPoints: 21, slack: 2, learn: 5 }), 0.7],
  ['alignment.dtw', () => dtw.create('a', { band: 8, learn: 5 }), 0.4],
] as const)('%s', (_, create, tolerance) => {
  it('brings peaks that drifted each by itself back to where they were', () => {
    const stage = create();
    for (let seq = 0; seq < 5; seq++)
      once(
        stage,
        testFrame(
          layout,
          seq,
          counts(() => 0),
        ),
      );
    const drift = (x: number): number => 3 * Math.sin(x / 45);
    const drifted = counts(drift);
    const { frame, readings } = once(stage, testFrame(layout, 5, drifted, { axisShift: 0 }));
    for (const x of [65, 100, 175]) {
      expect(Math.abs(centroid(drifted, x - 15, x + 16) - x), `peak ${x} before`).toBeGreaterThan(0.5);
      expect(Math.abs(centroid(frame.values, x - 15, x + 16) - x), `peak ${x}`).toBeLessThan(tolerance);
    }
    expect(frame.layout.noise).toBe('gaussian');
    expect(Math.abs(readings['largestShift']!.value)).toBeGreaterThan(2);
    expect(Math.abs(readings['largestShift']!.value)).toBeLessThan(6.5);
  });

  it('hands on the frames it learns from, unchanged, and a frame without a usable channel, masked', () => {
    const stage = create();
    const first = counts(() => 0);
    const { frame, readings } = once(stage, testFrame(layout, 0, first));
    expect([...frame.values]).toEqual([...first]);
    expect(frame.variances![7]).toBe(Math.max(first[7]!, 1));
    expect(readings).toEqual({});
    for (let seq = 1; seq < 5; seq++)
      once(
        stage,
        testFrame(
          layout,
          seq,
          counts(() => 0),
        ),
      );
    const masked = once(stage, testFrame(layout, 5, first, { mask: new Uint8Array(n).fill(1) }));
    expect(masked.frame.mask!.every((bit) => bit === 1)).toBe(true);
  });

  it('takes a reference from a file instead', () => {
    const bytes = new TextEncoder().encode(
      Array.from(
        counts(() => 0),
        (value, i) => `${i} ${value}`,
      ).join('\n'),
    );
    const definition = _ === 'alignment.cow' ? cow : dtw;
    const settings = _ === 'alignment.cow' ? { segmentPoints: 21, slack: 2 } : { band: 8 };
    const stage = definition.create('a', { ...settings, reference: 'r.txt' }, { assets: { reference: bytes } });
    const { frame } = once(
      stage,
      testFrame(
        layout,
        0,
        counts(() => 2),
      ),
    );
    expect(Math.abs(centroid(frame.values, 85, 116) - 100)).toBeLessThan(0.5);
  });
});

describe('alignment.cow', () => {
  it('refuses a slack that a segment cannot shrink by, and segments longer than the axis', () => {
    expect(() => cow.create('a', { segmentPoints: 5, slack: 3 })).toThrow('must not shrink to nothing');
    expect(() => once(cow.create('a', {}), testFrame(channelLayout(20), 0, new Float64Array(20)))).toThrow(
      'segments of 51 points on 20 channels',
    );
  });

  it('refuses a reference file that does not cover the axis', () => {
    const bytes = new TextEncoder().encode('0 1\n10 2\n');
    const stage = cow.create('a', { reference: 'r.txt' }, { assets: { reference: bytes } });
    expect(() =>
      once(
        stage,
        testFrame(
          layout,
          0,
          counts(() => 0),
        ),
      ),
    ).toThrow('reference has no channel at 11');
  });
});
