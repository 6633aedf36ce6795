import { describe, expect, it } from 'vitest';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import whiteLineFit from '../../../src/stages/quantification/whiteLineFit.ts';
import { goldenCases, numbersOf, OWN_FOLDER } from '../../golden/goldenCases.ts';
import { testFrame } from '../../support/frames.ts';
import { energyLayout, seeFrame } from '../background/simulate.ts';

const iron = { l3: 709, splitting: 13 };
const layout = energyLayout(690, 0.1, 500);
const golden = goldenCases('eels_white_lines', OWN_FOLDER).filter(({ params }) => 'bounds' in params);
const step = (e: number, at: number): number => 0.5 + Math.atan((e - at) / 0.5) / Math.PI;
const line = (e: number, at: number, sigma: number): number => Math.exp(-0.5 * ((e - at) / sigma) ** 2);
/** Two lines 13 eV apart on their continuum, ratio of areas 1000 / (300 * 1.25). */
const means = (scale: number, shift = 0): Float64Array =>
  layout.axes[0]!.coordinates.map((coordinate) => {
    const e = coordinate + shift;
    return (
      scale *
      (20 +
        1000 * line(e, 709.5, 1.1) +
        300 * line(e, 722.5, 1.375) +
        400 * ((2 / 3) * step(e, 710.1) + (1 / 3) * step(e, 723.1)))
    );
  });
const RATIO = 1000 / (300 * 1.25);

describe('quantification.whiteLineFit', () => {
  it.each(golden.map((each) => [each.id, each] as const))('reads %s as lmfit has it', (_id, { inputs, expected }) => {
    const values = Float64Array.from(numbersOf(inputs['y']));
    const unweighed = energyLayout(690, 0.1, 500, 'eV', 'scaledPoisson');
    const frame = testFrame(unweighed, 0, values, { variances: values.map((value) => Math.max(value, 1)) });
    const { readings } = seeFrame(whiteLineFit.create('w', iron), frame);
    const want = expected as unknown as {
      values: Record<string, number>;
      stderr: Record<string, number>;
      chi2: number;
    };
    expect(readings['L3']!.value).toBeCloseTo(want.values['c3']!, 2);
    expect(readings['L3']!.standardError! / want.stderr['c3']! - 1).toBeCloseTo(0, 1);
    expect(readings['L2']!.value - readings['L3']!.value).toBeCloseTo(want.values['d']!, 2);
    const ratio = want.values['a3']! / (1.25 * want.values['a2']!);
    expect(readings['ratio']!.value / ratio - 1).toBeCloseTo(0, 3);
    expect(readings['misfit']!.value * 493).toBeCloseTo(want.chi2, 1);
  });

  it('has errors that hold: 93 to 97 of 100 intervals of places, areas and ratio', () => {
    const random = seedXoshiro128(17, 0);
    const stage = whiteLineFit.create('w', iron);
    const truth = {
      L3: 709.5,
      L2: 722.5,
      areaL3: (0.4 * 1000 * 1.1 * Math.sqrt(2 * Math.PI)) / 0.1,
      areaL2: (0.4 * 300 * 1.375 * Math.sqrt(2 * Math.PI)) / 0.1,
      ratio: RATIO,
    };
    const held: Record<string, number> = {};
    for (let seq = 0; seq < 2000; seq++) {
      const frame = testFrame(layout, seq, fillPoisson(random, means(0.4), new Float64Array(500)));
      const { readings } = seeFrame(stage, frame);
      for (const [name, wanted] of Object.entries(truth)) {
        const { value, standardError } = readings[name]!;
        held[name] = (held[name] ?? 0) + (Math.abs(value - wanted) < 1.96 * standardError! ? 1 / 2000 : 0);
      }
    }
    for (const name of Object.keys(truth)) {
      expect(held[name], name).toBeGreaterThan(0.93);
      expect(held[name], name).toBeLessThan(0.97);
    }
  });

  it('adds the measured drift, and gives nothing valid of a spectrum without lines', () => {
    const stage = whiteLineFit.create('w', iron);
    const { readings } = seeFrame(stage, testFrame(layout, 0, means(1, 2), { axisShift: 2 }));
    expect(readings['L3']!.value).toBeCloseTo(709.5, 3);
    expect(readings['ratio']!.value).toBeCloseTo(RATIO, 3);
    const flat = seeFrame(stage, testFrame(layout, 1, new Float64Array(500).fill(20))).readings;
    for (const name of ['L3', 'L2', 'ratio']) expect(flat[name]!.quality).toBe('invalid');
    expect(Math.abs(flat['areaL3']!.value)).toBeLessThan(1);
  });

  it('refuses lines that the axis does not hold', () => {
    const stage = whiteLineFit.create('w', { l3: 730, splitting: 13 });
    expect(() => seeFrame(stage, testFrame(layout, 0, means(1)))).toThrow(
      'w: the lines are at 730 and 743, expected within 690 to 739.9 eV',
    );
  });
});
