import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import airpls from '../../../src/stages/background/airpls.ts';
import arpls from '../../../src/stages/background/arpls.ts';
import asls from '../../../src/stages/background/asls.ts';
import bremsstrahlung from '../../../src/stages/background/bremsstrahlung.ts';
import morphological from '../../../src/stages/background/morphological.ts';
import powerLaw from '../../../src/stages/background/powerLaw.ts';
import shirley from '../../../src/stages/background/shirley.ts';
import tougaard from '../../../src/stages/background/tougaard.ts';
import { testFrame } from '../../support/frames.ts';
import { energyLayout, gaussian, meansOf, seeFrame } from './simulate.ts';

const smooth = (e: number): number => 200 + 100 * Math.exp(-e / 150);
const layout = energyLayout(0, 1, 300);
const random = seedXoshiro128(8, 0);
const spectrum = meansOf(layout, (e) => nextPoisson(random, smooth(e) + 600 * gaussian(e, 150, 5)));
const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ['asls', asls.create('b', { lambda: 1e6, region: [130, 170] })],
  ['arpls', arpls.create('b', { lambda: 1e5, region: [130, 170] })],
  ['airpls', airpls.create('b', { lambda: 1e6, region: [130, 170] })],
  ['morphological', morphological.create('b', { region: [130, 170] })],
])('background.%s', (_name, stage) => {
  it('takes away the background and leaves the peak, its sum and their errors', () => {
    const { frame, readings } = seeFrame(stage, testFrame(layout, 0, spectrum));
    expect(frame.layout.noise).toBe('gaussian');
    expect(frame.values[150]).toBeGreaterThan(520);
    // Under the noise or through it.
    expect(Math.abs(meanOf(frame.values.subarray(30, 100)))).toBeLessThan(40);
    expect(frame.variances![40]).toBeGreaterThan(spectrum[40]!);
    expect(readings['net']!.value / (600 * 5 * Math.sqrt(2 * Math.PI))).toBeGreaterThan(0.93);
    expect(readings['net']!.value / (600 * 5 * Math.sqrt(2 * Math.PI))).toBeLessThan(1.3);
    expect(readings['net']!.standardError).toBeGreaterThan(0);
  });
});

describe('the stiffness of a penalised background', () => {
  it('stays the same as a length when channels are halved', () => {
    const fine = energyLayout(0, 0.5, 600);
    const at = (on: typeof layout, settings: object) => {
      const stage = asls.create('b', { ...settings, output: 'background', vary: 0 });
      const values = meansOf(on, (e) => smooth(e) + 600 * gaussian(e, 150, 5));
      return seeFrame(stage, testFrame(on, 0, values)).frame.values;
    };
    const coarse = at(layout, { length: 30 });
    const halved = at(fine, { length: 30 });
    for (const i of [50, 150, 250]) expect(Math.abs(halved[2 * i]! - coarse[i]!)).toBeLessThan(1);
  });
});

describe('background.powerLaw', () => {
  const losses = energyLayout(600, 0.5, 600);
  const edge = meansOf(losses, (e) => 5e13 * e ** -3.68 + (e > 708 ? 150 : 0));

  it('takes away what goes on from before the edge, and masks what lies before its window', () => {
    const { frame, readings } = seeFrame(powerLaw.create('b', { window: [630, 700] }), testFrame(losses, 0, edge));
    expect(frame.values[300]).toBeCloseTo(150, -1);
    expect(frame.mask![10]).toBe(1);
    expect(frame.mask![60]).toBe(0);
    expect(readings['exponent']!.value).toBeCloseTo(3.68, 1);
    expect(readings['net']!.standardError).toBeGreaterThan(Math.sqrt(400 * 1000));
  });

  it('says so when its window is empty', () => {
    const empty = edge.map((value, i) => (i < 300 ? 0 : value));
    const { frame, readings } = seeFrame(powerLaw.create('b', { window: [630, 700] }), testFrame(losses, 0, empty));
    expect(frame.mask!.every((masked) => masked === 1)).toBe(true);
    expect(readings['net']!.quality).toBe('invalid');
  });

  it.each([
    [{ window: [500, 700] }, 'the window 500 to 700 eV, expected a part of 600 to 899.5 eV'],
    [{ window: [650, 650.4] }, 'holds 1 channels'],
    [{ window: [630, 700], region: [690, 760] }, 'sums from 690 on'],
    [{ window: [700, 630] }, 'the lower first'],
  ])('refuses %j in words', (settings, sentence) => {
    const run = () => powerLaw.create('b', settings as never).process(testFrame(losses, 0, edge), () => undefined);
    expect(run).toThrow(sentence);
  });
});

describe('background.shirley', () => {
  const photoelectrons = energyLayout(700, 0.1, 300);
  const step = meansOf(photoelectrons, (e) => 300 + 3000 * gaussian(e, 711, 1) + (e > 711 ? 400 : 0));

  it('rises under the peak, from its level before to its level behind', () => {
    const stage = shirley.create('b', { output: 'background' });
    const { values } = seeFrame(stage, testFrame(photoelectrons, 0, step)).frame;
    expect(values[20]).toBeCloseTo(300, 0);
    expect(values[280]).toBeCloseTo(700, 0);
    expect(values[110]).toBeGreaterThan(450);
    expect(values[110]).toBeLessThan(550);
  });

  it('is the mirror image on an axis of kinetic energy', () => {
    const settings = { output: 'background', vary: 0 } as const;
    const binding = seeFrame(shirley.create('b', settings), testFrame(photoelectrons, 0, step)).frame;
    const kinetic = seeFrame(
      shirley.create('b', { ...settings, axis: 'kinetic' }),
      testFrame(photoelectrons, 0, step.toReversed()),
    ).frame;
    kinetic.values.forEach((value, i) => expect(value).toBeCloseTo(binding.values[299 - i]!, 6));
    kinetic.variances!.forEach((value, i) => expect(value).toBeCloseTo(binding.variances![299 - i]!, 6));
  });

  it('says so when nothing lies above the background', () => {
    const hollow = meansOf(photoelectrons, (e) => (e < 702 ? 300 : e > 728 ? 700 : 10));
    const { frame, readings } = seeFrame(shirley.create('b', {}), testFrame(photoelectrons, 0, hollow));
    expect(frame.mask!.every((masked) => masked === 1)).toBe(true);
    expect(readings['net']!.quality).toBe('invalid');
  });
});

