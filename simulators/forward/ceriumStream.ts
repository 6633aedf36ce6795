import { CERIUM_3, CERIUM_4 } from '../../src/kernel/tables/ceriumLines.ts';
import type { PhotoelectronLine } from '../../src/kernel/tables/ceriumLines.ts';
import { ceriumAxis, constantBackground, inelasticLoss, LINE_RATE, valenceIntensity } from './ceriumSpectrum.ts';
import type { CeriumState } from './ceriumSpectrum.ts';
import { createCoarseGrid, cubicAt, spread } from './coarseGrid.ts';
import type { FineGrid } from './scatteredShape.ts';

/** A forward model that remembers the shape of each valence until the lines broaden. */
export interface CeriumModel {
  /** Expected counts [channels] of an exposure of `seconds` at full power. */
  mean(state: CeriumState, seconds: number, out: Float64Array): void;
}

const MARGIN = 12;
/** A 20th of the narrowest line. */
const FINE_STEP = 0.1;
const GRID: FineGrid = {
  start: ceriumAxis(1024).start - MARGIN,
  step: FINE_STEP,
  points: Math.ceil((51.2 + 2 * MARGIN) / FINE_STEP) + 4,
};
/** The inelastic background is summed and drawn on nodes this far apart, eV. */
const INELASTIC_SPACING = 0.4;
/** Between multiples of this variance, eV^2, a line is linear in it to 2e-5. */
const VARIANCE_NODE = 0.1;

/** Photoelectrons of Ce 3d for a stream: within 1e-4 of the maximum of `ceriumMean` for shifts within +-12 eV. */
export function createCeriumModel(channels: number): CeriumModel {
  const axis = ceriumAxis(channels);
  const steady = Float64Array.from({ length: channels }, (_, i) => constantBackground(axis.start + i * axis.step));
  const oxidised = createValence(CERIUM_4);
  const reduced = createValence(CERIUM_3);
  const mixed = new Float64Array(GRID.points);
  const inelastic = createCoarseGrid(axis, channels, INELASTIC_SPACING);
  const nodes = inelastic.values.length;
  const loss = Float64Array.from(
    { length: nodes },
    (_, k) => inelastic.axis.step * inelasticLoss(k * inelastic.axis.step),
  );
  /** A sum over channels counts its first whole, a trapezoid over nodes half. */
  const firstWeight = (1 + axis.step / inelastic.axis.step) / 2;
  const atNodes = new Float64Array(nodes);
  /** Lines at `energy` eV as if there were no charging. */
  const lineAt = (energy: number): number => {
    const position = (energy - GRID.start) / GRID.step;
    const left = Math.min(GRID.points - 3, Math.max(1, Math.floor(position)));
    return cubicAt(mixed, left, position - left);
  };
  return {
    mean(state, seconds, out) {
      const variance = state.broaden * state.broaden;
      const beyond = oxidised.moveTo(variance);
      reduced.moveTo(variance);
      const a = LINE_RATE * (1 - state.reduced);
      const b = LINE_RATE * state.reduced;
      for (let i = 0; i < mixed.length; i++)
        mixed[i] =
          a * (oxidised.value[i] + beyond * oxidised.slope[i]) + b * (reduced.value[i] + beyond * reduced.slope[i]);
      const first = axis.start - state.shift;
      // Node 1 is the first channel: what has lost energy comes from within the window.
      for (let m = 1; m < nodes; m++) {
        atNodes[m] = (m === 1 ? firstWeight : 1) * lineAt(first + (m - 1) * inelastic.axis.step);
        let sum = 0;
        for (let k = 1; k < m; k++) sum += loss[m - k] * atNodes[k];
        inelastic.values[m] = (1 + state.overlayer) * sum;
      }
      for (let i = 0; i < out.length; i++) out[i] = steady[i] + (1 - state.overlayer) * lineAt(first + i * axis.step);
      spread(inelastic, out);
      const scale = seconds * axis.step;
      for (let i = 0; i < out.length; i++) out[i] *= scale;
    },
  };
}

interface Valence {
  /** Moves to the node nearest to `variance`; returns how far beyond it that is. */
  moveTo(variance: number): number;
  readonly value: Float64Array;
  /** Per eV^2. */
  readonly slope: Float64Array;
}

function createValence(lines: readonly PhotoelectronLine[]): Valence {
  const value = new Float64Array(GRID.points);
  const slope = new Float64Array(GRID.points);
  let node = NaN;
  return {
    value,
    slope,
    moveTo(variance) {
      const nearest = Math.round(variance / VARIANCE_NODE) * VARIANCE_NODE;
      if (nearest === node) return variance - node;
      node = nearest;
      for (let i = 0; i < value.length; i++) {
        const energy = GRID.start + i * GRID.step;
        value[i] = valenceIntensity(lines, energy, node);
        const wider = valenceIntensity(lines, energy, node + VARIANCE_NODE / 2);
        slope[i] = (wider - valenceIntensity(lines, energy, node - VARIANCE_NODE / 2)) / VARIANCE_NODE;
      }
      return variance - node;
    },
  };
}
