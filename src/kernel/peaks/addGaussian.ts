import { FOUR_LN2, GAUSSIAN_HEIGHT } from './lineshapes.ts';
import type { UniformAxis } from './uniformAxis.ts';

/** exp of minus this is 1e-20: adding it to a number of order one changes no bit. */
const GAUSSIAN_END = 46;

/**
 * Adds a Gaussian to a spectrum on a uniform axis; it is left out only where it is below 1e-20 of its height.
 * From the middle outwards, neighbours have a ratio that is itself a geometric sequence: n steps err by n^2 roundings.
 * @param axis of `out`
 * @param area in the unit of `out` times the unit of the axis
 * @param centre in the unit of the axis; may lie outside
 * @param width full width at half maximum, > 0
 * @param out [n] added to
 */
export function addGaussian(axis: UniformAxis, area: number, centre: number, width: number, out: Float64Array): void {
  const { start, step } = axis;
  const exponent = FOUR_LN2 / (width * width);
  const reach = Math.sqrt(GAUSSIAN_END / exponent);
  const first = Math.max(0, Math.ceil((centre - reach - start) / step));
  const last = Math.min(out.length - 1, Math.floor((centre + reach - start) / step));
  if (first > last) return;
  const middle = Math.min(last, Math.max(first, Math.round((centre - start) / step)));
  const distance = start - centre + middle * step;
  const height = ((area * GAUSSIAN_HEIGHT) / width) * Math.exp(-exponent * distance * distance);
  const bend = Math.exp(-2 * exponent * step * step);
  let value = height;
  let ratio = Math.exp(-exponent * step * (step + 2 * distance));
  for (let i = middle; i <= last; i++) {
    out[i] += value;
    value *= ratio;
    ratio *= bend;
  }
  value = height;
  ratio = Math.exp(-exponent * step * (step - 2 * distance));
  for (let i = middle - 1; i >= first; i--) {
    value *= ratio;
    ratio *= bend;
    out[i] += value;
  }
}
