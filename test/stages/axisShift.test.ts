import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/model/frame.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { Reading } from '../../src/model/signal.ts';
import type { Stage } from '../../src/model/stage.ts';
import { channelsMoved } from '../../src/model/channelsMoved.ts';
import asls from '../../src/stages/background/asls.ts';
import bremsstrahlung from '../../src/stages/background/bremsstrahlung.ts';
import powerLaw from '../../src/stages/background/powerLaw.ts';
import tougaard from '../../src/stages/background/tougaard.ts';
import area from '../../src/stages/normalisation/area.ts';
import maximum from '../../src/stages/normalisation/maximum.ts';
import referencePeak from '../../src/stages/normalisation/referencePeak.ts';
import peaksFit from '../../src/stages/peaks/fit.ts';
import intensity from '../../src/stages/quantification/intensity.ts';
import { testFrame } from '../support/frames.ts';
import { energyLayout, gaussian, meansOf, seeFrame } from './background/simulate.ts';

/** A frame whose axis has drifted: what is at energy e stands at e - shift, and the shift is told. */
const drifted = (layout: Layout, mean: (energy: number) => number, shift: number, told = shift): Frame =>
  testFrame(
    layout,
    0,
    meansOf(layout, (e) => mean(e + shift)),
    { axisShift: told },
  );

/** Readings of a new stage for a frame with that shift; not following it, for one that is not told. */
const readingsAt = (make: () => Stage, layout: Layout, mean: (energy: number) => number) => ({
  still: seeFrame(make(), drifted(layout, mean, 0)).readings,
  followed: (shift: number): Readonly<Record<string, Reading>> =>
    seeFrame(make(), drifted(layout, mean, shift)).readings,
  untold: (shift: number): Readonly<Record<string, Reading>> =>
    seeFrame(make(), drifted(layout, mean, shift, 0)).readings,
});

const losses = energyLayout(600, 0.5, 600);
const edge = (e: number): number => 5e13 * e ** -3.68 + (e > 708 ? 150 : 0);
const xrays = energyLayout(300, 20, 900);
const line = (e: number): number => (4e5 * (20 - e / 1000)) / Math.max(e, 20) + 500 * gaussian(e, 6400, 60);
const photoelectrons = energyLayout(700, 0.1, 600);
const core = (e: number): number => 500 + 2000 * gaussian(e, 720, 1) + (e > 720 ? 300 : 0);

