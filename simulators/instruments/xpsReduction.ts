import { spectrumLayout } from '../../src/model/layout.ts';
import { ceriumAxis } from '../forward/ceriumSpectrum.ts';
import { REDUCTION_SCENARIOS } from '../scenarios/xpsReduction.ts';
import { createCeriumSample } from './ceriumSample.ts';
import type { Instrument } from './instrument.ts';

/** Photoelectrons of Ce 3d under Al K-alpha, 874 to 925 eV, all channels at once: CeO2 is reduced. */
export const xpsReduction: Instrument = {
  name: 'xps-reduction',
  stream: 'xps',
  branch: 0,
  summary: 'Ce 3d under X-rays: hydrogen reduces Ce4+ to Ce3+ while the sample charges.',
  nominalPeriodS: 10,
  // Minutes of exposure at full power: ceria goes by hours of Al K-alpha.
  dose: { unit: 'min', perSecond: 1 / 60, critical: 600 },
  drifts: {
    intensity: { wander: { sigma: 0.01, tauS: 1800 } },
    shift: { wander: { sigma: 0.1, tauS: 600 }, jumps: { least: 0.5, most: 0.5, perHour: 0.5 } },
    broaden: { wander: { sigma: 0.1, tauS: 1800 } },
    overlayer: { ratePerHour: 0.01 },
  },
  // 100 ns of dead time per count in an exposure of 10 s.
  detector: { fixedPattern: 0.005, ceiling: 65535, deadFraction: 1e-8 },
  faults: { position: 885.2, hotCounts: 8000, cosmicCharge: 500, tripShift: 0.3 },
  slowChannels: [
    { name: 'pressure', unit: 'Pa', noise: 2e-8 },
    { name: 'temperature', unit: 'K', noise: 0.3 },
    { name: 'floodCurrent', unit: 'uA', noise: 0.2 },
    { name: 'hydrogenFlow', unit: 'mL/min', noise: 0.05 },
    { name: 'oxygenFlow', unit: 'mL/min', noise: 0.05 },
    { name: 'sourcePower', unit: '1', noise: 0.001 },
  ],
  scenarios: REDUCTION_SCENARIOS,
  layout(channels) {
    const { start, step } = ceriumAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'bindingEnergy', unit: 'eV', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: createCeriumSample,
};
