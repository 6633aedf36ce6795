import { spectrumLayout } from '../../src/model/layout.ts';
import { createEelsCore } from '../forward/eelsCore.ts';
import { eelsCoreAxis } from '../forward/eelsSpectrum.ts';
import { EELS_SCENARIOS } from '../scenarios/eelsBeamDamage.ts';
import type { Instrument, Sample } from './instrument.ts';

/** Scanned over 100 x 100 nm2 with 50 pA. */
const BEAM_CURRENT_NA = 0.05;
const AREA_NM2 = 1e4;
const ELECTRONS_PER_SECOND_AND_NA = 1 / 1.602176634e-10;
const FLUENCE_RATE = (BEAM_CURRENT_NA * ELECTRONS_PER_SECOND_AND_NA) / AREA_NM2;
const CRITICAL_FLUENCE = 1e7;

const START = { ferric: 1, thickness: 0.5, iron: 1, slope: 3 };
/** Fe3+ left when the event is over. */
const FERRIC_AT_END = 0;
/** Per critical fluence: iron sputtered, and carbon deposited in mean free paths. */
const SPUTTERED = 0.01;
const DEPOSITED = 0.011;
const HIGH_TENSION_KV = 200;
const PRESSURE_PA = 2e-5;
/** One standard deviation of thickness from area to area, mean free paths. */
const AREA_THICKNESS = 0.1;

/** Fe L2,3 core-loss spectra under the electron beam: Fe3+ becomes Fe2+. The zero-loss position of the low loss is a slow signal. */
export const eelsBeamDamage: Instrument = {
  name: 'eels-beam-damage',
  stream: 'eels',
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
  createSample,
};

function createSample(channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin: typeof START = { ...START, ...start };
  const core = createEelsCore(channels);
  const now = { ...begin, shift: 0 };
  return {
    advance({ change, dose, isDamaging, drift, axisShift, area }) {
      const harm = isDamaging ? dose / CRITICAL_FLUENCE : 0;
      now.ferric = begin.ferric + (FERRIC_AT_END - begin.ferric) * change;
      now.iron = begin.iron - SPUTTERED * harm;
      now.thickness = Math.max(0.1, begin.thickness + drift.thickness + DEPOSITED * harm + AREA_THICKNESS * area[0]);
      now.slope = begin.slope + drift.slope;
      now.shift = drift.shift + axisShift;
      return change;
    },
    mean({ liveS, beam }, out) {
      core.mean(now, liveS * beam, out);
    },
    slow({ beam, openFraction, timeLapse }) {
      const arriving = beam * openFraction * timeLapse;
      return [BEAM_CURRENT_NA * arriving, FLUENCE_RATE * arriving, now.shift, HIGH_TENSION_KV, PRESSURE_PA];
    },
    state: () => now,
  };
}
