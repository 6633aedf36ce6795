import type { Signal } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import bremsstrahlung from '../../../src/stages/background/bremsstrahlung.ts';
import powerLaw from '../../../src/stages/background/powerLaw.ts';
import drudePlasmon from '../../../src/stages/background/drudePlasmon.ts';
import snip from '../../../src/stages/background/snip.ts';
import asls from '../../../src/stages/background/asls.ts';
import arpls from '../../../src/stages/background/arpls.ts';
import airpls from '../../../src/stages/background/airpls.ts';
import morphological from '../../../src/stages/background/morphological.ts';
import shirley from '../../../src/stages/background/shirley.ts';
import tougaard from '../../../src/stages/background/tougaard.ts';
import { axisOf, reading, type CoverageCase, type Stated } from './coverageOf.ts';

const losses = axisOf(600, 0.5, 600);
const bump = (e: number, centre: number, sigma: number): number => Math.exp(-0.5 * ((e - centre) / sigma) ** 2);
/** Channels of 710 to 760 eV, both included. */
const IN_REGION = 101;
const net: (signals: readonly Signal[]) => Stated | undefined = reading('net');

const edge = (method: 'twoArea' | 'likelihood' | 'leastSquares' | 'logLog', counts: number): CoverageCase => ({
  layout: losses,
  means: losses.axes[0]!.coordinates.map((e) => counts * (5e13 * e ** -3.68 + (e > 708 ? 150 : 0))),
  chain: () => [powerLaw.create('b', { window: [630, 700], region: [710, 760], method, vary: 0 }) as Stage],
  read: net,
  truth: counts * 150 * IN_REGION,
});

const peaks = axisOf(0, 1, 300, 'poisson', 'cm-1');
const bands = peaks.axes[0]!.coordinates.map((e) => 200 + 100 * Math.exp(-e / 150) + 600 * bump(e, 150, 6));
const photoelectrons = axisOf(700, 0.1, 300);
const core = photoelectrons.axes[0]!.coordinates.map(
  (e) => 300 + 3000 * bump(e, 711, 1) + 400 / (1 + Math.exp(-(e - 711) / 0.6)),
);
const onBands = (stage: Stage): CoverageCase => ({ layout: peaks, means: bands, chain: () => [stage], read: net });
const onCore = (stage: Stage): CoverageCase => ({
  layout: photoelectrons,
  means: core,
  chain: () => [stage],
  read: net,
});
const xrays = axisOf(0.3, 0.02, 900, 'poisson', 'keV');
const lowLoss = axisOf(2, 0.1, 500);
const region: [number, number] = [130, 170];
const ofCore: [number, number] = [705, 717];

/** Intensities above a background. Where no truth is given the bias of the method is left out: its error is statistical. */
export const EDGE_CASES: readonly (readonly [string, CoverageCase])[] = [
  ['edge above a power law, two areas', edge('twoArea', 1)],
  ['edge above a power law, likelihood', edge('likelihood', 1)],
  ['edge above a power law, likelihood, few counts', edge('likelihood', 0.01)],
  ['edge above a power law, least squares', edge('leastSquares', 1)],
  ['edge above a power law, log-log', edge('logLog', 1)],
  [
    'line above bremsstrahlung',
    {
      layout: xrays,
      means: xrays.axes[0]!.coordinates.map(
        (e) => ((40 * (20 - e)) / e) * Math.min(1, e * e) + 500 * bump(e, 6.4, 0.06),
      ),
      chain: () => [
        bremsstrahlung.create('b', {
          beamEnergyKeV: 20,
          windows: [
            [2, 5.9],
            [7.5, 17],
          ],
          region: [6, 7.2],
          vary: 0,
        }) as Stage,
      ],
      read: net,
    },
  ],
  [
    'what lies above a plasmon',
    {
      layout: lowLoss,
      means: lowLoss.axes[0]!.coordinates.map(
        (e) => (4000 * e * 16 ** 2 * 4) / ((e * e - 16 ** 2) ** 2 + (4 * e) ** 2) + (e > 36 && e < 46 ? 30 : 0),
      ),
      chain: () => [drudePlasmon.create('b', { window: [8, 30], region: [36, 46], vary: 0 }) as Stage],
      read: net,
    },
  ],
  ['band above snip', onBands(snip.create('b', { lls: false, region, vary: 0 }) as Stage)],
  ['band above asls', onBands(asls.create('b', { lambda: 1e5, region, vary: 0 }) as Stage)],
  ['band above arpls', onBands(arpls.create('b', { lambda: 1e5, region, vary: 0 }) as Stage)],
  ['band above airpls', onBands(airpls.create('b', { lambda: 1e5, region, vary: 0 }) as Stage)],
  ['band above morphological', onBands(morphological.create('b', { region, vary: 0 }) as Stage)],
  ['core level above shirley', onCore(shirley.create('b', { region: ofCore, vary: 0 }) as Stage)],
  ['core level above tougaard', onCore(tougaard.create('b', { b: 2866, region: ofCore, vary: 0 }) as Stage)],
  ['B of tougaard, fitted', { ...onCore(tougaard.create('b', { b: 'fit', vary: 0 }) as Stage), read: reading('B') }],
  ['core level above tougaard, B fitted', onCore(tougaard.create('b', { b: 'fit', region: ofCore, vary: 0 }) as Stage)],
];
