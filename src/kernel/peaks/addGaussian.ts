import type { UniformAxis } from './addPseudoVoigt.ts';
import { FOUR_LN2, GAUSSIAN_HEIGHT } from './lineshapes.ts';

/** exp of minus this is 1e-20: adding it to a number of order one changes no bit. */
const GAUSSIAN_END = 46;

/**
 * Adds a Gaussian to a spectrum on a uniform axis; it is left out only where it is below 1e-20 of its height.
 * @param axis of `out`
 * @param area in the unit of `out` times the unit of the axis
 * @param centre in the unit of the axis; may lie outside
 * @param width full width at half maximum, > 0
 * @param out [n] added to
 */
export function addGaussian(axis: UniformAxis, area: number, centre: number, width: number, out: Float64Array): void {
  const { start, step } = axis;
  const offset = start - centre;
  const height = (area * GAUSSIAN_HEIGHT) / width;
  const exponent = FOUR_LN2 / (width * width);
  const reach = Math.sqrt(GAUSSIAN_END / exponent);
  const first = Math.max(0, Math.ceil((centre - reach - start) / step));
  const last = Math.min(out.length - 1, Math.floor((centre + reach - start) / step));
  for (let i = first; i <= last; i++) {
    const distance = offset + i * step;
    out[i] += height * Math.exp(-exponent * distance * distance);
  }
}
