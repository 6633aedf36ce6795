import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { addPair, createPairDispersion, dispersionOf } from '../../../src/kernel/threshold/pairDispersion.ts';

/** Dispersion of 400 pairs of spectra of 20 channels; `gain` gives the intensity of a frame, `times` the counts per quantum. */
function measured({ level = 5, times = 1, gain = (_: number) => 1, ignoresGain = true }) {
  const random = seedXoshiro128(8, 0);
  const state = createPairDispersion();
  const frame = (k: number) =>
    Float64Array.from(
      { length: 20 },
      (_, i) => times * nextPoisson(random, (gain(k) * level * (1 + (i % 4))) / (2.5 * times)),
    );
  let before = frame(0);
  for (let k = 1; k <= 800; k++) {
    const now = frame(k);
    if (k % 2 === 1) addPair(state, before, now, undefined, ignoresGain);
    before = now;
  }
  return dispersionOf(state)!;
}

describe('the dispersion of pairs of frames', () => {
  it.each([0.05, 1, 50])('is 1 for Poisson counts, %d per channel', (level) => {
    const { value, standardError } = measured({ level });
    expect(Math.abs(value - 1)).toBeLessThan(3 * standardError);
    expect(standardError).toBeLessThan(0.06);
  });

  it('is the number of counts per quantum when they come in lumps', () => {
    const { value, standardError } = measured({ level: 20, times: 3 });
    expect(Math.abs(value - 3)).toBeLessThan(3 * standardError);
  });

  it('does not see the intensity, or sees nothing but it', () => {
    const random = seedXoshiro128(2, 1);
    const jumps = Array.from({ length: 801 }, () => 0.7 + 0.6 * nextUniform(random));
    const gain = (k: number) => jumps[k]!;
    const shape = measured({ level: 50, gain });
    expect(Math.abs(shape.value - 1)).toBeLessThan(3 * shape.standardError);
    expect(measured({ level: 50, gain, ignoresGain: false }).value).toBeGreaterThan(10);
  });

  it('says nothing of a handful of pairs', () => {
    const state = createPairDispersion();
    addPair(state, Float64Array.of(3), Float64Array.of(4), undefined, false);
    expect(dispersionOf(state)).toBeNull();
  });
});
