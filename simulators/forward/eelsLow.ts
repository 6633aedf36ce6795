import { eelsLowAxis, LOW_LOSS_RATE, LOW_SAMPLES, LOW_STEP, zeroLossLine } from './eelsSpectrum.ts';
import type { EelsModel } from './eelsSpectrum.ts';
import { scatteringOrders } from './pluralScattering.ts';
import { addInterpolated, createScatteredShape, scatter } from './scatteredShape.ts';
import type { FineGrid } from './scatteredShape.ts';

const STRIDE = 2;
const MARGIN = 15;
const WINDOW = 102.4;
const GRID: FineGrid = {
  start: -20 - MARGIN,
  step: LOW_STEP / STRIDE,
  points: Math.ceil((WINDOW + 2 * MARGIN) / (LOW_STEP / STRIDE)) + 4,
};
/** Live time of the low-loss exposure, relative to that of the core loss. */
const EXPOSURE = 0.002;

/** Done once, for all simulators. */
let lines: readonly Float64Array[] | undefined;

/** Low loss for a stream: within 1e-4 of the maximum of `eelsLowMean` for shifts within +-15 eV. */
export function createEelsLow(channels: number): EelsModel {
  const axis = eelsLowAxis(channels);
  lines ??= scatter(zeroLossLine, GRID, scatteringOrders(LOW_STEP, LOW_SAMPLES), STRIDE);
  const plural = createScatteredShape(lines);
  const mixed = new Float64Array(GRID.points);
  return {
    mean(state, seconds, out) {
      const beyond = plural.moveTo(state.thickness);
      const scale = seconds * EXPOSURE * LOW_LOSS_RATE * axis.step;
      for (let i = 0; i < mixed.length; i++) mixed[i] = scale * (plural.value[i] + beyond * plural.slope[i]);
      out.fill(0);
      addInterpolated(mixed, GRID, axis.start - state.shift, axis.step, out);
    },
  };
}
