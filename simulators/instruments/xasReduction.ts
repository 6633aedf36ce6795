import { spectrumLayout } from '../../src/model/layout.ts';
import { xasAxis } from '../forward/xasSpectrum.ts';
import { createXasStream } from '../forward/xasStream.ts';
import { XAS_SCENARIOS } from '../scenarios/xasReduction.ts';
import type { Instrument } from './instrument.ts';
import { createXasSample, XAS_SCAN_S } from './xasSample.ts';

/** Quick scans over the Ni K edge in transmission: NiO is reduced to nickel. The frame is ln(I0 / I1), with variances. */
export const xasReduction: Instrument = {
  name: 'xas-reduction',
  stream: 'xas',
  branch: 0x8a5,
  summary: 'Absorption at the Ni K edge: NiO is reduced to nickel.',
  nominalPeriodS: XAS_SCAN_S,
  // 2e9 photons per second of 8.3 keV in 0.1 x 0.1 mm2, on an oxide that absorbs 100 cm2/g.
  dose: { unit: 'Gy', perSecond: 2670, critical: 2e6 },
  drifts: {
    intensity: { topUp: { part: 0.007, everyS: 120 } },
    shift: { wander: { sigma: 0.05, tauS: 1200 }, jumps: { least: 0.2, most: 0.2, perHour: 1 } },
    // Scans go up and down by turns.
    hysteresis: { sine: { amplitude: 0.05, periodS: 2 * XAS_SCAN_S } },
    thickness: { walkPerRootHour: 0.002 },
    dark: { wander: { sigma: 1e-4, tauS: 1800 } },
    temperature: { wander: { sigma: 1, tauS: 600 } },
  },
  detector: {},
  electronicNoise: 2e-4,
  faults: { position: 8350, hotCounts: 5e5, cosmicCharge: 0, tripShift: 0.3 },
  slowChannels: [
    { name: 'ringCurrent', unit: 'mA', noise: 0.02 },
    { name: 'I0', unit: '1/s', noise: 2e6 },
    { name: 'temperature', unit: 'K', noise: 0.2 },
    { name: 'hydrogenFlow', unit: 'mL/min', noise: 0.05 },
    { name: 'massWater', unit: 'A', noise: 1e-12 },
  ],
  scenarios: XAS_SCENARIOS,
  layout(channels) {
    const { start, step } = xasAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'energy', unit: 'eV', coordinates },
      { quantity: 'absorbance', unit: '1', noise: 'gaussian' },
    );
  },
  createSample: (channels, start) => createXasSample(createXasStream(channels), channels, start),
};