describe('background.tougaard', () => {
  const photoelectrons = energyLayout(700, 0.2, 400);
  const line = meansOf(photoelectrons, (e) => 300 + 3000 * gaussian(e, 711, 1) + (e > 711 ? 8 * (e - 711) : 0));

  it('meets the spectrum at its far end when B is fitted', () => {
    const stage = tougaard.create('b', { b: 'fit', output: 'background', endpointAverage: 1 });
    const { frame, readings } = seeFrame(stage, testFrame(photoelectrons, 0, line));
    expect(frame.values[399]).toBeCloseTo(line[399]!, 6);
    expect(readings['B']!.value).toBeGreaterThan(0);
  });

  it('says so when there is nothing to fit B to', () => {
    const { readings } = seeFrame(
      tougaard.create('b', {}),
      testFrame(photoelectrons, 0, new Float64Array(400).fill(5)),
    );
    expect(readings['net']!.quality).toBe('invalid');
  });

  it('refuses a cross section with a pole, and steps that are not equal', () => {
    expect(() => tougaard.config.parse({ d: -1 })).toThrow();
    expect(() => tougaard.check!(tougaard.config.parse({ cPrime: -1 }), null)).toThrow('d is 0');
    const bent = energyLayout(700, 0.2, 400);
    bent.axes[0]!.coordinates[200]! += 0.05;
    const run = () => tougaard.create('b', {}).process(testFrame(bent, 0, line), () => undefined);
    expect(run).toThrow('a step at channel 200 of 0.25 eV');
  });
});

describe('background.bremsstrahlung', () => {
  const xrays = energyLayout(300, 20, 900);
  const windows = [
    [2000, 5900],
    [7500, 17000],
  ];
  const shape = bremsstrahlung.create('b', { beamEnergyKeV: 20, windows: windows as never, output: 'background' });
  const continuum = seeFrame(
    shape,
    testFrame(
      xrays,
      0,
      meansOf(xrays, (e) => (4e5 * (20 - e / 1000)) / e),
    ),
  ).frame.values;

  it('takes away the continuum and leaves a line', () => {
    const stage = bremsstrahlung.create('b', { beamEnergyKeV: 20, windows: windows as never, region: [6000, 7000] });
    const values = continuum.map((value, i) => 3 * value + 500 * gaussian(300 + 20 * i, 6400, 60));
    const { frame, readings } = seeFrame(stage, testFrame(xrays, 0, values));
    expect(frame.values[305]).toBeCloseTo(500, 0);
    expect(readings['net']!.value).toBeCloseTo((500 * 60 * Math.sqrt(2 * Math.PI)) / 20, -1);
    expect(readings['scale']!.standardError).toBeGreaterThan(0);
  });

  it('does not fall below nothing where lines are missing', () => {
    const stage = bremsstrahlung.create('b', { beamEnergyKeV: 20, windows: windows as never });
    const { readings } = seeFrame(stage, testFrame(xrays, 0, new Float64Array(900)));
    expect(readings['scale']!.value).toBe(0);
    expect(readings['net']!.value).toBe(0);
  });

  it('refuses an axis that is no energy, and windows outside it', () => {
    const run = (unit: string, window: [number, number]) => () =>
      bremsstrahlung
        .create('b', { beamEnergyKeV: 20, windows: [window] })
        .process(testFrame(energyLayout(300, 20, 900, unit), 0, continuum), () => undefined);
    expect(run('nm', [2000, 3000])).toThrow('the axis is in nm, expected eV or keV');
    expect(run('eV', [30_000, 40_000])).toThrow('expected a part of 300 to 18280');
  });
});

describe('any background', () => {
  it('adds what its settings could make of it to the variances when told to', () => {
    const variances = (band: 'statistical' | 'both') =>
      seeFrame(asls.create('b', { lambda: 1e4, band }), testFrame(layout, 0, spectrum)).frame.variances![150]!;
    expect(variances('both')).toBeGreaterThan(variances('statistical') + 1);
  });

  it('bridges masked channels, and hands them on masked', () => {
    const mask = new Uint8Array(300);
    mask[80] = 1;
    const values = spectrum.slice();
    values[80] = 1e6;
    const { frame } = seeFrame(arpls.create('b', { lambda: 1e5 }), testFrame(layout, 0, values, { mask }));
    expect(frame.mask![80]).toBe(1);
    expect(frame.values[80]).toBe(0);
    expect(Math.abs(meanOf(frame.values.subarray(60, 100)))).toBeLessThan(15);
  });

  it('stops at a channel that is not a number, and says which', () => {
    const values = spectrum.slice();
    values[7] = NaN;
    expect(() => seeFrame(shirley.create('b', {}), testFrame(layout, 0, values))).toThrow('values[7] is NaN');
    expect(() => seeFrame(asls.create('b', {}), testFrame(layout, 0, values))).toThrow('values[7] is NaN');
  });
});
