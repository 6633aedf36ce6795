import { describe, expect, it } from 'vitest';
import { gaussian, pseudoVoigt } from '../../../src/kernel/peaks/lineshapes.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Noise } from '../../../src/model/layout.ts';
import type { Reading } from '../../../src/model/signal.ts';
import fit from '../../../src/stages/peaks/fit.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const n = 160;
const GAIN = 2.5;
type Settings = Parameters<typeof fit.create>[1];

const TWO: Settings = {
  background: 'linear',
  peaks: [
    { name: 'A', position: 60, width: 9, mixing: 0.4, partners: [{ offset: 55, ratio: 0.5, widthFactor: 1.2 }] },
    { name: 'B', position: 76, width: 9, like: 'A' },
  ],
};
const spectrum = (move: number, a = 4000, b = 2500): Float64Array =>
  Float64Array.from(
    { length: n },
    (_, i) =>
      30 +
      0.05 * i +
      a * (pseudoVoigt(i, 61 + move, 8, 0.3) + 0.5 * pseudoVoigt(i, 116 + move, 9.6, 0.3)) +
      b * pseudoVoigt(i, 75 + move, 8, 0.3),
  );

function run(settings: Settings, frames: Iterable<Float64Array>, noise: Noise = 'poisson', more = {}): Reading[][] {
  const stage = fit.create('f', settings);
  const layout = channelLayout(n, noise);
  let seq = 0;
  return [...frames].map((values) => {
    const readings: Reading[] = [];
    const variances =
      noise === 'poisson' || noise === 'unknown' ? undefined : values.map((v) => GAIN * Math.max(v, GAIN));
    stage.process(testFrame(layout, seq++, values, { variances, ...more }), (reading) => readings.push(reading));
    return readings;
  });
}
const named = (readings: readonly Reading[], name: string): Reading => readings.find((each) => each.name === name)!;
function* noisy(count: number, noise: Noise, seed = 5): Generator<Float64Array> {
  const random = seedXoshiro128(seed, 0);
  const gain = noise === 'poisson' ? 1 : GAIN;
  for (let k = 0; k < count; k++) yield spectrum(0.02 * k).map((mean) => gain * nextPoisson(random, mean));
}

