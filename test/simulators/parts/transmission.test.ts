import { describe, expect, it } from 'vitest';
import { createTransmission } from '../../../simulators/parts/transmission.ts';

describe('two ionisation chambers', () => {
  it('give the logarithm of the ratio, scattered as they say', () => {
    const incident = new Float64Array(20_000).fill(1e4);
    const values = new Float64Array(incident.length).fill(2500);
    const variances = new Float64Array(incident.length);
    createTransmission(0.01, 1).absorb(0, incident, values, variances);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    expect(mean).toBeCloseTo(Math.log(4), 3);
    // The transmitted counts are given, not drawn: their part is not in the scatter.
    const stated = variances.reduce((a, b) => a + b, 0) / variances.length - 1 / 2500;
    expect(Math.abs(variance / stated - 1)).toBeLessThan(0.04);
    expect(stated).toBeCloseTo(1e-4 + 2e-4, 5);
  });

  it('take no count at all for one', () => {
    const values = Float64Array.of(0);
    const variances = new Float64Array(1);
    createTransmission(0, 1).absorb(0, Float64Array.of(0), values, variances);
    expect([...values, ...variances]).toEqual([0, 2]);
  });

  it('draw the same for the same frame, other numbers for another', () => {
    const draw = (seq: number): number => {
      const values = Float64Array.of(1000);
      createTransmission(0, 7).absorb(seq, Float64Array.of(5000), values, new Float64Array(1));
      return values[0]!;
    };
    expect(draw(3)).toBe(draw(3));
    expect(draw(3)).not.toBe(draw(4));
  });
});
