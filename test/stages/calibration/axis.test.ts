import { describe, expect, it } from 'vitest';
import { pseudoVoigt } from '../../../src/kernel/peaks/lineshapes.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { POWDER_STANDARDS, powderAngles } from '../../../src/kernel/tables/powderStandards.ts';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../../src/model/layout.ts';
import type { Reading } from '../../../src/model/signal.ts';
import axis from '../../../src/stages/calibration/axis.ts';
import { testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof axis.create>[1];

const layoutOf = (unit: string, from: number, step: number, n: number): Layout =>
  spectrumLayout(
    { name: 'axis', unit, coordinates: Float64Array.from({ length: n }, (_, i) => from + step * i) },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );

/** Frames of lines found at these places, each of `area`. */
function run(settings: Settings, layout: Layout, places: readonly number[], width: number, area = 3000, count = 12) {
  const random = seedXoshiro128(6, 0);
  const x = layout.axes[0]!.coordinates;
  const stage = axis.create('c', settings);
  const readings = new Map<string, Reading>();
  const frames: Frame[] = [];
  for (let seq = 0; seq < count; seq++) {
    const values = x.map((each) =>
      nextPoisson(random, 5 + area * places.reduce((sum, place) => sum + pseudoVoigt(each, place, width, 0.4), 0)),
    );
    stage.process(testFrame(layout, seq, values), (signal) => {
      if (signal.type === 'frame') frames.push(cloneFrame(signal));
      else readings.set(signal.name, signal);
    });
  }
  return { readings, frames };
}

function expectWithin(reading: Reading | undefined, truth: number): void {
  expect(reading?.quality).toBe('valid');
  expect(Math.abs(reading!.value - truth)).toBeLessThan(4.5 * reading!.standardError!);
}

describe('calibration.axis', () => {
  it('finds offset and gain from lines, and hands on frames on the true axis', () => {
    const references = [120, 260, 410, 555];
    const places = references.map((each) => (each - 3) / 1.01);
    const lines = references.map((reference) => ({ reference }));
    const { readings, frames } = run({ lines, window: 15, width: 5 }, layoutOf('cm-1', 0, 1, 600), places, 5);
    expectWithin(readings.get('offset'), 3);
    expectWithin(readings.get('gain'), 1.01);
    expect(readings.get('lines')!.value).toBe(4);
    expect(frames).toHaveLength(2);
    expect(frames[0]!.layout.axes[0]!.coordinates[500]).toBeCloseTo(508, 1);
  });

  it('tells the zero of a diffractometer from the height of the sample', () => {
    const wavelength = 1.540598;
    const angles = powderAngles(POWDER_STANDARDS.LaB6, wavelength).filter((each) => each > 21 && each < 139);
    const [zero, displacement, radius] = [0.05, -0.2, 200] as const;
    const shift = (each: number): number =>
      zero - ((2 * displacement * Math.cos((each * Math.PI) / 360)) / radius) * (180 / Math.PI);
    const { readings, frames } = run(
      { reference: 'LaB6', wavelength, window: 0.6, width: 0.12, model: 'zeroAndDisplacement', radiusMm: radius },
      layoutOf('deg', 20, 0.03, 4000),
      angles.map((each) => each + shift(each)),
      0.12,
      60,
    );
    expectWithin(readings.get('zero'), zero);
    expectWithin(readings.get('displacement'), displacement);
    const x = frames[0]!.layout.axes[0]!.coordinates;
    expect(x[1000]).toBeCloseTo(50 - shift(50), 1);
  });

  it('applies a calibration that is known, from the first frame', () => {
    const { frames } = run({ coefficients: [2, 1.5] }, layoutOf('eV', 0, 1, 40), [20], 5, 100, 2);
    expect(frames).toHaveLength(2);
    expect([...frames[0]!.layout.axes[0]!.coordinates.slice(0, 3)]).toEqual([2, 3.5, 5]);
  });

  it('hands on nothing, and says so, where it does not find its lines', () => {
    const settings = { lines: [{ reference: 30 }, { reference: 90 }], window: 10, width: 5 };
    const { readings, frames } = run(settings, layoutOf('eV', 0, 1, 120), [], 5);
    expect(frames).toEqual([]);
    expect(readings.get('lines')!.quality).toBe('invalid');
  });

  it('refuses in words what cannot be', () => {
    const layout = layoutOf('eV', 0, 1, 120);
    expect(() => run({ lines: [{ reference: 500 }], window: 10 }, layout, [], 5)).toThrow(
      /c: 0 of 1 lines lie on the axis of 0 to 119 eV/,
    );
    expect(() => run({ reference: 'ramanSilicon', model: 'offset' }, layout, [], 5)).toThrow(/in cm-1, the axis in eV/);
    expect(() => run({ coefficients: [0, -1] }, layout, [], 5)).toThrow(/does not increase/);
    expect(() => axis.create('c', {})).toThrow(/'coefficients'/);
    expect(() => axis.create('c', { reference: 'Si' })).toThrow(/needs the wavelength/);
    expect(() => axis.create('c', { reference: 'xasFoils', only: ['Xx'] })).toThrow(/no line 'Xx'/);
  });
});
