import { spectrumLayout } from '../../src/model/layout.ts';
import { ramanAxis } from '../forward/siliconRaman.ts';
import { CRYSTALLISATION_SCENARIOS } from '../scenarios/ramanCrystallisation.ts';
import type { Instrument } from './instrument.ts';
import { createSiliconSample, LASER_MW } from './siliconSample.ts';

/** Raman scattering of a film of amorphous silicon, 150 to 968 cm-1: crystals grow, fluorescence bleaches. */
export const ramanCrystallisation: Instrument = {
  name: 'raman-crystallisation',
  stream: 'raman',
  branch: 0,
  summary: 'Amorphous silicon under a laser: the crystal line grows beside a fluorescence that bleaches.',
  nominalPeriodS: 1,
  // Joule on the spot; what crystallises it needs heat as well.
  dose: { unit: 'J', perSecond: LASER_MW * 1e-3, critical: 1 },
  drifts: {
    intensity: { wander: { sigma: 0.01, tauS: 60 } },
    shift: { wander: { sigma: 0.05, tauS: 1800 } },
    focus: { walkPerRootHour: 0.03 },
    etalon: { wander: { sigma: 0.002, tauS: 7200 } },
  },
  detector: { fixedPattern: 0.005, ceiling: 65535 },
  faults: { position: 520.7, hotCounts: 1000, cosmicCharge: 3000, tripShift: 0.2 },
  slowChannels: [
    { name: 'laserPower', unit: 'mW', noise: 1e-3 },
    { name: 'stageTemperature', unit: 'K', noise: 0.1 },
    { name: 'roomTemperature', unit: 'K', noise: 0.02 },
  ],
  scenarios: CRYSTALLISATION_SCENARIOS,
  layout(channels) {
    const { start, step } = ramanAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'ramanShift', unit: 'cm-1', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: createSiliconSample,
};
