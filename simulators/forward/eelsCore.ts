import { createCoarseGrid, cubicWeights, spread } from './coarseGrid.ts';
import { edgeIntensity, FERRIC, FERROUS } from './eelsEdge.ts';
import type { EdgeShape } from './eelsEdge.ts';
import {
  BACKGROUND_ENERGY,
  BACKGROUND_RATE,
  EDGE_RATE,
  eelsCoreAxis,
  REFERENCE_THICKNESS,
  SCATTERING_SAMPLES,
  SCATTERING_STEP,
} from './eelsSpectrum.ts';
import type { EelsState } from './eelsSpectrum.ts';
import { HIGHEST_ORDER, orderWeights, scatteringOrders } from './pluralScattering.ts';

/** Edges are kept on a grid four times finer than the default channel, and wider by this on both sides, eV. */
const FINE_STEP = SCATTERING_STEP / 4;
const MARGIN = 15;
/** Between multiples of this thickness the edge is linear to 2e-5. */
const THICKNESS_NODE = 0.01;
/** The power law between nodes this far apart, eV, is cubic to 1e-9. */
const BACKGROUND_SPACING = 2.4;

/** The core-loss model for a stream: plural scattering is done once, then mixed and shifted. */
export interface EelsCore {
  /** Expected counts [channels]; within 1e-4 of the maximum of `eelsCoreMean` for shifts within +-15 eV. */
  mean(state: EelsState, seconds: number, out: Float64Array): void;
}

export function createEelsCore(channels: number): EelsCore {
  const axis = eelsCoreAxis(channels);
  const start = axis.start - MARGIN;
  const points = Math.ceil((axis.step * channels + 2 * MARGIN) / FINE_STEP) + 4;
  const orders = scatteringOrders(SCATTERING_STEP, SCATTERING_SAMPLES);
  const ferric = createThicknessNode(scatteredEdge(FERRIC, start, points, orders));
  const ferrous = createThicknessNode(scatteredEdge(FERROUS, start, points, orders));
  const mixed = new Float64Array(points);
  const background = createCoarseGrid(axis, channels, BACKGROUND_SPACING);
  const w = new Float64Array(4);
  return {
    mean(state, seconds, out) {
      const scale = (seconds * axis.step * state.thickness) / REFERENCE_THICKNESS;
      const node = Math.round(state.thickness / THICKNESS_NODE) * THICKNESS_NODE;
      const beyond = state.thickness - node;
      const a = ferric.at(node);
      const b = ferrous.at(node);
      const edge = scale * EDGE_RATE * state.iron;
      const fa = edge * state.ferric;
      const fb = edge * (1 - state.ferric);
      for (let i = 0; i < points; i++)
        mixed[i] = fa * (a.value[i] + beyond * a.slope[i]) + fb * (b.value[i] + beyond * b.slope[i]);
      for (let i = 0; i < background.values.length; i++) {
        const energy = background.axis.start + i * background.axis.step - state.shift;
        background.values[i] = scale * BACKGROUND_RATE * Math.exp(-state.slope * Math.log(energy / BACKGROUND_ENERGY));
      }
      out.fill(0);
      spread(background, out);
      for (let i = 0; i < channels; i++) {
        const position = (axis.start + i * axis.step - state.shift - start) / FINE_STEP;
        const left = Math.min(points - 3, Math.max(1, Math.floor(position)));
        cubicWeights(position - left, w, 0);
        out[i] += w[0] * mixed[left - 1] + w[1] * mixed[left] + w[2] * mixed[left + 1] + w[3] * mixed[left + 2];
      }
    },
  };
}

/** The edge after n scatterings, on the fine grid: [HIGHEST_ORDER + 1][points]. */
function scatteredEdge(
  shape: EdgeShape,
  start: number,
  points: number,
  orders: readonly Float64Array[],
): readonly Float64Array[] {
  const stride = Math.round(SCATTERING_STEP / FINE_STEP);
  const before = (SCATTERING_SAMPLES - 1) * stride;
  const single = Float64Array.from({ length: before + points }, (_, i) =>
    edgeIntensity(shape, start + (i - before) * FINE_STEP),
  );
  return orders.map((order) => {
    const out = new Float64Array(points);
    for (let j = 0; j < order.length; j++) {
      const weight = order[j];
      if (weight === 0) continue;
      const offset = before - j * stride;
      for (let i = 0; i < points; i++) out[i] += weight * single[offset + i];
    }
    return out;
  });
}

/** The edge at a thickness, and how it changes with it. */
interface ThicknessNode {
  at(thickness: number): { readonly value: Float64Array; readonly slope: Float64Array };
}

function createThicknessNode(scattered: readonly Float64Array[]): ThicknessNode {
  const points = scattered[0].length;
  const made = { value: new Float64Array(points), slope: new Float64Array(points) };
  const weights = new Float64Array(HIGHEST_ORDER + 1);
  let current = NaN;
  return {
    at(thickness) {
      if (thickness === current) return made;
      current = thickness;
      orderWeights(thickness, weights);
      made.value.fill(0);
      made.slope.fill(0);
      for (let n = 0; n <= HIGHEST_ORDER; n++) {
        const order = scattered[n];
        const weight = weights[n];
        const growth = (n === 0 ? 0 : weights[n - 1]) - weight;
        for (let i = 0; i < points; i++) {
          made.value[i] += weight * order[i];
          made.slope[i] += growth * order[i];
        }
      }
      return made;
    },
  };
}
