import { spectrumLayout } from '../../src/model/layout.ts';
import { createEelsCore } from '../forward/eelsCore.ts';
import { eelsCoreAxis } from '../forward/eelsSpectrum.ts';
import { EELS_SCENARIOS } from '../scenarios/eelsBeamDamage.ts';
import { createEelsSample, CRITICAL_FLUENCE, FLUENCE_RATE } from './eelsSample.ts';
import type { Instrument } from './instrument.ts';

/** Fe L2,3 core-loss spectra under the electron beam: Fe3+ becomes Fe2+. The zero-loss position is a slow signal too. */
export const eelsBeamDamage: Instrument = {
  name: 'eels-beam-damage',
  stream: 'eels',
  branch: 0,
  summary: 'Fe L2,3 edge under the beam: Fe3+ is reduced to Fe2+.',
  nominalPeriodS: 1,
  dose: { unit: 'nm-2', perSecond: FLUENCE_RATE, critical: CRITICAL_FLUENCE },
  drifts: {
    intensity: { ratePerHour: -0.1, wander: { sigma: 0.005, tauS: 1 } },
    shift: {
      wander: { sigma: 0.15, tauS: 300 },
      walkPerRootHour: 0.3,
      jumps: { least: 0.2, most: 1, perHour: 1 },
    },
    thickness: { walkPerRootHour: 0.02 },
    slope: { wander: { sigma: 0.03, tauS: 600 } },
  },
  // What the gain reference leaves of the camera's pattern.
  detector: { fixedPattern: 0.002, ceiling: 65535 },
  faults: { position: 709.5, hotCounts: 2e4, cosmicCharge: 3000, tripShift: 0.3 },
  slowChannels: [
    { name: 'beamCurrent', unit: 'nA', noise: 2e-4 },
    { name: 'doseRate', unit: 'nm-2.s-1', noise: 0 },
    { name: 'zeroLossPosition', unit: 'eV', noise: 0.02 },
    { name: 'highTension', unit: 'kV', noise: 5e-4 },
    { name: 'pressure', unit: 'Pa', noise: 2e-7 },
  ],
  scenarios: EELS_SCENARIOS,
  layout(channels) {
    const { start, step } = eelsCoreAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'energyLoss', unit: 'eV', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: (channels, start) => createEelsSample(createEelsCore(channels), start),
};
