import type { EelsModel } from '../forward/eelsSpectrum.ts';
import { startState } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** 50 pA scanned over 100 x 100 nm2. */
const BEAM_CURRENT_NA = 0.05;
const AREA_NM2 = 1e4;
const ELECTRONS_PER_SECOND_AND_NA = 1 / 1.602176634e-10;
/** e/nm2 per second at nominal beam. */
export const FLUENCE_RATE = (BEAM_CURRENT_NA * ELECTRONS_PER_SECOND_AND_NA) / AREA_NM2;
/** e/nm2 after which 1/e of the Fe3+ is left. Representative of iron and manganese oxides. */
export const CRITICAL_FLUENCE = 1e7;

const START = { ferric: 1, thickness: 0.5, iron: 1, slope: 3 };
const RANGES = { ferric: [0, 1, '1'], thickness: [0.1, 5, '1'], iron: [0, 10, '1'], slope: [0, 10, '1'] } as const;
/** Fe3+ left when the event is over. */
const FERRIC_AT_END = 0;
/** Per critical fluence: iron sputtered, and carbon deposited in mean free paths. */
const SPUTTERED = 0.01;
const DEPOSITED = 0.011;
const HIGH_TENSION_KV = 200;
const PRESSURE_PA = 2e-5;
/** One standard deviation of thickness from area to area, mean free paths. */
const AREA_THICKNESS = 0.1;

/** An iron oxide in the electron beam, seen through the core-loss or the low-loss model. */
export function createEelsSample(model: EelsModel, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
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
      model.mean(now, liveS * beam, out);
    },
    slow({ beam, openFraction, timeLapse }) {
      const arriving = beam * openFraction * timeLapse;
      return [BEAM_CURRENT_NA * arriving, FLUENCE_RATE * arriving, now.shift, HIGH_TENSION_KV, PRESSURE_PA];
    },
    state: () => now,
  };
}
