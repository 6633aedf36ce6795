import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';

/** A smooth function on every `stride`-th channel, one node before the window and two after it. */
export interface CoarseGrid {
  readonly axis: UniformAxis;
  readonly stride: number;
  readonly values: Float64Array;
  /** [stride][4] Lagrange weights. */
  readonly weights: Float64Array;
}

/** @param spacing wanted distance of the nodes, in the unit of the axis; cubic interpolation errs by its fourth power */
export function createCoarseGrid(axis: UniformAxis, channels: number, spacing: number): CoarseGrid {
  const stride = Math.max(1, Math.round(spacing / axis.step));
  const weights = new Float64Array(4 * stride);
  for (let k = 0; k < stride; k++) cubicWeights(k / stride, weights, 4 * k);
  const nodes = Math.ceil(channels / stride) + 3;
  const step = axis.step * stride;
  return { axis: { start: axis.start - step, step }, stride, values: new Float64Array(nodes), weights };
}

/** Adds the function to every channel by cubic interpolation. */
export function spread(grid: CoarseGrid, out: Float64Array): void {
  const { values, weights: w, stride } = grid;
  for (let i = 0, node = 0; i < out.length; node++) {
    const before = values[node];
    const left = values[node + 1];
    const right = values[node + 2];
    const after = values[node + 3];
    for (let j = 0; j < 4 * stride && i < out.length; j += 4, i++)
      out[i] += w[j] * before + w[j + 1] * left + w[j + 2] * right + w[j + 3] * after;
  }
}

/** Lagrange weights for a point at `fraction` (0 to 1) between the second and third of four equidistant nodes. */
export function cubicWeights(fraction: number, out: Float64Array, offset: number): void {
  const t = fraction;
  out[offset] = (-t * (t - 1) * (t - 2)) / 6;
  out[offset + 1] = ((t + 1) * (t - 1) * (t - 2)) / 2;
  out[offset + 2] = (-(t + 1) * t * (t - 2)) / 2;
  out[offset + 3] = ((t + 1) * t * (t - 1)) / 6;
}

/** The cubic through nodes `left` - 1 to `left` + 2, `fraction` (0 to 1) of a step behind `left`. */
export function cubicAt(values: Float64Array, left: number, fraction: number): number {
  const t = fraction;
  const before = values[left - 1];
  const here = values[left];
  const next = values[left + 1];
  const after = values[left + 2];
  const first = next - before / 3 - here / 2 - after / 6;
  const second = (before + next) / 2 - here;
  const third = (after - before) / 6 + (here - next) / 2;
  return here + t * (first + t * (second + t * third));
}
