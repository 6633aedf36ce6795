import { createCeriumModel } from '../forward/ceriumStream.ts';
import { startState } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** Where the sample starts unless the scenario says otherwise. */
const START = {
  /** Fraction of the cerium that is Ce3+, and what hydrogen and the X-rays bring it to. */
  reduced: 0.05,
  reducedByGas: 0.9,
  reducedByBeam: 0.4,
  /** Differential charging, eV. */
  broaden: 0.1,
  /** K. */
  temperature: 673,
};
const RANGES = {
  reduced: [0, 1, '1'],
  reducedByGas: [0, 1, '1'],
  reducedByBeam: [0, 1, '1'],
  broaden: [0, 3, 'eV'],
  temperature: [0, 2000, 'K'],
} as const;
const PRESSURE_PA = { empty: 1e-6, gas: 1e-2 };
const GAS_FLOW = 20;
const FLOOD_CURRENT_UA = 100;
/** How a fresh area differs: one standard deviation of charging (eV), of intensity and of carbon. */
const AREA = { shift: 0.1, intensity: 0.05, overlayer: 0.03 };

/** Ceria that hydrogen reduces and oxygen oxidises, and that the X-rays reduce as well. */
export function createCeriumSample(channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  const model = createCeriumModel(channels);
  const now = { reduced: begin.reduced, shift: 0, broaden: begin.broaden, overlayer: 0, hydrogen: 0, oxygen: 0 };
  let before = 0;
  return {
    advance({ change, isDamaging, drift, axisShift, area }) {
      const end = isDamaging ? begin.reducedByBeam : begin.reducedByGas;
      now.reduced = begin.reduced + (end - begin.reduced) * change;
      now.shift = drift.shift + axisShift + AREA.shift * area[0];
      now.broaden = Math.max(0, begin.broaden + drift.broaden);
      now.overlayer = drift.overlayer + AREA.overlayer * area[0];
      now.hydrogen = !isDamaging && change > 0 && change >= before ? GAS_FLOW : 0;
      now.oxygen = !isDamaging && change < before ? GAS_FLOW : 0;
      before = change;
      return change;
    },
    mean({ liveS, beam, area }, out) {
      model.mean(now, liveS * beam * Math.max(0.1, 1 + AREA.intensity * area[1]), out);
    },
    slow({ beam, openFraction }) {
      const isFilled = now.hydrogen + now.oxygen > 0;
      const pressure = isFilled ? PRESSURE_PA.gas : PRESSURE_PA.empty;
      const { hydrogen, oxygen } = now;
      return [pressure, begin.temperature, FLOOD_CURRENT_UA, hydrogen, oxygen, beam * openFraction];
    },
    state: () => now,
  };
}
