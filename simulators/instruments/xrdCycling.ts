import { spectrumLayout } from '../../src/model/layout.ts';
import { cyclingAxis } from '../forward/cyclingPattern.ts';
import { CYCLING_SCENARIOS } from '../scenarios/xrdCycling.ts';
import { createCyclingCell } from './cyclingCell.ts';
import type { Instrument } from './instrument.ts';

/** Synchrotron diffraction of a battery, 0.1839 angstrom, 1.5 to 7.1 degrees 2theta: LiFePO4 in two phases, LiNiO2 as a solid solution. */
export const xrdCycling: Instrument = {
  name: 'xrd-cycling',
  stream: 'xrd',
  branch: 0,
  summary: 'A battery in a synchrotron beam: FePO4 grows from LiFePO4, the cell of LiNiO2 breathes.',
  nominalPeriodS: 1,
  // 1e11 photons per second of 67 keV on 0.1 mm2 of an oxide that absorbs 1 cm2/g: 1.1 kGy/s; the reaction is hindered from
  // 0.05 to 20 MGy on.
  dose: { unit: 'Gy', perSecond: 1100, critical: 2e6 },
  drifts: {
    intensity: { topUp: { part: 0.007, everyS: 120 } },
    zero: { wander: { sigma: 5e-4, tauS: 3600 } },
    closer: { wander: { sigma: 0.05, tauS: 3600 } },
    halo: { wander: { sigma: 0.02, tauS: 3600 } },
  },
  // 100 ns of dead time per count in an exposure of 1 s.
  detector: { fixedPattern: 0.005, ceiling: 65535, deadFraction: 1e-7 },
  faults: { position: 3.5, hotCounts: 8000, cosmicCharge: 1000, tripShift: 0.01 },
  slowChannels: [
    { name: 'potential', unit: 'V', noise: 5e-4 },
    { name: 'current', unit: 'mA', noise: 2e-3 },
    { name: 'charge', unit: 'mA.h', noise: 0 },
    { name: 'ringCurrent', unit: 'mA', noise: 0.02 },
  ],
  scenarios: CYCLING_SCENARIOS,
  layout(channels) {
    const { start, step } = cyclingAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'twoTheta', unit: 'deg', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample: createCyclingCell,
};
