import { describe, expect, it } from 'vitest';
import { stageDefinitions } from '../../../src/config/definitions.ts';
import type { Layout } from '../../../src/model/layout.ts';
import arpls from '../../../src/stages/background/arpls.ts';
import airpls from '../../../src/stages/background/airpls.ts';
import asls from '../../../src/stages/background/asls.ts';
import bremsstrahlung from '../../../src/stages/background/bremsstrahlung.ts';
import drudePlasmon from '../../../src/stages/background/drudePlasmon.ts';
import morphological from '../../../src/stages/background/morphological.ts';
import powerLaw from '../../../src/stages/background/powerLaw.ts';
import shirley from '../../../src/stages/background/shirley.ts';
import snip from '../../../src/stages/background/snip.ts';
import tougaard from '../../../src/stages/background/tougaard.ts';
import { coverage, energyLayout, gaussian, meansOf, seeFrame } from './simulate.ts';
import { testFrame } from '../../support/frames.ts';

interface Made {
  create(id: string, settings: never): Parameters<typeof seeFrame>[0];
}

/** Both outputs of a stage at the same settings. */
function both(stage: unknown, settings: object) {
  const { create } = stage as Made;
  const make = (output: string) => create('b', { ...settings, output, vary: 0 } as never);
  return [make('subtracted'), make('background')] as const;
}

const losses = energyLayout(600, 0.5, 600);
const before = meansOf(losses, (e) => 5e13 * e ** -3.68);
const edge = meansOf(losses, (e) => (e > 708 ? 150 : 0));
/** Channels of 710 to 760 eV, both included. */
const CHANNELS_OF_EDGE = 101;

describe('the intensity of an edge above its power law', () => {
  const settings = { window: [630, 700], region: [710, 760] };
  it.each(['twoArea', 'likelihood'])(
    'by %s lies within its 95 percent interval in 93 to 97 of 100 spectra',
    (method) => {
      const found = coverage(
        both(powerLaw, { ...settings, method }),
        losses,
        before.map((mean, i) => mean + edge[i]!),
        { spectra: 2000, truth: 150 * CHANNELS_OF_EDGE, seed: 5 },
      );
      expect(found.covered).toBeGreaterThan(0.93);
      expect(found.covered).toBeLessThan(0.97);
      expect(found.variances).toBeGreaterThan(0.9);
      expect(found.variances).toBeLessThan(1.1);
    },
  );

  it('does so at a few counts per channel, too', () => {
    const found = coverage(
      both(powerLaw, { ...settings, method: 'likelihood' }),
      losses,
      before.map((mean, i) => (mean + edge[i]!) / 100),
      { spectra: 2000, truth: 1.5 * CHANNELS_OF_EDGE, seed: 6 },
    );
    expect(found.covered).toBeGreaterThan(0.93);
    expect(found.covered).toBeLessThan(0.975);
  });
});

const peaks = energyLayout(0, 1, 300);
const photoelectrons = energyLayout(700, 0.1, 300);
const xrays = energyLayout(0.3, 0.02, 900, 'keV');
const peak = (e: number): number => 200 + 100 * Math.exp(-e / 150) + 600 * gaussian(e, 150, 6);
const line = (e: number): number => 300 + 3000 * gaussian(e, 711, 1) + 400 / (1 + Math.exp(-(e - 711) / 0.6));
const continuum = (e: number): number => ((40 * (20 - e)) / e) * Math.min(1, e * e) + 500 * gaussian(e, 6.4, 0.06);

const lowLoss = energyLayout(2, 0.1, 500);
const plasmon = (e: number): number =>
  (4000 * e * 1024) / ((e * e - 256) ** 2 + 16 * e * e) + (e > 31 && e < 46 ? 30 : 0);
const beforeEdge = (e: number): number => 5e13 * e ** -3.68 + (e > 708 ? 150 : 0);

type Band = readonly [string, unknown, object, Layout, (e: number) => number, number];
const BANDS: readonly Band[] = [
  ['snip', snip, { region: [130, 170], lls: false }, peaks, peak, 0.3],
  ['airpls', airpls, { lambda: 1e5, region: [130, 170] }, peaks, peak, 0.4],
  ...(['twoArea', 'logLog', 'leastSquares', 'likelihood'] as const).map((method): Band => [
    `power law, ${method}`,
    powerLaw,
    { window: [630, 700], region: [710, 760], method },
    losses,
    beforeEdge,
    0.12,
  ]),
  ['drude plasmon', drudePlasmon, { window: [8, 30], region: [36, 46] }, lowLoss, plasmon, 0.12],
  ['asls', asls, { lambda: 1e5, region: [130, 170] }, peaks, peak, 0.15],
  ['arpls', arpls, { lambda: 1e5, region: [130, 170] }, peaks, peak, 0.25],
  ['morphological', morphological, { region: [130, 170] }, peaks, peak, 0.3],
  ['shirley', shirley, { region: [705, 717] }, photoelectrons, line, 0.12],
  ['tougaard', tougaard, { b: 2866, region: [705, 717] }, photoelectrons, line, 0.12],
  ['tougaard with B fitted', tougaard, { b: 'fit', region: [705, 717] }, photoelectrons, line, 0.15],
  [
    'bremsstrahlung',
    bremsstrahlung,
    {
      beamEnergyKeV: 20,
      windows: [
        [2, 5.9],
        [7.5, 17],
      ],
      region: [6, 7.2],
    },
    xrays,
    continuum,
    0.12,
  ],
];

describe('the band of a background', () => {
  it.each(BANDS)('is as wide as simulated spectra scatter: %s', (_name, stage, settings, layout, mean, within) => {
    const found = coverage(both(stage, settings), layout, meansOf(layout, mean), { spectra: 300, seed: 3 });
    expect(Math.abs(found.ratio - 1)).toBeLessThan(within);
    expect(found.variances).toBeGreaterThan(1 - 2 * within);
    expect(found.variances).toBeLessThan(1 + 2 * within);
  });

  it('is there for every background', () => {
    const kinds = stageDefinitions.filter(({ kind }) => kind.startsWith('background.')).map(({ kind }) => kind);
    expect(new Set(BANDS.map(([, stage]) => (stage as { kind: string }).kind))).toEqual(new Set(kinds));
  });

  it.each(BANDS)('has a systematic part, found again in a while: %s', (_name, stage, settings, layout, mean) => {
    const { create } = stage as Made;
    const running = create('b', { ...settings, vary: 0.2, varyEvery: 3 } as never);
    const values = meansOf(layout, mean);
    const errors = [1, 1, 1, 2].map(
      (scale, k) =>
        seeFrame(
          running,
          testFrame(
            layout,
            k,
            values.map((value) => value * scale),
          ),
        ).readings['net']!.systematicError!,
    );
    expect(errors[0]).toBeGreaterThan(0);
    expect(errors[1]).toBe(errors[0]);
    expect(errors[2]).toBe(errors[0]);
    expect(errors[3]).not.toBe(errors[0]);
  });
});
