import { describe, expect, it } from 'vitest';
import { makeFrame } from '../../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../../src/model/layout.ts';
import { foldOf, foldSpectrum } from '../../../src/sinks/influx/foldSpectrum.ts';
import { angleLayout, frameAt } from '../signals.ts';

describe('a folded spectrum', () => {
  it('is the spectrum itself when it has few channels', () => {
    const frame = frameAt(3, 8);
    const fold = foldOf(frame.layout, 256);
    expect([...foldSpectrum(frame, fold)]).toEqual([...frame.values]);
    expect([...fold.centres]).toEqual([...frame.layout.axes[0]!.coordinates]);
  });

  it('keeps a flat spectrum flat, however the channels fall into fields', () => {
    for (const n of [256, 257, 300, 1000, 2048, 4099]) {
      const layout = angleLayout(n);
      const frame = makeFrame({ ...frameAt(0, 1), layout, values: new Float64Array(n).fill(7) });
      const fold = foldOf(layout, 256);
      expect(fold.binCount).toBe(256);
      expect(new Set(foldSpectrum(frame, fold))).toEqual(new Set([7]));
    }
  });

  it('leaves masked channels out, and says NaN where all are masked', () => {
    const frame = makeFrame({ ...frameAt(0, 4), mask: Uint8Array.of(0, 1, 1, 1) });
    expect([...foldSpectrum(frame, foldOf(frame.layout, 2))]).toEqual([0, NaN]);
  });

  it('takes the mean over the slower axes, and the centres of edges', () => {
    const fast = spectrumLayout(
      { name: 'energy', unit: 'eV', placement: 'edge', coordinates: Float64Array.of(0, 1, 2, 4) },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
    const slow = { name: 'x', unit: 'um', placement: 'centre', coordinates: Float64Array.of(0, 1) } as const;
    const layout: Layout = { ...fast, axes: [slow, fast.axes[0]!], size: 6 };
    const frame = makeFrame({ ...frameAt(0, 1), layout, values: Float64Array.of(1, 2, 3, 5, 6, 7) });
    const fold = foldOf(layout, 3);
    expect([...foldSpectrum(frame, fold)]).toEqual([3, 4, 5]);
    expect([...fold.centres]).toEqual([0.5, 1.5, 3]);
  });
});
