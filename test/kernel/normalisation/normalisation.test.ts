import { describe, expect, it } from 'vitest';
import { divideByArea } from '../../../src/kernel/normalisation/area.ts';
import { divideByMonitor } from '../../../src/kernel/normalisation/monitor.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

describe('division by the area', () => {
  it('has the binomial variance for Poisson counts', () => {
    const counts = Float64Array.of(10, 30, 60);
    const outVariances = new Float64Array(3);
    const out = new Float64Array(3);
    expect(divideByArea(counts, { variances: counts, outVariances }, out)).toBe(100);
    expect([...out]).toEqual([0.1, 0.3, 0.6]);
    [0.1, 0.3, 0.6].forEach((f, i) => expect(outVariances[i]).toBeCloseTo((f * (1 - f)) / 100, 12));
  });

  it('states the scatter that simulated counts show, inside and outside the sum', () => {
    const random = seedXoshiro128(11, 0);
    const means = [20, 50, 80, 40];
    const squares = [0, 0, 0, 0];
    const sums = [0, 0, 0, 0];
    const out = new Float64Array(4);
    const draws = 20_000;
    for (let k = 0; k < draws; k++) {
      divideByArea(
        Float64Array.from(means, (m) => nextPoisson(random, m)),
        { end: 3 },
        out,
      );
      out.forEach((f, i) => {
        sums[i]! += f;
        squares[i]! += f * f;
      });
    }
    const stated = new Float64Array(4);
    const mean = Float64Array.from(means);
    divideByArea(mean, { end: 3, variances: mean, outVariances: stated }, out);
    stated.forEach((variance, i) => {
      const seen = squares[i]! / draws - (sums[i]! / draws) ** 2;
      expect(seen / variance).toBeGreaterThan(0.95);
      expect(seen / variance).toBeLessThan(1.06);
    });
  });

  it('does not know the intensity', () => {
    const a = new Float64Array(3);
    const b = new Float64Array(3);
    divideByArea(Float64Array.of(1, 2, 5), {}, a);
    divideByArea(Float64Array.of(8, 16, 40), {}, b);
    expect([...a]).toEqual([...b]);
  });

  it('says 0 when there is nothing to divide by', () => {
    expect(divideByArea(Float64Array.of(0, 0), {}, new Float64Array(2))).toBe(0);
    expect(divideByArea(Float64Array.of(5, 0), { mask: Uint8Array.of(1, 0) }, new Float64Array(2))).toBe(0);
  });
});

describe('division by a monitor', () => {
  it('adds the relative errors in squares', () => {
    const outVariances = new Float64Array(1);
    const variances = Float64Array.of(100);
    const out = divideByMonitor(
      Float64Array.of(100),
      { factor: 2, relativeError: 0.05, variances, outVariances },
      new Float64Array(1),
    );
    expect(out[0]).toBe(50);
    expect(outVariances[0]! / 50 ** 2).toBeCloseTo(100 / 100 ** 2 + 0.05 ** 2, 12);
  });

  it.each([0, -1, NaN, Infinity])('refuses a factor of %d', (factor) => {
    expect(() => divideByMonitor(Float64Array.of(1), { factor }, new Float64Array(1))).toThrow(RangeError);
  });
});
