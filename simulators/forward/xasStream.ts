import { cubicAt, cubicWeights } from './coarseGrid.ts';
import { baseAbsorption, jumpAbsorption, xasAxis } from './xasSpectrum.ts';
import type { XasState } from './xasSpectrum.ts';
import { disorder, edgeShape, fineStructure, NICKEL, NICKEL_OXIDE } from './xasStructure.ts';
import type { XasPhase } from './xasStructure.ts';

/** A forward model that remembers what does not change from scan to scan. */
export interface XasModel {
  /** Expected absorption [channels]. */
  mean(state: XasState, out: Float64Array): void;
}

const MARGIN = 15;
const STEP = 0.25;
const POINTS = (1024 + 2 * MARGIN) / STEP + 4;
/** Between multiples of this temperature, K, an edge is linear to 1e-5. */
const TEMPERATURE_NODE = 10;

/** Absorption for a stream: within 1e-4 of the maximum of `xasMean` for shifts within +-10 eV. */
export function createXasStream(channels: number): XasModel {
  const axis = xasAxis(channels);
  const start = axis.start - MARGIN;
  const metal = createEdge(NICKEL, start);
  const oxide = createEdge(NICKEL_OXIDE, start);
  const drawn = new Float64Array(channels);
  const known = new Float64Array(5).fill(NaN);
  const stride = axis.step / STEP;
  const weights = new Float64Array(4);
  return {
    mean(state, out) {
      const { temperature, shift, thickness, metalGrowth } = state;
      const isSame =
        known[0] === state.metal &&
        known[1] === metalGrowth &&
        known[2] === temperature &&
        known[3] === shift &&
        known[4] === thickness;
      if (!isSame) {
        known[0] = state.metal;
        known[1] = metalGrowth;
        known[2] = temperature;
        known[3] = shift;
        known[4] = thickness;
        const isPure = state.metal === 0 && metalGrowth === 0;
        const ofMetal = isPure ? drawn : metal.at(temperature);
        const ofOxide = oxide.at(temperature);
        const first = (axis.start + shift - start) / STEP;
        // Shifts of more than the margin read what is there at the ends, channel by channel.
        const isWithin = first >= 1 && first + (channels - 1) * stride < POINTS - 3;
        const isEven = isWithin && Number.isInteger(stride);
        if (isEven) cubicWeights(first % 1, weights, 0);
        for (let i = 0; i < channels; i++) {
          const part = state.metal + metalGrowth * ((i + 0.5) / channels - 0.5);
          const position = first + i * stride;
          const left = Math.min(POINTS - 3, Math.max(1, Math.floor(position)));
          const b = isEven ? weighed(ofOxide, left, weights) : cubicAt(ofOxide, left, position - left);
          if (part === 0) drawn[i] = thickness * b;
          else {
            const m = isEven ? weighed(ofMetal, left, weights) : cubicAt(ofMetal, left, position - left);
            drawn[i] = thickness * (b + part * (m - b));
          }
        }
      }
      out.set(drawn);
    },
  };
}

/** `cubicAt` with its weights at hand. */
function weighed(values: Float64Array, left: number, weights: Float64Array): number {
  return (
    weights[0] * values[left - 1] +
    weights[1] * values[left] +
    weights[2] * values[left + 1] +
    weights[3] * values[left + 2]
  );
}

interface Edge {
  /** [POINTS] absorption of the phase filling the sample. */
  at(kelvin: number): Float64Array;
}

/** An edge on the fine grid, remembered near one temperature by its value and slope there. */
function createEdge(phase: XasPhase, start: number): Edge {
  const energies = Float64Array.from({ length: POINTS }, (_, i) => start + i * STEP);
  const base = energies.map((energy) => baseAbsorption(energy));
  const jump = energies.map((energy) => jumpAbsorption(energy));
  const shapes = Array.from(energies, (energy) => edgeShape(phase, energy));
  const steps = Float64Array.from(shapes, ({ step }) => step);
  const peaks = Float64Array.from(shapes, ({ peaks: height }) => height);
  const value = new Float64Array(POINTS);
  const slope = new Float64Array(POINTS);
  const now = new Float64Array(POINTS);
  let node = NaN;
  let drawnAt = NaN;

  const moveTo = (kelvin: number): void => {
    node = kelvin;
    const half = TEMPERATURE_NODE / 2;
    const [below, here, above] = [kelvin - half, kelvin, kelvin + half].map((each) =>
      phase.paths.map((path) => disorder(path, each)),
    );
    for (let i = 0; i < POINTS; i++) {
      const energy = energies[i];
      const scale = jump[i] * steps[i];
      value[i] = base[i] + jump[i] * peaks[i] + scale * (1 + fineStructure(phase, energy, here));
      slope[i] =
        (scale * (fineStructure(phase, energy, above) - fineStructure(phase, energy, below))) / TEMPERATURE_NODE;
    }
  };
  return {
    at(kelvin) {
      if (kelvin === drawnAt) return now;
      drawnAt = kelvin;
      const nearest = Math.max(1, Math.round(kelvin / TEMPERATURE_NODE)) * TEMPERATURE_NODE;
      if (nearest !== node) moveTo(nearest);
      const beyond = kelvin - node;
      for (let i = 0; i < POINTS; i++) now[i] = value[i] + beyond * slope[i];
      return now;
    },
  };
}
