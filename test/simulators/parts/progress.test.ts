import { describe, expect, it } from 'vitest';
import {
  chemicalProgress,
  damageProgress,
  shiftAfterTrip,
  storedBeam,
  trippedBeam,
} from '../../../simulators/parts/progress.ts';
import { grownSize } from '../../../simulators/parts/kinetics.ts';

describe('the progress of an event', () => {
  it('rises smoothly from 0 to 1 over its frames, and not before', () => {
    const event = { cause: 'chemistry', frames: 100 } as const;
    const progress = Array.from({ length: 120 }, (_, i) => chemicalProgress(event, i - 10));
    expect(progress.slice(0, 10).every((value) => value === 0)).toBe(true);
    expect(progress[59]).toBeCloseTo(0.5, 12);
    expect(progress.slice(109).every((value) => value === 1)).toBe(true);
    progress.slice(1).forEach((value, i) => expect(value).toBeGreaterThanOrEqual(progress[i]));
  });

  it('leaves 1/e of the sample after the critical dose beyond the incubation', () => {
    expect(damageProgress(2e6, 2e6, 1e7)).toBe(0);
    expect(damageProgress(1.2e7, 2e6, 1e7)).toBeCloseTo(1 - Math.exp(-1), 12);
  });

  it('coarsens anatase from 10 to about 14 nm at 823 K and 45 nm at 1173 K at 0.5 K/s', () => {
    let size = 10;
    const sizes: number[] = [];
    for (let kelvin = 550; kelvin < 1173; kelvin++) sizes.push((size = grownSize(size, kelvin + 0.5, 2)));
    expect(sizes[823 - 550]).toBeCloseTo(14, -0.5);
    expect(sizes.at(-1)).toBeCloseTo(45, -0.7);
  });
});

describe('the beam', () => {
  it('is gone in a trip and comes back over 30 s', () => {
    expect([-1, 0, 119, 120, 135, 150, 1000].map((since) => trippedBeam(since, 120))).toEqual([1, 0, 0, 0, 0.5, 1, 1]);
  });

  it('leaves the optics cold, which warm up again', () => {
    expect(shiftAfterTrip(-1, 120)).toBe(0);
    expect(shiftAfterTrip(120, 120)).toBeCloseTo(1 - Math.exp(-2), 12);
    expect(shiftAfterTrip(420, 120)).toBeCloseTo((1 - Math.exp(-2)) * Math.exp(-1), 12);
  });

  it('decays over 10 h until it is refilled and topped up every 120 s', () => {
    expect(storedBeam(3600, 7200)).toBeCloseTo(Math.exp(-0.1), 12);
    expect(storedBeam(7200, 7200)).toBe(1);
    expect(storedBeam(7200 + 119.999, 7200)).toBeCloseTo(0.993, 5);
    expect(storedBeam(7200 + 120, 7200)).toBe(1);
  });
});