describe('peaks.fit', () => {
  it.each(['poisson', 'scaledPoisson', 'gaussian', 'unknown'] as const)(
    'follows two overlapping peaks of %s data, each number within its error',
    (noise) => {
      const frames = run(TWO, noisy(40, noise), noise);
      const gain = noise === 'poisson' ? 1 : GAIN;
      const pulls = new Map<string, number[]>();
      frames.forEach((readings, k) => {
        expect(named(readings, 'converged').value).toBe(1);
        const truth = {
          'A.position': 61 + 0.02 * k,
          'B.position': 75 + 0.02 * k,
          'A.area': 4000 * gain,
          'B.area': 2500 * gain,
          'A.width': 8,
        };
        for (const [name, wanted] of Object.entries(truth)) {
          const { value, standardError, quality } = named(readings, name);
          expect(quality).toBe('valid');
          pulls.set(name, [...(pulls.get(name) ?? []), (value - wanted) / standardError!]);
        }
      });
      for (const [name, list] of pulls) {
        const meanSquare = list.reduce((sum, pull) => sum + pull * pull, 0) / list.length;
        expect(meanSquare, name).toBeGreaterThan(0.35);
        expect(meanSquare, name).toBeLessThan(noise === 'poisson' ? 2 : 2.5);
      }
    },
  );

  it.each(['poisson', 'scaledPoisson', 'unknown'] as const)(
    'finds a peak that begins, or jumps, many widths off within its bounds, in %s data',
    (noise) => {
      const random = seedXoshiro128(8, 0);
      const at = [100, 40, 41, 120];
      const frames = at.map((centre) =>
        Float64Array.from({ length: n }, (_, i) => nextPoisson(random, 40 + 3000 * gaussian(i, centre, 6))),
      );
      const settings: Settings = {
        background: 'constant',
        peaks: [{ name: 'A', shape: 'gaussian', position: 70, within: 60, width: 6 }],
      };
      run(settings, frames, noise).forEach((readings, k) => {
        expect(named(readings, 'A.position')).toMatchObject({ quality: 'valid' });
        expect(Math.abs(named(readings, 'A.position').value - at[k]!)).toBeLessThan(0.5);
        expect(Math.abs(named(readings, 'A.area').value / 3000 - 1)).toBeLessThan(0.1);
      });
    },
  );

  it('keeps shared widths equal', () => {
    const [readings] = run(TWO, noisy(1, 'poisson'));
    expect(named(readings!, 'A.width').value).toBe(named(readings!, 'B.width').value);
  });

  it('adds the measured drift of the axis to where it finds a peak', () => {
    const [still] = run(TWO, [spectrum(0)]);
    const [moved] = run(TWO, [spectrum(0)], 'poisson', { axisShift: 1.5 });
    expect(named(moved!, 'A.position').value - named(still!, 'A.position').value).toBeCloseTo(1.5, 3);
    expect(named(moved!, 'A.area').value).toBeCloseTo(named(still!, 'A.area').value, 0);
  });

  it('says what was stopped by a bound, and gives it no error', () => {
    const [readings] = run({ peaks: [{ name: 'A', shape: 'gaussian', position: 50, within: 4, width: 8 }] }, [
      Float64Array.from({ length: n }, (_, i) => 20 + 3000 * gaussian(i, 60, 8)),
    ]);
    expect(named(readings!, 'A.position')).toMatchObject({ quality: 'invalid', standardError: undefined });
    expect(named(readings!, 'atBound').value).toBeGreaterThan(0);
  });

  it('gives an upper limit where there is no peak', () => {
    const random = seedXoshiro128(3, 0);
    const flat = Float64Array.from({ length: n }, () => nextPoisson(random, 9));
    const settings: Settings = {
      background: 'constant',
      peaks: [{ name: 'A', shape: 'gaussian', position: 60, within: 0, width: 8, widthRange: [8, 8] }],
    };
    // A dip, so that the best area is 0.
    for (let i = 54; i < 67; i++) flat[i] = 5;
    const [readings] = run(settings, [flat, new Float64Array(n)]);
    expect(named(readings!, 'A.area')).toMatchObject({ value: 0, quality: 'valid' });
    expect(named(readings!, 'A.areaLimit').value).toBeGreaterThan(1);
    expect(named(readings!, 'A.areaLimit').value).toBeLessThan(80);
  });

  it('limits a peak of which not one count came to three counts', () => {
    const [readings] = run(
      {
        background: 'none',
        peaks: [{ name: 'A', shape: 'gaussian', position: 80, within: 0, width: 8, widthRange: [8, 8] }],
      },
      [new Float64Array(n)],
    );
    expect(named(readings!, 'converged').value).toBe(1);
    expect(named(readings!, 'A.areaLimit').value).toBeCloseTo(2.996, 1);
  });

  it('calls two peaks on one place undetermined', () => {
    const same = { shape: 'gaussian', position: 60, within: 0, width: 8, widthRange: [8, 8] } as const;
    const peaks = ['A', 'B'].map((name) => ({ name, ...same, widthRange: [8, 8] as [number, number] }));
    const [readings] = run({ background: 'constant', peaks }, [
      Float64Array.from({ length: n }, (_, i) => 20 + 3000 * gaussian(i, 60, 8)),
    ]);
    expect(named(readings!, 'undetermined').value).toBe(2);
    for (const name of ['A.area', 'B.area']) expect(named(readings!, name).quality).toBe('invalid');
  });

  it('marks a frame that it cannot fit, and goes on with the next', () => {
    const mask = new Uint8Array(n).fill(1);
    const stage = fit.create('f', TWO);
    const layout = channelLayout(n);
    const converged: number[] = [];
    [undefined, mask, undefined].forEach((each, seq) =>
      stage.process(testFrame(layout, seq, spectrum(0), { mask: each }), (reading) => {
        if (reading.name === 'converged') converged.push(reading.value);
        if (seq === 1 && reading.name === 'A.area') expect(reading.quality).toBe('invalid');
      }),
    );
    expect(converged).toEqual([1, 0, 1]);
  });

  it('refuses in words what cannot be', () => {
    expect(() => run({ peaks: [{ name: 'A', position: 400, width: 8 }] }, [spectrum(0)])).toThrow(
      /'A' is at 400, expected within 0 to 159/,
    );
    expect(() => run({ ...TWO, region: [58, 62] }, [spectrum(0)])).toThrow(/expected/);
    expect(() => run({ ...TWO, region: [500, 600] }, [spectrum(0)])).toThrow(/no channel between 500 and 600/);
    const values = spectrum(0);
    values[70] = NaN;
    expect(() => run(TWO, [values])).toThrow(/f: .*NaN, expected a finite number/);
    expect(() =>
      fit.create('f', {
        peaks: [
          { name: 'A', position: 1, width: 1 },
          { name: 'B', position: 2, width: 1, like: 'C' },
        ],
      }),
    ).toThrow(/'B' is like 'C'/);
    expect(() => fit.create('f', { peaks: [{ name: 'A', position: 1, width: 1, widthRange: [2, 3] }] })).toThrow(
      /expected within its bounds 2 to 3/,
    );
  });
});
