import { spectrumLayout } from '../../src/model/layout.ts';
import { createXrdPattern, xrdAxis } from '../forward/xrdPattern.ts';
import { avramiFraction, CRYSTALLISATION, grownSize, reducedTime, RUTILE_FORMATION } from '../parts/kinetics.ts';
import { startState } from '../parts/startState.ts';
import { XRD_SCENARIOS } from '../scenarios/xrdHeating.ts';
import type { Instrument, Sample } from './instrument.ts';

/** Where the sample starts unless the scenario says otherwise. */
const START = {
  /** K, and K per second. */
  temperature: 950,
  heating: 0,
  amorphous: 0.1,
  anatase: 0.9,
  rutile: 0,
  anataseSize: 30,
  rutileSize: 60,
  strain: 0.0006,
  /** 1: fractions and sizes follow temperature by kinetics; 0: by the event of the scenario. */
  kinetics: 0,
};
const RANGES = {
  temperature: [1, 3000, 'K'],
  heating: [-10, 10, 'K/s'],
  amorphous: [0, 1, '1'],
  anatase: [0, 1, '1'],
  rutile: [0, 1, '1'],
  anataseSize: [1, 1000, 'nm'],
  rutileSize: [1, 1000, 'nm'],
  strain: [0, 0.01, '1'],
  kinetics: [0, 1, '1'],
} as const;
const HOLDER_EXPANSION_MM_PER_K = 1e-4;
const THERMOCOUPLE_LAG_S = 5;
const THERMOCOUPLE_OFFSET_K = 4;
const GAS_FLOW = 50;
/** How a fresh area differs: one standard deviation of texture, of intensity and of height (mm). */
const AREA = { texture: 0.03, intensity: 0.05, height: 0.02 };

/** Laboratory diffraction of TiO2 on heating: amorphous, anatase, rutile. Cu K-alpha, 20 to 61 degrees 2theta. */
export const xrdHeating: Instrument = {
  name: 'xrd-heating',
  stream: 'xrd',
  branch: 0,
  summary: 'TiO2 on heating, Cu K-alpha: rutile grows from anatase.',
  nominalPeriodS: 10,
  // About 1e9 photons per cm2 and second of 8 keV on an oxide that absorbs 120 cm2/g.
  dose: { unit: 'Gy', perSecond: 0.15, critical: Infinity },
  drifts: {
    intensity: { wander: { sigma: 0.005, tauS: 600 } },
    zero: { wander: { sigma: 0.003, tauS: 3600 } },
    height: { walkPerRootHour: 0.02 },
    texture: { wander: { sigma: 0.02, tauS: 7200 } },
  },
  detector: { fixedPattern: 0.005 },
  faults: { position: 25.28, hotCounts: 400, cosmicCharge: 60, tripShift: 0.02 },
  slowChannels: [
    { name: 'temperatureSet', unit: 'K', noise: 0 },
    { name: 'temperature', unit: 'K', noise: 0.3 },
    { name: 'gasFlow', unit: 'mL/min', noise: 0.2 },
    { name: 'beamMonitor', unit: '1', noise: 0.002 },
  ],
  scenarios: XRD_SCENARIOS,
  layout(channels) {
    const { start, step } = xrdAxis(channels);
    const coordinates = Float64Array.from({ length: channels }, (_, i) => start + i * step);
    return spectrumLayout(
      { name: 'twoTheta', unit: 'deg', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
  },
  createSample,
};

function createSample(channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  const { temperature, amorphous, anatase, rutile, anataseSize, rutileSize, strain } = begin;
  const pattern = createXrdPattern(channels);
  const now = {
    temperature,
    amorphous,
    anatase,
    rutile,
    anataseSize,
    rutileSize,
    strain,
    texture: 1,
    zero: 0,
    height: 0,
  };
  let crystallisation = 0;
  let rutileFormation = 0;
  let thermocouple = temperature;
  return {
    advance({ timeS, periodS, change, drift, axisShift, area }) {
      now.temperature = temperature + begin.heating * timeS;
      thermocouple += (now.temperature - thermocouple) * (1 - Math.exp(-periodS / THERMOCOUPLE_LAG_S));
      now.texture = 1 + drift.texture + AREA.texture * area[0];
      now.zero = drift.zero + axisShift;
      now.height = drift.height + HOLDER_EXPANSION_MM_PER_K * (now.temperature - temperature) + AREA.height * area[0];
      if (begin.kinetics === 0) {
        now.rutile = rutile + anatase * change;
        now.anatase = anatase * (1 - change);
        return change;
      }
      crystallisation += reducedTime(CRYSTALLISATION, now.temperature, periodS);
      rutileFormation += reducedTime(RUTILE_FORMATION, now.temperature, periodS);
      const crystalline = avramiFraction(CRYSTALLISATION, crystallisation);
      const converted = avramiFraction(RUTILE_FORMATION, rutileFormation);
      now.amorphous = 1 - crystalline;
      now.anatase = crystalline * (1 - converted);
      now.rutile = crystalline * converted;
      now.anataseSize = grownSize(now.anataseSize, now.temperature, periodS);
      return 0.5 * crystalline * (1 + converted);
    },
    mean({ liveS, beam, area }, out) {
      pattern.mean(now, liveS * beam * Math.max(0.1, 1 + AREA.intensity * area[1]), out);
    },
    slow({ beam, openFraction }) {
      return [now.temperature, thermocouple + THERMOCOUPLE_OFFSET_K, GAS_FLOW, beam * openFraction];
    },
    state: () => now,
  };
}
