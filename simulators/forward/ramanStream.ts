import { createCoarseGrid, spread } from './coarseGrid.ts';
import {
  addCrystalLine,
  amorphousIntensity,
  etalonWave,
  expose,
  fluorescenceParts,
  ramanAxis,
  unbleached,
} from './siliconRaman.ts';
import type { RamanState } from './siliconRaman.ts';

/** A forward model that keeps what never changes. */
export interface RamanModel {
  /** Expected electrons [channels] of an exposure of `seconds`, dark current included. */
  mean(state: RamanState, seconds: number, out: Float64Array): void;
}

/** The amorphous humps on nodes this far apart, cm-1: a tenth of the narrowest. */
const AMORPHOUS_SPACING = 6.4;

/** Raman scattering of silicon for a stream: within 1e-4 of the maximum of `ramanMean`. */
export function createRamanModel(channels: number): RamanModel {
  const axis = ramanAxis(channels);
  const fast = new Float64Array(channels);
  const slow = new Float64Array(channels);
  const constant = new Float64Array(channels);
  for (let i = 0; i < channels; i++) {
    const parts = fluorescenceParts(axis.start + i * axis.step);
    fast[i] = axis.step * parts[0];
    slow[i] = axis.step * parts[1];
    constant[i] = axis.step * parts[2];
  }
  const amorphous = createCoarseGrid(axis, channels, AMORPHOUS_SPACING);
  const wave = new Float64Array(channels);
  let period = NaN;
  let phase = NaN;
  return {
    mean(state, seconds, out) {
      const { crystalline, temperature, shift } = state;
      const [fastLeft, slowLeft] = unbleached(state.dose);
      for (let i = 0; i < channels; i++) out[i] = fastLeft * fast[i] + slowLeft * slow[i] + constant[i];
      const { axis: nodes, values } = amorphous;
      const scale = axis.step * (1 - crystalline);
      for (let i = 0; i < values.length; i++)
        values[i] = scale * amorphousIntensity(nodes.start + i * nodes.step - shift);
      spread(amorphous, out);
      if (crystalline > 0) addCrystalLine(axis, crystalline, temperature, shift, out);
      if (state.etalonPeriod !== period || state.etalonPhase !== phase) etalonWave(state, axis, wave);
      period = state.etalonPeriod;
      phase = state.etalonPhase;
      expose(state, seconds, axis.step, wave, out);
    },
  };
}
