import { addGaussian } from './addGaussian.ts';
import type { UniformAxis } from './uniformAxis.ts';

/**
 * Adds area * pseudo-Voigt to a spectrum on a uniform axis, the Lorentzian to its last channel.
 * The Gaussian is left out only where it is below 1e-20 of its height.
 * @param axis of `out`
 * @param area in the unit of `out` times the unit of the axis
 * @param centre in the unit of the axis; may lie outside
 * @param width full width at half maximum, > 0
 * @param eta Lorentzian fraction, 0 to 1
 * @param out [n] added to
 */
export function addPseudoVoigt(
  axis: UniformAxis,
  area: number,
  centre: number,
  width: number,
  eta: number,
  out: Float64Array,
): void {
  const n = out.length;
  const { start, step } = axis;
  const offset = start - centre;
  const numerator = (area * eta * width) / (2 * Math.PI);
  const quarter = 0.25 * width * width;
  for (let i = 0; i < n; i++) {
    const distance = offset + i * step;
    out[i] += numerator / (distance * distance + quarter);
  }
  addGaussian(axis, area * (1 - eta), centre, width, out);
}
