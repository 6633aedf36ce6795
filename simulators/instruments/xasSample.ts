import { INCIDENT_RATE, incidentMean, TRANSMITTED_EFFICIENCY, xasAxis } from '../forward/xasSpectrum.ts';
import type { XasModel } from '../forward/xasStream.ts';
import { startState } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** One scan, seconds. */
export const XAS_SCAN_S = 1.024;

const START = {
  /** Part of the nickel that is metal, before and after the event. */
  metal: 0,
  metalAtEnd: 1,
  /** K, and K per second. */
  temperature: 650,
  heating: 0,
  /** Relative. */
  thickness: 1,
};
const RANGES = {
  metal: [0, 1, '1'],
  metalAtEnd: [0, 1, '1'],
  temperature: [10, 1728, 'K'],
  heating: [-10, 10, 'K/s'],
  thickness: [0.01, 5, '1'],
} as const;
const RING_MA = 300;
const HYDROGEN_FLOW = 20;
/** Current of the mass spectrometer at mass 18: background, and per nickel reduced in a second, A. */
const WATER = { background: 2e-11, perRate: 1e-8 };
/** One standard deviation of the thickness from place to place, relative. */
const AREA_THICKNESS = 0.05;

/** A pellet of NiO in hydrogen. @throws MonitorError for a pellet that cannot be */
export function createXasSample(model: XasModel, channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  const now = { metal: begin.metal, metalGrowth: 0, temperature: begin.temperature, thickness: 1, shift: 0, dark: 0 };
  const axis = xasAxis(channels);
  const incident = new Float64Array(channels);
  incidentMean(XAS_SCAN_S / channels, axis, incident);
  const darkPerPoint = incident.reduce((sum, value) => sum + value, 0) / channels;
  let isUpwards = true;
  let rate = 0;
  return {
    advance({ timeS, periodS, change, drift, axisShift, area }) {
      const before = now.metal;
      now.metal = begin.metal + (begin.metalAtEnd - begin.metal) * change;
      // What the sample becomes during a scan is seen at the energy the scan has got to.
      now.metalGrowth = isUpwards ? now.metal - before : before - now.metal;
      isUpwards = !isUpwards;
      rate = Math.max(0, now.metal - before) / periodS;
      now.temperature = Math.min(RANGES.temperature[1], begin.temperature + begin.heating * timeS) + drift.temperature;
      now.thickness = begin.thickness * Math.max(0.1, 1 + drift.thickness + AREA_THICKNESS * area[0]);
      // The axis says less than the true energy.
      now.shift = -(drift.shift + drift.hysteresis + axisShift);
      now.dark = drift.dark;
      return change;
    },
    incident({ liveS, beam }, out) {
      const scale = (liveS / XAS_SCAN_S) * beam;
      for (let i = 0; i < channels; i++) out[i] = scale * incident[i];
    },
    mean({ liveS, beam }, out) {
      model.mean(now, out);
      const live = liveS / XAS_SCAN_S;
      const scale = TRANSMITTED_EFFICIENCY * live * beam;
      const dark = live * now.dark * darkPerPoint;
      for (let i = 0; i < channels; i++) out[i] = scale * incident[i] * Math.exp(-out[i]) + dark;
    },
    slow({ beam, openFraction, timeLapse }) {
      return [
        RING_MA * beam,
        INCIDENT_RATE * beam * openFraction * timeLapse,
        now.temperature,
        HYDROGEN_FLOW,
        WATER.background + WATER.perRate * rate,
      ];
    },
    state: () => now,
  };
}
