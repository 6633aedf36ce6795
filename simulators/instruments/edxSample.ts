import { EDX_ELEMENTS } from '../forward/edxEmission.ts';
import { liveFraction } from '../forward/edxSpectrum.ts';
import type { EdxModel } from '../forward/edxStream.ts';
import { MonitorError } from '../../src/model/error.ts';
import { startState } from '../parts/startState.ts';
import type { StateRange } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** nA, scanned over 45 x 45 nm2 in every frame. */
export const EDX_CURRENT_NA = 1;
const AREA_NM2 = 45 * 45;
export const ELECTRONS_PER_SECOND_AND_NA = 1e-9 / 1.602176634e-19;
/** e/nm2 per second at nominal beam. */
export const EDX_FLUENCE_RATE = (EDX_CURRENT_NA * ELECTRONS_PER_SECOND_AND_NA) / AREA_NM2;
/** e/nm2 after which 1/e of what the beam can change is left. Representative of alloys. */
export const EDX_CRITICAL_FLUENCE = 1e9;

const START = {
  /** Mass fractions of the foil, before and after the event. */
  iron: 0.7,
  chromium: 0.19,
  nickel: 0.11,
  titanium: 0,
  carbon: 0,
  ironAtEnd: 0.6,
  chromiumAtEnd: 0.3,
  nickelAtEnd: 0.1,
  titaniumAtEnd: 0,
  carbonAtEnd: 0,
  /** g/cm2; 100 nm of steel. */
  massThickness: 8e-5,
  /** Copper of the grid that stray electrons excite, over the mass of the foil. */
  grid: 0.005,
};
const FRACTIONS = ['iron', 'chromium', 'nickel', 'titanium', 'carbon'] as const;
const FRACTION: StateRange = [0, 1, '1'];
const RANGES = {
  ...Object.fromEntries(FRACTIONS.flatMap((name) => [name, `${name}AtEnd`]).map((name) => [name, FRACTION])),
  // Beyond it few X-rays leave the foil.
  massThickness: [1e-7, 0.01, 'g/cm2'],
  grid: FRACTION,
} as const satisfies Record<string, StateRange>;
export const DETECTOR_KELVIN = 248.15;
/** The amplifier's gain follows the temperature of the detector, 1e-6 per K. */
export const GAIN_PER_KELVIN = 50;
/** One standard deviation of the thickness from area to area, relative. */
const AREA_THICKNESS = 0.1;

/** A steel foil on a copper grid, in the beam of an electron microscope. @throws MonitorError for a composition that cannot be */
export function createEdxSample(model: EdxModel, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  checkComposition(begin);
  const massThickness = new Float64Array(EDX_ELEMENTS.length);
  const spectrum = { massThickness, current: EDX_CURRENT_NA, gainPpm: 0, offset: 0 };
  const now = { iron: 0, chromium: 0, nickel: 0, titanium: 0, carbon: 0, massThickness: 0, film: 0, gain: 0, shift: 0 };
  let pulseRate = 0;
  return {
    advance({ change, drift, axisShift, area }) {
      for (const name of FRACTIONS) now[name] = begin[name] + (begin[`${name}AtEnd`] - begin[name]) * change;
      now.massThickness = begin.massThickness * Math.max(0.1, 1 + AREA_THICKNESS * area[0]);
      now.film = Math.max(0, drift.film);
      now.gain = drift.gain;
      now.shift = drift.offset + axisShift;
      return change;
    },
    mean({ liveS, beam }, out) {
      const { iron, chromium, nickel, titanium, carbon, massThickness: foil, film } = now;
      massThickness[0] = foil * carbon + film;
      massThickness[1] = foil * titanium;
      massThickness[2] = foil * chromium;
      massThickness[3] = foil * iron;
      massThickness[4] = foil * nickel;
      massThickness[5] = foil * begin.grid;
      spectrum.current = EDX_CURRENT_NA * beam;
      spectrum.gainPpm = now.gain;
      // A channel holds what arrives at its energy: a larger offset moves the lines to lower channels.
      spectrum.offset = -now.shift;
      pulseRate = model.mean(spectrum, liveS, out);
    },
    slow({ beam, openFraction, timeLapse, x, y }) {
      const deadPercent = 100 * (1 - liveFraction(pulseRate));
      const kelvin = DETECTOR_KELVIN + now.gain / GAIN_PER_KELVIN;
      return [EDX_CURRENT_NA * beam * openFraction * timeLapse, deadPercent, x, y, kelvin];
    },
    state: () => now,
  };
}

function checkComposition(begin: typeof START): void {
  for (const end of ['', 'AtEnd'] as const) {
    const sum = FRACTIONS.reduce((total, name) => total + begin[`${name}${end}`], 0);
    if (Math.abs(sum - 1) < 1e-6) continue;
    const names = FRACTIONS.map((name) => `${name}${end}`).join(', ');
    throw new MonitorError('CONFIG', `${names} add up to ${Number(sum.toFixed(6))}, expected 1`, { id: 'simulator' });
  }
}
