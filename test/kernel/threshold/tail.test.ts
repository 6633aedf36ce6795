import { describe, expect, it } from 'vitest';
import { countInterval } from '../../../src/kernel/threshold/countInterval.ts';
import { episodeMaxima } from '../../../src/kernel/threshold/episodes.ts';
import { fitTail, runLengthAt, thresholdFor } from '../../../src/kernel/threshold/tail.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

describe('countInterval', () => {
  // Garwood's table: Pearson and Hartley, Biometrika Tables for Statisticians I, table 40.
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [10, 4.795, 18.39],
    [30, 20.24, 42.83],
  ])('gives the exact interval of %d counts', (count, low, high) => {
    const interval = countInterval(count, 0.95);
    expect(interval[0]).toBeCloseTo(low, 2);
    expect(interval[1]).toBeCloseTo(high, 2);
  });

  it('goes on smoothly where it is no longer exact', () => {
    const [below, above] = [countInterval(200, 0.95), countInterval(201, 0.95)];
    for (const side of [0, 1] as const) expect(Math.abs(above[side] - below[side] - 1)).toBeLessThan(0.1);
  });
});

describe('episodeMaxima', () => {
  it('gives one maximum from one return to the usual level to the next', () => {
    const values = Float64Array.of(0, 3, 5, 4, 0, 0, 2, 1, 0, 7);
    expect([...episodeMaxima(values, [0], 0.5)]).toEqual([7, 5, 2]);
  });

  it('lets no episode span two stretches of frames', () => {
    expect([...episodeMaxima(Float64Array.of(0, 3, 5, 4), [0, 2], 0.5)]).toEqual([5, 3]);
    expect([...episodeMaxima(Float64Array.of(0, 3, 5, 4), [0], 0.5)]).toEqual([5]);
  });
});

/** `count` exponential maxima of the given scale, falling. */
function exponential(count: number, scale: number, seed: number): Float64Array {
  const random = seedXoshiro128(seed, 0);
  return Float64Array.from({ length: count }, () => -scale * Math.log(1 - nextUniform(random)))
    .sort()
    .reverse();
}

describe('an exponential tail', () => {
  it('holds the true threshold in its 95 % interval in 95 % of the recordings, far beyond their length', () => {
    const episodes = 1000;
    const frames = 10 * episodes;
    const runLength = 100 * frames;
    const truth = 1.3 * Math.log(runLength / 10);
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { low, high } = thresholdFor(fitTail(exponential(episodes, 1.3, seed), frames, null)!, runLength);
      if (low <= truth && truth <= high) held++;
    }
    expect(held / 400).toBeGreaterThan(0.92);
    expect(held / 400).toBeLessThan(0.985);
  });

  it('takes the maxima themselves where the recording is long enough', () => {
    const maxima = exponential(5000, 1, 3);
    const { value, low, high } = thresholdFor(fitTail(maxima, 50_000, 1)!, 100);
    expect(value).toBe(maxima[499]);
    expect(low).toBeLessThan(Math.log(10));
    expect(high).toBeGreaterThan(Math.log(10));
  });

  it('inverts itself', () => {
    const tail = fitTail(exponential(1000, 1, 9), 10_000, 1)!;
    expect(runLengthAt(tail, thresholdFor(tail, 1e6).value).value).toBeCloseTo(1e6, -1);
    expect(runLengthAt(tail, thresholdFor(tail, 1e6).high).low).toBeLessThan(1e6);
  });

  it('leans on theory when there are few episodes, and says nothing of fewer than fifty', () => {
    const few = exponential(60, 2, 4);
    expect(fitTail(few, 600, 1)!.scale).toBeLessThan(0.7 * fitTail(few, 600, null)!.scale + 0.35);
    expect(fitTail(few.slice(0, 49), 600, 1)).toBeNull();
  });
});
