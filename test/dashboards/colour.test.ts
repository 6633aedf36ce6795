import { describe, expect, it } from 'vitest';
import { hueThreshold, residualColours, significance } from '../../dashboards/web/src/plot/colour.ts';
import { geometryOf, niceSteps } from '../../dashboards/web/src/plot/geometry.ts';
import { axisValues } from '../../dashboards/web/src/plot/scales.ts';
import { chooseTracks } from '../../dashboards/web/src/plot/tracks.ts';
import type { Tokens } from '../../dashboards/web/src/plot/tokens.ts';

describe('hue of the residual', () => {
  it('begins where chance would colour less than one cell of the screen', () => {
    // Two-sided normal tail: 1/m = P(|Z| > z).
    expect(hueThreshold(1e5)).toBeCloseTo(4.4172, 3);
    expect(hueThreshold(1e6)).toBeCloseTo(4.8916, 3);
  });
  it('is not fooled by the skew of few counts', () => {
    // P(N >= 20 | 6.5) = 1.9e-5 is 4.1 sigma of a normal tail, though (20 - 6.5)/sqrt(6.5) = 5.3.
    expect(significance(13.5, 6.5, true)).toBeCloseTo(4.22, 1);
    expect(significance(13.5, 6.5, false)).toBeCloseTo(5.3, 1);
  });
  it('is σ itself for many counts, keeps the sign, and is nothing without a reference', () => {
    expect(significance(300, 1e6, true)).toBeCloseTo(0.3, 3);
    expect(significance(-300, 1e4, true)).toBeCloseTo(-3, 1);
    expect(significance(5, 0, true)).toBe(0);
    expect(significance(-4, 4, true)).toBeCloseTo(-Math.sqrt(8), 6);
  });
  it('has no colour below the threshold', () => {
    const tokens = { middle: '#2c3033', gain: '#ffba3c', loss: '#60beff' } as Tokens;
    const colours = residualColours(tokens, 4.5);
    for (let i = 0; i < 256; i++) {
      const sigma = ((i - 127.5) / 127.5) * 14;
      const [r = 0, g = 0, b = 0] = colours.subarray(3 * i, 3 * i + 3);
      const saturation = (Math.max(r, g, b) - Math.min(r, g, b)) / Math.max(r, g, b);
      if (Math.abs(sigma) < 4.4) expect(saturation).toBeLessThan(0.2);
      if (sigma > 4.6) expect(r).toBeGreaterThan(b);
      if (sigma < -4.6) expect(b).toBeGreaterThan(r);
    }
  });
});

describe('axes', () => {
  it('step in round numbers', () => {
    expect(niceSteps(20, 60, 9)).toEqual([20, 25, 30, 35, 40, 45, 50, 55, 60]);
    expect(niceSteps(-6, 6, 3)).toEqual([-5, 0, 5]);
    expect(niceSteps(1, 1, 5)).toEqual([]);
  });
  it('label the square-root scale at values that do not touch', () => {
    const values = axisValues('sqrt', [40, 800], 180, 16);
    expect(values.length).toBeGreaterThan(3);
    const y = values.map((v) => ((Math.sqrt(v) - Math.sqrt(40)) / (Math.sqrt(800) - Math.sqrt(40))) * 180);
    for (let k = 1; k < y.length; k++) expect((y[k] ?? 0) - (y[k - 1] ?? 0)).toBeGreaterThanOrEqual(16);
  });
});

describe('layout of the main panel', () => {
  it.each([
    [1484, 818],
    [996, 540],
    [888, 520],
  ])('gives every plot room in %i x %i and lets none overlap', (width, height) => {
    const g = geometryOf(width, height);
    expect(g.spectrum.y + g.spectrum.height).toBeLessThan(g.residual.y);
    expect(g.residual.y + g.residual.height).toBeLessThanOrEqual(g.axisY);
    expect(g.axisY).toBeLessThan(g.waterfall.y);
    expect(g.waterfall.y + g.waterfall.height).toBeLessThan(height);
    expect(g.trackX + g.trackCount * g.trackStep).toBeLessThanOrEqual(width);
    expect(g.waterfall.height).toBeGreaterThan(g.spectrum.height);
  });
  it('never crowds the detectors out of the tracks', () => {
    const infos = [
      ...['temperature', 'potential', 'flow', 'current'].map((name) => ({ kind: 'context', name, unit: '' }) as const),
      { kind: 'gain', name: 'a', unit: '1' } as const,
      { kind: 'shift', name: 'a', unit: 'deg' } as const,
      ...['a', 'b', 'c'].map((name) => ({ kind: 'statistic', name, unit: '1' }) as const),
    ];
    const kinds = (count: number) => chooseTracks(infos, count).map((track) => track.info.kind);
    expect(kinds(6)).toEqual(['statistic', 'statistic', 'statistic', 'gain', 'shift', 'context']);
    expect(kinds(4)).toEqual(['statistic', 'statistic', 'shift', 'context']);
  });
});
