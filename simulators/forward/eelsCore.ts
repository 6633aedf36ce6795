import { createCoarseGrid, spread } from './coarseGrid.ts';
import { edgeIntensity, FERRIC, FERROUS } from './eelsEdge.ts';
import type { EdgeShape } from './eelsEdge.ts';
import {
  BACKGROUND_ENERGY,
  BACKGROUND_RATE,
  CORE_SAMPLES,
  CORE_STEP,
  EDGE_RATE,
  eelsCoreAxis,
  REFERENCE_THICKNESS,
} from './eelsSpectrum.ts';
import type { EelsModel } from './eelsSpectrum.ts';
import { scatteringOrders } from './pluralScattering.ts';
import { addInterpolated, createScatteredShape, scatter } from './scatteredShape.ts';
import type { FineGrid } from './scatteredShape.ts';

const STRIDE = 4;
const MARGIN = 15;
const WINDOW = 307.2;
const GRID: FineGrid = {
  start: 600 - MARGIN,
  step: CORE_STEP / STRIDE,
  points: Math.ceil((WINDOW + 2 * MARGIN) / (CORE_STEP / STRIDE)) + 4,
};
/** The power law between nodes this far apart, eV, is cubic to 1e-9. */
const BACKGROUND_SPACING = 2.4;

/** Scattering the edges takes 0.1 s: done once, for all simulators. */
let edges: { readonly ferric: readonly Float64Array[]; readonly ferrous: readonly Float64Array[] } | undefined;

function scatteredEdges(): NonNullable<typeof edges> {
  if (edges !== undefined) return edges;
  const orders = scatteringOrders(CORE_STEP, CORE_SAMPLES);
  const after = (shape: EdgeShape) => scatter((energy) => edgeIntensity(shape, energy), GRID, orders, STRIDE);
  edges = { ferric: after(FERRIC), ferrous: after(FERROUS) };
  return edges;
}

/** Core loss for a stream: within 1e-4 of the maximum of `eelsCoreMean` for shifts within +-15 eV, 10^4 times faster. */
export function createEelsCore(channels: number): EelsModel {
  const axis = eelsCoreAxis(channels);
  const scattered = scatteredEdges();
  const ferric = createScatteredShape(scattered.ferric);
  const ferrous = createScatteredShape(scattered.ferrous);
  const mixed = new Float64Array(GRID.points);
  const background = createCoarseGrid(axis, channels, BACKGROUND_SPACING);
  return {
    mean(state, seconds, out) {
      const scale = (seconds * axis.step * state.thickness) / REFERENCE_THICKNESS;
      const beyond = ferric.moveTo(state.thickness);
      ferrous.moveTo(state.thickness);
      const edge = scale * EDGE_RATE * state.iron;
      const a = edge * state.ferric;
      const b = edge * (1 - state.ferric);
      for (let i = 0; i < mixed.length; i++)
        mixed[i] =
          a * (ferric.value[i] + beyond * ferric.slope[i]) + b * (ferrous.value[i] + beyond * ferrous.slope[i]);
      for (let i = 0; i < background.values.length; i++) {
        const energy = background.axis.start + i * background.axis.step - state.shift;
        background.values[i] = scale * BACKGROUND_RATE * Math.exp(-state.slope * Math.log(energy / BACKGROUND_ENERGY));
      }
      out.fill(0);
      spread(background, out);
      addInterpolated(mixed, GRID, axis.start - state.shift, axis.step, out);
    },
  };
}
