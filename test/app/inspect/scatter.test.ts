import { describe, expect, it } from 'vitest';
import { judgeNoise } from '../../../src/app/inspect/noiseVerdict.ts';
import { createScatterWatch } from '../../../src/app/inspect/scatter.ts';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const random = seedXoshiro128(7, 0);
const CHANNELS = 400;
/** A smooth background with a peak, and a gain that drifts. */
const meanAt = (channel: number, frame: number, scale: number): number =>
  scale * (1 + 0.01 * frame) * (0.3 + Math.exp(-(((channel - 200) / 40) ** 2)));

function verdictOf(valueAt: (mean: number) => number, scale: number, smooth = false) {
  const watch = createScatterWatch();
  let previous: Float64Array | null = null;
  for (let frame = 0; frame < 30; frame++) {
    const raw = Float64Array.from({ length: CHANNELS }, (_, i) => valueAt(meanAt(i, frame, scale)));
    const values = smooth
      ? raw.map((value, i) => (value + (raw[i - 1] ?? value) + (raw[i + 1] ?? value) + (raw[i - 2] ?? value)) / 4)
      : raw;
    watch.add(values, previous);
    previous = values;
  }
  return judgeNoise(watch.result(), false);
}

describe('the noise of values, told from themselves', () => {
  it.each([0.5, 5, 100, 10_000])('is Poisson for counts of mean about %d', (scale) => {
    const { noise, sentence } = verdictOf((mean) => nextPoisson(random, mean), scale);
    expect(sentence).toMatch(/^Poisson counts/);
    expect(noise).toBe('poisson');
  });

  it('names the factor of scaled counts', () => {
    expect(verdictOf((mean) => 2.5 * nextPoisson(random, mean), 100).sentence).toMatch(/^counts scaled by 2\.5/);
  });

  it('names the number of exposures of averaged counts', () => {
    const { noise, sentence } = verdictOf((mean) => nextPoisson(random, 8 * mean) / 8, 100);
    expect(sentence).toMatch(/^averaged: the mean of 8 exposures/);
    expect(noise).toBe('unknown');
  });

  it('sees counts behind a factor that has no number', () => {
    const { sentence } = verdictOf((mean) => mean + Math.sqrt(0.3 * mean) * nextNormal(random), 1000);
    expect(sentence).toMatch(/^scales as counts do, scaled by about 0\.[23]/);
  });

  it('tells constant noise, smoothed counts and overdispersed counts from Poisson', () => {
    expect(verdictOf((mean) => mean + 3 * nextNormal(random), 1000).sentence).toMatch(/^not Poisson/);
    expect(verdictOf((mean) => nextPoisson(random, mean), 100, true).sentence).toMatch(
      /neighbouring channels are alike/,
    );
    const gain = verdictOf((mean) => 4 * nextPoisson(random, mean) + nextPoisson(random, 1), 100);
    expect(gain.noise).toBe('unknown');
    expect(gain.sentence).toMatch(/more than counts/);
  });

  it('says so when there is nothing to judge', () => {
    expect(verdictOf(() => 5, 1).sentence).toMatch(/no scatter/);
    expect(judgeNoise(createScatterWatch().result(), true).noise).toBe('gaussian');
  });
});
