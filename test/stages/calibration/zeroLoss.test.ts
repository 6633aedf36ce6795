import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { spectrumLayout } from '../../../src/model/layout.ts';
import type { Frame } from '../../../src/model/frame.ts';
import type { Reading } from '../../../src/model/signal.ts';
import zeroLoss from '../../../src/stages/calibration/zeroLoss.ts';
import { testFrame } from '../../support/frames.ts';

const n = 300;
const layout = spectrumLayout(
  { name: 'energyLoss', unit: 'eV', coordinates: Float64Array.from({ length: n }, (_, i) => -5 + 0.1 * i) },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const spectrum = (centre: number, plasmon = 2000): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => {
    const energy = -5 + 0.1 * i;
    return (
      3 + 30_000 * Math.exp(-0.5 * ((energy - centre) / 0.3) ** 2) + plasmon * Math.exp(-0.5 * ((energy - 17) / 2) ** 2)
    );
  });

function run(
  settings: Parameters<typeof zeroLoss.create>[1],
  frames: readonly Float64Array[],
  more: Partial<Frame> = {},
) {
  const stage = zeroLoss.create('z', settings);
  const shifts: number[] = [];
  const readings: Reading[] = [];
  frames.forEach((values, seq) =>
    stage.process(testFrame(layout, seq, values, more), (signal) => {
      if (signal.type === 'reading') readings.push(signal);
      else {
        expect([...signal.values]).toEqual([...values]);
        shifts.push(signal.axisShift);
      }
    }),
  );
  return {
    shifts,
    readings: readings.filter(({ name }) => name === 'shift'),
    flat: readings.filter(({ name }) => name === 'flatTop'),
  };
}

describe('calibration.zeroLoss', () => {
  it('puts the zero loss at 0 by moving the axis alone, within its error', () => {
    const random = seedXoshiro128(4, 0);
    const truth = Array.from({ length: 60 }, (_, k) => 0.3 * Math.sin(k / 5));
    const { shifts, readings } = run(
      {},
      truth.map((centre) => spectrum(centre).map((mean) => nextPoisson(random, mean))),
    );
    const pulls = readings.map(({ value, standardError }, k) => (value + truth[k]!) / standardError!);
    expect(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length).toBeLessThan(1.8);
    expect(readings.every(({ standardError }) => standardError! < 0.005)).toBe(true);
    expect(shifts).toEqual(readings.map(({ value }) => value));
  });

  it('looks only where it is told to', () => {
    expect(run({ search: [-3, 3] }, [spectrum(0.2, 90_000)]).shifts[0]).toBeCloseTo(-0.2, 3);
    expect(run({}, [spectrum(0.2, 90_000)]).shifts[0]).toBeCloseTo(-17, 0);
  });

  it('holds the last shift where there is none, and marks it', () => {
    const { shifts, readings } = run({}, [spectrum(0.2), new Float64Array(n), spectrum(-4.95)]);
    expect(readings.map(({ quality }) => quality)).toEqual(['valid', 'invalid', 'invalid']);
    expect(shifts[1]).toBe(shifts[0]);
  });

  it('takes the middle of a saturated top, and says that it is flat', () => {
    const { readings, flat } = run({}, [spectrum(0.25).map((value) => Math.min(value, 20_000))]);
    expect(readings[0]!.value).toBeCloseTo(-0.25, 1);
    expect(flat[0]!.value).toBe(1);
  });

  it('can hold the peak at another place, and refuses a window without channels', () => {
    expect(run({ position: 1 }, [spectrum(0.2)]).shifts[0]).toBeCloseTo(0.8, 3);
    expect(() => run({ search: [50, 60] }, [spectrum(0)])).toThrow(/no channel between 50 and 60 eV/);
  });

  it('ignores masked channels', () => {
    const values = spectrum(0.2);
    values[250] = 1e6;
    const mask = new Uint8Array(n);
    mask[250] = 1;
    expect(run({}, [values], { mask }).shifts[0]).toBeCloseTo(-0.2, 3);
  });
});
