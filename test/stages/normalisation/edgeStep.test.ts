import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import { spectrumLayout } from '../../../src/model/layout.ts';
import type { Reading } from '../../../src/model/signal.ts';
import edgeStep from '../../../src/stages/normalisation/edgeStep.ts';
import { testFrame } from '../../support/frames.ts';

const energies = Float64Array.from({ length: 500 }, (_, i) => 8180 + (i < 200 ? i : 200 + 1.5 * (i - 200)));
const layout = spectrumLayout(
  { name: 'energy', unit: 'eV', coordinates: energies },
  { quantity: 'absorbance', unit: '1', noise: 'gaussian' },
);
const STEP = 0.7;
const EDGE = 8340;
const windows = { preEdge: [-150, -30], postEdge: [100, 450], order: 1 } as const;
/** Normalised absorption: an edge 3 eV wide, and one wiggle of fine structure. */
const mu = (e: number): number => 1 / (1 + Math.exp(-(e - EDGE) / 1.5)) + 0.2 * Math.exp(-(((e - EDGE - 12) / 6) ** 2));
const absorbance = (thickness = 1, shift = 0): Float64Array =>
  energies.map((e) => thickness * (0.4 - 4e-4 * (e - EDGE) + STEP * mu(e + shift)));

function seen(settings: Parameters<typeof edgeStep.create>[1], frames: readonly Frame[]) {
  const stage = edgeStep.create('n', settings);
  const out: Frame[] = [];
  const readings: Reading[] = [];
  for (const frame of frames)
    stage.process(frame, (signal) => {
      if (signal.type === 'frame') out.push(cloneFrame(signal));
      else readings.push(signal);
    });
  return { out, named: (name: string) => readings.filter((reading) => reading.name === name) };
}
const variances = new Float64Array(energies.length).fill(1e-6);

describe('normalisation.edgeStep', () => {
  it('takes line, step and thickness away, and reads step and edge', () => {
    const frames = [1, 2].map((thickness, seq) => testFrame(layout, seq, absorbance(thickness), { variances }));
    const { out, named } = seen(
      { edge: EDGE, ...windows, preEdge: [...windows.preEdge], postEdge: [...windows.postEdge] },
      frames,
    );
    named('edgeStep').forEach(({ value, quality }, k) => {
      expect(value).toBeCloseTo((k + 1) * STEP, 4);
      expect(quality).toBe('valid');
    });
    for (const { value } of named('edge')) expect(Math.abs(value - EDGE)).toBeLessThan(0.15);
    for (const frame of out) energies.forEach((e, i) => expect(Math.abs(frame.values[i]! - mu(e))).toBeLessThan(2e-3));
    expect(out[0]!.layout).toMatchObject({ quantity: 'absorbance', noise: 'gaussian' });
  });

  it('finds the edge in the first frames, and keeps it; a later shift is measured, not followed', () => {
    const frames = Array.from({ length: 6 }, (_, seq) =>
      testFrame(layout, seq, absorbance(1, seq > 3 ? -1 : 0), { variances }),
    );
    const { out, named } = seen({ ...windows, learn: 3, preEdge: [-150, -30], postEdge: [100, 450] }, frames);
    expect(named('learning').map(({ value }) => value)).toEqual([1 / 3, 2 / 3, 1]);
    expect(out).toHaveLength(3);
    const [before, after] = [named('edge')[0]!, named('edge')[2]!];
    expect(after.value - before.value).toBeCloseTo(1, 1);
  });

  it('moves its windows with the measured drift, and masks what they leave', () => {
    const settings = {
      edge: EDGE,
      preEdge: [-150, -30] as [number, number],
      postEdge: [100, 450] as [number, number],
      order: 1,
    };
    const { out, named } = seen(settings, [
      testFrame(layout, 0, absorbance()),
      testFrame(layout, 1, absorbance(1, 5), { axisShift: 5 }),
      testFrame(layout, 2, absorbance(), { axisShift: 400 }),
    ]);
    const [still, moved, lost] = named('edgeStep');
    expect(moved!.value / still!.value - 1).toBeCloseTo(0, 3);
    expect(named('edge')[1]!.value - named('edge')[0]!.value).toBeCloseTo(0, 1);
    expect([lost!.quality, out[2]!.mask?.includes(0)]).toEqual(['invalid', false]);
  });

  it('says how much its results scatter: channels, step, edge, and the sum over a window', () => {
    const random = seedXoshiro128(5, 0);
    const sigma = 0.004;
    const noisy = new Float64Array(energies.length).fill(sigma * sigma);
    const frames = Array.from({ length: 1500 }, (_, seq) =>
      testFrame(
        layout,
        seq,
        absorbance().map((value) => value + sigma * nextNormal(random)),
        { variances: noisy },
      ),
    );
    const { out, named } = seen({ edge: EDGE, preEdge: [-150, -30], postEdge: [100, 450], order: 1 }, frames);
    const scatter = (list: readonly number[]): number => {
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      return list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1);
    };
    for (const name of ['edgeStep', 'edge']) {
      const stated = named(name).reduce((sum, { standardError }) => sum + standardError! ** 2, 0) / frames.length;
      expect(Math.abs(scatter(named(name).map(({ value }) => value)) / stated - 1)).toBeLessThan(0.2);
    }
    for (const i of [20, 100, 162, 175, 320, 480]) {
      const ratio = scatter(out.map(({ values }) => values[i]!)) / out[0]!.variances![i]!;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.15);
    }
  });

  it('refuses windows that the axis does not have, and a spectrum without an edge, in words', () => {
    const [pre, post] = [[-150, -30] as [number, number], [100, 450] as [number, number]];
    expect(() => seen({ edge: 8200, preEdge: pre, postEdge: post }, [testFrame(layout, 0, absorbance())])).toThrow(
      'n: the pre-edge window has 0 channels, expected 2 at least around the edge at 8200: the axis covers 8180 to 8828.5 eV',
    );
    const falling = energies.map((e) => 9000 - e);
    const frames = Array.from({ length: 2 }, (_, seq) => testFrame(layout, seq, falling));
    expect(() => seen({ learn: 2, preEdge: pre, postEdge: post }, frames)).toThrow(
      'n: the spectrum rises nowhere, expected an absorption edge; or name the edge',
    );
  });
});
