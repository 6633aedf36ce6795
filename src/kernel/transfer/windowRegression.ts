import { dot } from '../array/dot.ts';
import { jacobiSvd } from './jacobiSvd.ts';
import { pls } from './pls.ts';

/**
 * How a channel of the master is regressed on a window of the slave that may hold more channels than there are standards. 'pls': partial
 * least squares; 'pcr': principal components; both by `components`, at most as many as the standards tell apart. 'ridge': (X'X + ridge)^-1 X'y.
 */
export type WindowRegression =
  { readonly kind: 'pls' | 'pcr'; readonly components: number } | { readonly kind: 'ridge'; readonly ridge: number };

/** Below this share of its size, what a channel varies over the standards is rounding. */
const LEAST_VARIATION = 1e-12;

/** Takes the mean away. @returns it; what is left of a constant is 0 exactly. */
export function centre(column: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < column.length; i++) mean += column[i]!;
  mean /= column.length;
  let isConstant = true;
  for (let i = 0; i < column.length; i++) {
    column[i] = column[i]! - mean;
    if (Math.abs(column[i]!) > LEAST_VARIATION * Math.abs(mean)) isConstant = false;
  }
  if (isConstant) column.fill(0);
  return mean;
}

/**
 * Regresses one centred channel on centred channels.
 *
 * @param columns - [w] of [standards], centred.
 * @param target - [standards], centred.
 * @returns [w] coefficients; all 0 when no column varies.
 */
export function regressWindow(
  columns: readonly Float64Array[],
  target: Float64Array,
  regression: WindowRegression,
): Float64Array {
  if (regression.kind === 'pls') return pls(columns, target, regression.components);
  const out = new Float64Array(columns.length);
  const { scaled, right, values } = jacobiSvd(columns);
  const ridge = regression.kind === 'ridge' ? regression.ridge : 0;
  const components = regression.kind === 'ridge' ? values.length : Math.min(regression.components, values.length);
  for (let k = 0; k < components; k++) {
    if (values[k] === 0) break;
    const share = dot(scaled[k]!, target) / (values[k]! ** 2 + ridge);
    for (let c = 0; c < out.length; c++) out[c] = out[c]! + share * right[k]![c]!;
  }
  return out;
}
