import { describe, expect, it } from 'vitest';
import { createRunStrip } from '../../src/server/runStrip.ts';

describe('the strip of the whole run', () => {
  it('keeps the highest statistic of each bin, also when bins are merged', () => {
    const strip = createRunStrip();
    for (let k = 0; k < 4000; k++) strip.push(k * 250_000, k === 1234 ? 9 : 0.5);
    const { values, binUs } = strip.message();
    expect(values.length).toBeLessThanOrEqual(512);
    expect(values.length * binUs).toBeGreaterThanOrEqual(4000 * 250_000);
    expect(values.filter((value) => value === 9)).toHaveLength(1);
    expect(values.indexOf(9)).toBe(Math.floor((1234 * 250_000) / binUs));
  });
  it('has no holes for a slow detector', () => {
    const strip = createRunStrip();
    for (let k = 0; k < 20; k++) strip.push(k * 10e6, 0.5);
    expect(strip.message()).toMatchObject({ binUs: 10e6 });
    expect(strip.message().values).toEqual(new Array(20).fill(0.5));
  });
  it('leaves a bin without a statistic empty, and begins anew when the clock runs back', () => {
    const strip = createRunStrip();
    strip.push(5e6, Number.NaN);
    expect(strip.message()).toMatchObject({ startUs: 5e6, values: [null] });
    strip.push(1e6, 2);
    expect(strip.message()).toMatchObject({ startUs: 1e6, values: [2] });
  });
});