describe('windows follow the measured drift of the frame:', () => {
  it('those of a power law, with its energies and its region', () => {
    const make = () => powerLaw.create('b', { window: [640, 700], region: [712, 760] });
    const { still, followed, untold } = readingsAt(make, losses, edge);
    for (const shift of [-12, 12]) {
      expect(followed(shift)['net']!.value / still['net']!.value - 1).toBeCloseTo(0, 2);
      expect(followed(shift)['exponent']!.value).toBeCloseTo(3.68, 2);
      expect(Math.abs(untold(shift)['exponent']!.value - 3.68)).toBeGreaterThan(0.03);
    }
    const { frame } = seeFrame(make(), drifted(losses, edge, 12));
    // 640 eV stand in the channel of 628 eV now; what lies before is not known.
    expect([frame.mask![55], frame.mask![56]]).toEqual([1, 0]);
  });

  it('those of an X-ray continuum, with its shape', () => {
    const windows: [number, number][] = [
      [2000, 5900],
      [6900, 17000],
    ];
    const make = () => bremsstrahlung.create('b', { beamEnergyKeV: 20, windows, region: [6100, 6700] });
    const { still, followed, untold } = readingsAt(make, xrays, line);
    for (const shift of [-400, 400]) {
      expect(followed(shift)['net']!.value / still['net']!.value - 1).toBeCloseTo(0, 2);
      expect(Math.abs(untold(shift)['net']!.value / still['net']!.value - 1)).toBeGreaterThan(0.2);
    }
  });

  it('the region of any background', () => {
    for (const make of [
      () => asls.create('b', { lambda: 1e6, region: [717, 723] }),
      () => tougaard.create('b', { region: [717, 723] }),
    ]) {
      const { still, followed, untold } = readingsAt(make, photoelectrons, core);
      expect(followed(4)['net']!.value / still['net']!.value - 1).toBeCloseTo(0, 1);
      expect(followed(4)['net']!.standardError! / still['net']!.standardError! - 1).toBeCloseTo(0, 0);
      expect(Math.abs(untold(4)['net']!.value / still['net']!.value - 1)).toBeGreaterThan(0.5);
    }
  });

  it('the part that is fitted with peaks', () => {
    const make = () =>
      peaksFit.create('p', {
        region: [714, 726],
        background: 'constant',
        peaks: [{ name: 'A', shape: 'gaussian', position: 720, within: 2, width: 2.4 }],
      });
    const peak = (e: number): number => 100 + 2000 * gaussian(e, 720, 1) + 4000 * gaussian(e, 733, 1);
    const { still, followed, untold } = readingsAt(make, photoelectrons, peak);
    for (const shift of [-8, 8]) {
      const { 'A.area': area, 'A.position': position, misfit } = followed(shift);
      expect(area!.value / still['A.area']!.value - 1).toBeCloseTo(0, 3);
      expect(position!.value).toBeCloseTo(720, 2);
      expect(misfit!.value).toBeLessThan(0.1);
    }
    expect(untold(8)['misfit']!.value).toBeGreaterThan(10);
  });

  it('the reference peak of a normalisation', () => {
    const normalised = (frame: Frame) =>
      seeFrame(referencePeak.create('n', { window: [717, 723] }), frame).frame.values;
    const still = normalised(drifted(photoelectrons, core, 0));
    const followed = normalised(drifted(photoelectrons, core, 4));
    // 720 eV: channel 200, and 160 when it has drifted.
    expect(followed[160]! / still[200]! - 1).toBeCloseTo(0, 5);
    expect(normalised(drifted(photoelectrons, core, 4, 0))[160]! / still[200]! - 1).not.toBeCloseTo(0, 1);
  });

  it.each([
    ['normalisation.area', area],
    ['normalisation.maximum', maximum],
  ] as const)('the region of %s', (_kind, stage) => {
    const normalised = (frame: Frame) => seeFrame(stage.create('n', { region: [717, 723] }), frame).frame.values;
    const peak = (e: number): number => core(e) + 6000 * gaussian(e, 735, 1);
    const still = normalised(drifted(photoelectrons, peak, 0));
    expect(normalised(drifted(photoelectrons, peak, 4))[160]! / still[200]! - 1).toBeCloseTo(0, 5);
    expect(normalised(drifted(photoelectrons, peak, 16, 0))[40]! / still[200]! - 1).not.toBeCloseTo(0, 1);
  });

  it('the region whose intensity is summed, also from one frame to the next', () => {
    const stage = intensity.create('i', { region: [717, 723], previous: 2 });
    const totals: number[] = [];
    for (const shift of [0, 1, -2, 3, 0.3])
      stage.process(drifted(photoelectrons, core, shift), (signal) => {
        if (signal.name === 'total') totals.push(signal.value);
      });
    expect(totals).toHaveLength(5);
    for (const total of totals) expect(total / totals[0]! - 1).toBeCloseTo(0, 2);
  });
});

describe('a frame that has drifted until the axis no longer covers a window', () => {
  it.each([
    ['background.powerLaw', powerLaw.create('b', { window: [640, 700] }), losses, edge, 60],
    [
      'background.bremsstrahlung',
      bremsstrahlung.create('b', { beamEnergyKeV: 20, windows: [[2000, 5900]] }),
      xrays,
      line,
      3000,
    ],
    ['background.asls', asls.create('b', { region: [717, 723] }), photoelectrons, core, 30],
    ['normalisation.referencePeak', referencePeak.create('n', { window: [717, 723] }), photoelectrons, core, 30],
    ['normalisation.area', area.create('n', { region: [717, 723] }), photoelectrons, core, 30],
    ['normalisation.maximum', maximum.create('n', { region: [717, 723] }), photoelectrons, core, 30],
  ] as const)(
    'is flagged by %s, and the next one that is covered is used again',
    (_kind, stage, layout, mean, shift) => {
      const lost = seeFrame(stage, drifted(layout, mean, shift));
      expect(lost.frame.mask).toEqual(new Uint8Array(layout.size).fill(1));
      for (const { quality } of Object.values(lost.readings)) expect(quality).toBe('invalid');
      expect(seeFrame(stage, drifted(layout, mean, 0)).frame.mask?.includes(0) ?? true).toBe(true);
    },
  );

  it('is no fit of peaks that could not be seen', () => {
    const stage = peaksFit.create('p', {
      region: [714, 726],
      peaks: [{ name: 'A', shape: 'gaussian', position: 720, width: 2.4 }],
    });
    const { readings } = seeFrame(stage, drifted(photoelectrons, core, 30));
    expect(readings['A.area']!.quality).toBe('invalid');
    expect(readings['converged']!.value).toBe(0);
  });
});

describe('channelsMoved', () => {
  it('counts whole channels, to both sides and beyond the ends', () => {
    const axis = photoelectrons.axes[0]!;
    expect([0, 0.04, 0.06, 1, -1].map((shift) => channelsMoved(axis, 100, shift))).toEqual([0, 0, -1, -10, 10]);
    expect(channelsMoved(axis, 5, 2)).toBe(-20);
    expect(channelsMoved(axis, 595, -2)).toBe(20);
  });
});
