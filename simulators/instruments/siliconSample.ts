import { createRamanModel } from '../forward/ramanStream.ts';
import { siliconLine, unbleached } from '../forward/siliconRaman.ts';
import { avramiFraction, reducedTime } from '../parts/kinetics.ts';
import type { AvramiSetting } from '../parts/kinetics.ts';
import { startState } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** Laser on the sample, mW: a power sensor reads it. */
export const LASER_MW = 1;
/** A spot hotter than this crystallises by the laser alone, K. */
export const SAFE_KELVIN = 530;

/** Where the sample starts unless the scenario says otherwise. */
const START = {
  /** Crystalline fraction, and where an event takes it. */
  crystalline: 0,
  crystallineAtEnd: 0.9,
  /** Of the stage, K, and K per second. */
  stage: 295,
  heating: 0,
  /** mW. */
  power: LASER_MW,
  /** J the first area had before the first frame: bleached by so much. */
  dose: 0,
  /** 1: crystals nucleate and grow by Avrami's law as the stage is heated; 0: by the event of the scenario. */
  kinetics: 0,
};
const RANGES = {
  crystalline: [0, 1, '1'],
  crystallineAtEnd: [0, 1, '1'],
  stage: [1, 1600, 'K'],
  heating: [-10, 10, 'K/s'],
  power: [0, 50, 'mW'],
  dose: [0, Infinity, 'J'],
  kinetics: [0, 1, '1'],
} as const;
/** K per mW: a thin film on glass. */
const THERMAL_RESISTANCE = 60;
/** Solid-phase crystallisation, half changed at 900 K when heated by 0.5 K/s; representative. */
const CRYSTALLISATION: AvramiSetting = { rate: 5.1e15, activation: 300e3, exponent: 3 };
const ETALON = { period: 45, phase: 0.3 };
/** The spectrometer moves with the room, cm-1 per K. */
const AXIS_PER_KELVIN = 0.05;
const ROOM_KELVIN = 294;
/** How a fresh area differs: one standard deviation of focus. Nor has it been bleached. */
const AREA_FOCUS = 0.05;

/** A film of amorphous silicon under a laser that warms it, bleaches its fluorescence and, if too strong, crystallises it. */
export function createSiliconSample(channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  const model = createRamanModel(channels);
  const now = {
    crystalline: begin.crystalline,
    temperature: begin.stage,
    stage: begin.stage,
    power: begin.power,
    dose: begin.dose,
    shift: 0,
    etalon: 0,
    etalonPeriod: ETALON.period,
    etalonPhase: ETALON.phase,
    focus: 1,
  };
  let nucleated = 0;
  let asked = 0;
  let byLaser = 0;
  let drifted = 0;
  /** The dose asks for so much; it is done where the spot is hot enough. */
  const harmed = (change: number): number => {
    if (change < asked) byLaser = 0;
    else if (now.temperature > SAFE_KELVIN) byLaser += change - asked;
    asked = change;
    return byLaser;
  };
  return {
    doseFactor: begin.power / LASER_MW,
    advance({ timeS, periodS, beam, openFraction, change, dose, isDamaging, drift, axisShift, area }) {
      now.stage = Math.max(1, begin.stage + begin.heating * timeS);
      now.power = begin.power * beam * openFraction;
      now.temperature = now.stage + THERMAL_RESISTANCE * now.power;
      // No two places are in focus alike, but for the first.
      now.dose = dose + (area[0] === 0 ? begin.dose : 0);
      drifted = drift.shift;
      now.shift = drift.shift + axisShift;
      now.etalon = drift.etalon;
      now.focus = Math.max(0.1, 1 + drift.focus + AREA_FOCUS * area[0]);
      let progress = isDamaging ? harmed(change) : change;
      if (begin.kinetics > 0) {
        nucleated += reducedTime(CRYSTALLISATION, now.temperature, periodS);
        progress = avramiFraction(CRYSTALLISATION, nucleated);
      }
      now.crystalline = begin.crystalline + (begin.crystallineAtEnd - begin.crystalline) * progress;
      return progress;
    },
    mean({ liveS, openFraction, periodS }, out) {
      // The camera gathers dark current behind a closed shutter as well.
      model.mean(now, openFraction > 0 ? liveS / openFraction : periodS, out);
    },
    slow({ timeLapse }) {
      return [now.power * timeLapse, now.stage, ROOM_KELVIN + drifted / AXIS_PER_KELVIN];
    },
    state: () => {
      const { dose, ...others } = now;
      const [, fluorescence] = unbleached(dose);
      return { ...others, fluorescence, line: siliconLine(now.temperature) + now.shift };
    },
  };
}
