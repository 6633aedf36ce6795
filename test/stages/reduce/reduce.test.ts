import { describe, expect, it } from 'vitest';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Layout } from '../../../src/model/layout.ts';
import type { Stage } from '../../../src/model/stage.ts';
import rebin from '../../../src/stages/reduce/rebin.ts';
import region from '../../../src/stages/reduce/region.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

function through(stage: Stage<'frame', 'frame'>, ...frames: Frame[]): Frame[] {
  const seen: Frame[] = [];
  for (const frame of frames) stage.process(frame, (signal) => seen.push(cloneFrame(signal)));
  return seen;
}
const edges: Layout = {
  ...channelLayout(4),
  axes: [{ name: 'energy', unit: 'eV', placement: 'edge', coordinates: Float64Array.of(0, 1, 2, 3, 4) }],
};

describe('reduce.region', () => {
  it('keeps the channels between its ends, with variances and mask', () => {
    const variances = Float64Array.of(9, 8, 7, 6, 5);
    const frame = testFrame(channelLayout(5), 0, [1, 2, 3, 4, 5], { variances, mask: Uint8Array.of(0, 0, 1, 0, 0) });
    const [out] = through(region.create('r', { from: 1, to: 3 }), frame);
    expect([...out!.values]).toEqual([2, 3, 4]);
    expect([...out!.variances!]).toEqual([8, 7, 6]);
    expect([...out!.mask!]).toEqual([0, 1, 0]);
    expect([...out!.layout.axes[0]!.coordinates]).toEqual([1, 2, 3]);
    expect(out!.layout.noise).toBe('poisson');
  });

  it('hands out one layout for ever', () => {
    const layout = channelLayout(4);
    const [a, b] = through(
      region.create('r', { to: 2 }),
      testFrame(layout, 0, [1, 2, 3, 4]),
      testFrame(layout, 1, [5, 6, 7, 8]),
    );
    expect(a!.layout).toBe(b!.layout);
    expect(b!.mask).toBeUndefined();
  });

  it('keeps one edge more than channels', () => {
    const [out] = through(region.create('r', { from: 1, to: 2.9 }), testFrame(edges, 0, [1, 2, 3, 4]));
    expect([...out!.values]).toEqual([2, 3]);
    expect([...out!.layout.axes[0]!.coordinates]).toEqual([1, 2, 3]);
  });

  it('crops every row of a map', () => {
    const row = channelLayout(3).axes[0]!;
    const map: Layout = { ...channelLayout(6), axes: [{ ...row, name: 'y', coordinates: Float64Array.of(0, 1) }, row] };
    const [out] = through(region.create('r', { from: 1 }), testFrame(map, 0, [1, 2, 3, 4, 5, 6]));
    expect([...out!.values]).toEqual([2, 3, 5, 6]);
  });

  it('says what the axis covers when nothing is left', () => {
    expect(() => through(region.create('r', { from: 9 }), testFrame(channelLayout(4), 0, [1, 2, 3, 4]))).toThrow(
      'expected a part of 0 to 3',
    );
  });
});

describe('reduce.rebin', () => {
  it('adds counts and variances and centres the axis', () => {
    const frame = testFrame(channelLayout(5), 0, [1, 2, 3, 4, 5], { variances: Float64Array.of(1, 1, 2, 2, 9) });
    const [out] = through(rebin.create('r', { factor: 2 }), frame);
    expect([...out!.values]).toEqual([3, 7]);
    expect([...out!.variances!]).toEqual([2, 4]);
    expect([...out!.layout.axes[0]!.coordinates]).toEqual([0.5, 2.5]);
  });

  it('masks a bin that lacks a channel, for that frame only', () => {
    const layout = channelLayout(4);
    const masked = testFrame(layout, 0, [1, 2, 3, 4], { mask: Uint8Array.of(0, 1, 0, 0) });
    const [a, b] = through(rebin.create('r', { factor: 2 }), masked, testFrame(layout, 1, [1, 2, 3, 4]));
    expect([...a!.mask!]).toEqual([1, 0]);
    expect(b!.mask).toBeUndefined();
  });

  it('keeps every factor-th edge', () => {
    const [out] = through(rebin.create('r', { factor: 2 }), testFrame(edges, 0, [1, 2, 3, 4]));
    expect([...out!.layout.axes[0]!.coordinates]).toEqual([0, 2, 4]);
  });

  it('refuses corrected intensities, saying what would be right', () => {
    expect(() => through(rebin.create('r', {}), testFrame(channelLayout(4, 'gaussian'), 0, [1, 2, 3, 4]))).toThrow(
      /poisson/,
    );
    expect(rebin.noise?.advice).toMatch(/before/);
  });
});
