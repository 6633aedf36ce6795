import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import snip from '../../../src/stages/background/snip.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

function once(settings: Parameters<typeof snip.create>[1], frame: Frame): Frame {
  let seen: Frame | undefined;
  snip.create('b', settings).process(frame, (signal) => {
    if (signal.type === 'frame') seen = cloneFrame(signal);
  });
  return seen!;
}
const n = 400;
const truth = Float64Array.from({ length: n }, (_, i) => 200 + i / 4 + 500 * Math.exp(-0.5 * ((i - 200) / 4) ** 2));

describe('background.snip', () => {
  it('takes away the background and leaves the peak', () => {
    const out = once({ halfWidth: 24 }, testFrame(channelLayout(n), 0, truth));
    expect(out.values[200]).toBeGreaterThan(480);
    expect(Math.abs(out.values[100]!)).toBeLessThan(2);
    expect(out.layout.noise).toBe('gaussian');
  });

  it('hands on the background instead when told to', () => {
    const out = once({ halfWidth: 24, output: 'background' }, testFrame(channelLayout(n), 0, truth));
    expect(out.values[200]).toBeGreaterThan(240);
    expect(out.values[200]).toBeLessThan(260);
  });

  it('states the scatter that simulated frames show', () => {
    const random = seedXoshiro128(4, 0);
    const stage = snip.create('b', { halfWidth: 12 });
    const layout = channelLayout(n);
    const sums = new Float64Array(n);
    const squares = new Float64Array(n);
    let stated = 0;
    const frames = 300;
    for (let k = 0; k < frames; k++) {
      const values = Float64Array.from({ length: n }, () => nextPoisson(random, 100));
      stage.process(testFrame(layout, k, values), (out) => {
        if (out.type !== 'frame') return;
        for (let i = 50; i < 350; i++) {
          sums[i]! += out.values[i]!;
          squares[i]! += out.values[i]! ** 2;
          stated += out.variances![i]! / 300 / frames;
        }
      });
    }
    let seen = 0;
    for (let i = 50; i < 350; i++) seen += (squares[i]! / frames - (sums[i]! / frames) ** 2) / 300;
    expect(seen / stated).toBeGreaterThan(0.85);
    expect(seen / stated).toBeLessThan(1.1);
  });

  it('reads the half width from the width of a peak', () => {
    const byWidth = once({ fwhm: 12 }, testFrame(channelLayout(n), 0, truth));
    const byChannels = once({ halfWidth: 24 }, testFrame(channelLayout(n), 0, truth));
    expect([...byWidth.values]).toEqual([...byChannels.values]);
  });

  it('does not fall into masked channels', () => {
    const mask = new Uint8Array(n);
    const values = truth.slice();
    mask[100] = 1;
    values[100] = 0;
    const out = once({}, testFrame(channelLayout(n), 0, values, { mask }));
    expect(Math.abs(out.values[101]!)).toBeLessThan(2);
    expect(out.values[100]).toBe(0);
  });

  it('estimates the variances that unknown data lack from their roughness', () => {
    const random = seedXoshiro128(9, 0);
    const values = truth.map((mean) => mean + 3 * (nextPoisson(random, 400) / 20 - 20));
    const out = once({}, testFrame(channelLayout(n, 'unknown'), 0, values));
    expect(out.layout.noise).toBe('gaussian');
    const mean = out.variances!.reduce((sum, variance) => sum + variance / n, 0);
    expect(mean).toBeGreaterThan(9 * 0.75);
    expect(mean).toBeLessThan(9 * 1.6);
  });

  it('uses the variances that come with the data', () => {
    const variances = new Float64Array(n).fill(7);
    const out = once({}, testFrame(channelLayout(n, 'gaussian'), 0, truth, { variances }));
    expect(out.variances![10]).toBeGreaterThan(7);
    expect(out.variances![10]).toBeLessThan(8);
  });

  it('has finite variances where values and background are zero or negative', () => {
    const values = Float64Array.from({ length: n }, (_, i) => [0, -2, 1, -1][i % 4]!);
    const variances = new Float64Array(n).fill(1);
    const out = once({ lls: false }, testFrame(channelLayout(n, 'gaussian'), 0, values, { variances }));
    expect(out.variances!.every((variance) => variance >= 1 && variance < 2)).toBe(true);
  });
});
