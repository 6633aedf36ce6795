import { EDX_ELEMENTS } from '../forward/edxEmission.ts';
import type { EdxElement } from '../forward/edxEmission.ts';
import { liveFraction } from '../forward/edxSpectrum.ts';
import type { EdxModel } from '../forward/edxStream.ts';
import { startState } from '../parts/startState.ts';
import { DETECTOR_KELVIN, ELECTRONS_PER_SECOND_AND_NA, GAIN_PER_KELVIN } from './edxSample.ts';
import type { PixelMap } from './pixelMap.ts';

const START = {
  width: 1024,
  height: 1024,
  /** nA, seconds, nm and pixels. */
  current: 1,
  dwell: 0.005,
  pitch: 2,
  driftPerRow: 0.3,
};
const RANGES = {
  width: [2, 4096, '1'],
  height: [2, 4096, '1'],
  current: [0, 100, 'nA'],
  dwell: [1e-6, 10, 's'],
  pitch: [0.01, 1e4, 'nm'],
  driftPerRow: [-1, 1, '1'],
} as const;

/** Mass fractions and mass thickness, g/cm2: two solid solutions, and titanium carbide. */
export const EDX_MAP_MEMBERS: readonly {
  readonly fractions: Partial<Record<EdxElement, number>>;
  readonly massThickness: number;
}[] = [
  { fractions: { Fe: 0.7, Cr: 0.19, Ni: 0.11 }, massThickness: 8e-5 },
  { fractions: { Fe: 0.6, Cr: 0.3, Ni: 0.1 }, massThickness: 8e-5 },
  { fractions: { Ti: 0.8, C: 0.2 }, massThickness: 5e-5 },
];

/** Share of the second solid solution at a pixel: bands along x, turned over along y. */
export function bandShare(x: number, y: number, width: number, height: number): number {
  return 0.5 + 0.5 * Math.sin((6 * Math.PI * x) / width) * Math.cos((4 * Math.PI * y) / height);
}

/**
 * A steel of two solid solutions with grains of titanium carbide of one pixel.
 * @param models [EDX_MAP_MEMBERS] one for each, as each remembers its own spectrum
 */
export function createEdxMap(models: readonly EdxModel[], start: Readonly<Record<string, number>>): PixelMap {
  const { width, height, current, dwell, pitch, driftPerRow } = startState(START, RANGES, start);
  const states = EDX_MAP_MEMBERS.map(({ fractions, massThickness }) => ({
    massThickness: Float64Array.from(EDX_ELEMENTS, (name) => massThickness * (fractions[name] ?? 0)),
    current,
    gainPpm: 0,
    offset: 0,
  }));
  let pulseRate = 0;
  return {
    width: Math.round(width),
    height: Math.round(height),
    dwellS: dwell,
    pitchUm: pitch / 1000,
    driftPerRow,
    dosePerDwell: (current * ELECTRONS_PER_SECOND_AND_NA * dwell) / (pitch * pitch),
    memberCount: EDX_MAP_MEMBERS.length,
    mean(member, drift, beam, out) {
      const state = states[member];
      state.current = current * beam;
      state.gainPpm = drift.gain;
      state.offset = -drift.offset;
      const rate = models[member].mean(state, 1, out);
      if (member === 0) pulseRate = rate;
    },
    shares(x, y, rare, out) {
      const band = rare > 0 ? 0 : bandShare(x, y, width, height);
      out[0] = (1 - rare) * (1 - band);
      out[1] = (1 - rare) * band;
      out[2] = rare;
    },
    slow: (drift, beam) => [
      current * beam,
      100 * (1 - liveFraction(pulseRate)),
      DETECTOR_KELVIN + drift.gain / GAIN_PER_KELVIN,
    ],
  };
}
