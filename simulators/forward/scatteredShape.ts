import { cubicWeights } from './coarseGrid.ts';
import { HIGHEST_ORDER, orderWeights } from './pluralScattering.ts';

/** Between multiples of this thickness (mean free paths) a scattered spectrum is linear to 2e-5. */
const THICKNESS_NODE = 0.01;

/** A fine energy grid, eV, wider than the detector so that the spectrum can be shifted. */
export interface FineGrid {
  readonly start: number;
  readonly step: number;
  readonly points: number;
}

/**
 * A spectrum after n = 0, 1, ... scatterings: [HIGHEST_ORDER + 1][points].
 * @param shape single-scattering intensity at an energy, eV
 * @param orders energy-loss distributions, sampled every `stride` points of the grid
 */
export function scatter(
  shape: (energy: number) => number,
  grid: FineGrid,
  orders: readonly Float64Array[],
  stride: number,
): readonly Float64Array[] {
  const before = (orders[0].length - 1) * stride;
  const single = Float64Array.from({ length: before + grid.points }, (_, i) =>
    shape(grid.start + (i - before) * grid.step),
  );
  return orders.map((order) => {
    const out = new Float64Array(grid.points);
    for (let j = 0; j < order.length; j++) {
      const weight = order[j];
      if (weight === 0) continue;
      const offset = before - j * stride;
      for (let i = 0; i < out.length; i++) out[i] += weight * single[offset + i];
    }
    return out;
  });
}

/** The scattered spectrum near one thickness: its value there, and its slope per mean free path. */
export interface ScatteredShape {
  /** Moves to the node nearest to `thickness`; returns how far beyond it that is. */
  moveTo(thickness: number): number;
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

export function createScatteredShape(scattered: readonly Float64Array[]): ScatteredShape {
  const value = new Float64Array(scattered[0].length);
  const slope = new Float64Array(value.length);
  const weights = new Float64Array(HIGHEST_ORDER + 1);
  let node = NaN;
  return {
    value,
    slope,
    moveTo(thickness) {
      const nearest = Math.round(thickness / THICKNESS_NODE) * THICKNESS_NODE;
      if (nearest === node) return thickness - node;
      node = nearest;
      orderWeights(node, weights);
      value.fill(0);
      slope.fill(0);
      for (let n = 0; n <= HIGHEST_ORDER; n++) {
        const order = scattered[n];
        const weight = weights[n];
        const growth = (n === 0 ? 0 : weights[n - 1]) - weight;
        for (let i = 0; i < value.length; i++) {
          value[i] += weight * order[i];
          slope[i] += growth * order[i];
        }
      }
      return thickness - node;
    },
  };
}

/** Scratch of one interpolation. */
const w = new Float64Array(4);

/** Adds a spectrum on a fine grid to channels at start + i * step, by cubic interpolation. Beyond the grid it extrapolates. */
export function addInterpolated(
  fine: Float64Array,
  grid: FineGrid,
  start: number,
  step: number,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const position = (start + i * step - grid.start) / grid.step;
    const left = Math.min(grid.points - 3, Math.max(1, Math.floor(position)));
    cubicWeights(position - left, w, 0);
    out[i] += w[0] * fine[left - 1] + w[1] * fine[left] + w[2] * fine[left + 1] + w[3] * fine[left + 2];
  }
}
