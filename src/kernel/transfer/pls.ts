import { dot } from '../array/dot.ts';

/** Below this share of what there was, what is left of a channel is rounding. */
const LEAST_LEFT = 1e-12;

/**
 * Partial least squares of one variable (NIPALS).
 *
 * @param columns - [w] of [standards], centred; not changed.
 * @param target - [standards], centred; not changed.
 * @param components - integer >= 1; fewer when nothing is left to explain.
 * @returns [w] coefficients of the columns.
 * @see Wold, Sjostrom and Eriksson, Chemom. Intell. Lab. Syst. 58 (2001) 109.
 */
export function pls(columns: readonly Float64Array[], target: Float64Array, components: number): Float64Array {
  const width = columns.length;
  const rows = target.length;
  const left = columns.map((column) => column.slice());
  const rest = target.slice();
  const whole = Math.sqrt(dot(target, target) * columns.reduce((sum, column) => sum + dot(column, column), 0));
  const weights: Float64Array[] = [];
  const loadings: Float64Array[] = [];
  const shares: number[] = [];
  while (shares.length < components) {
    const weight = Float64Array.from(left, (column) => dot(column, rest));
    const norm = Math.sqrt(dot(weight, weight));
    if (!(norm > LEAST_LEFT * whole)) break;
    for (let c = 0; c < width; c++) weight[c] = weight[c]! / norm;
    const score = new Float64Array(rows);
    for (let c = 0; c < width; c++) for (let r = 0; r < rows; r++) score[r] = score[r]! + weight[c]! * left[c]![r]!;
    const squares = dot(score, score);
    const loading = Float64Array.from(left, (column) => dot(column, score) / squares);
    const share = dot(score, rest) / squares;
    for (let r = 0; r < rows; r++) rest[r] = rest[r]! - share * score[r]!;
    for (let c = 0; c < width; c++) for (let r = 0; r < rows; r++) left[c]![r] = left[c]![r]! - loading[c]! * score[r]!;
    weights.push(weight);
    loadings.push(loading);
    shares.push(share);
  }
  return coefficients(weights, loadings, shares, width);
}

/** W (P'W)^-1 q: P'W is upper triangular with a diagonal of ones. */
function coefficients(
  weights: readonly Float64Array[],
  loadings: readonly Float64Array[],
  shares: readonly number[],
  width: number,
): Float64Array {
  const solved = [...shares];
  for (let k = shares.length - 1; k >= 0; k--)
    for (let l = k + 1; l < shares.length; l++) solved[k]! -= dot(loadings[k]!, weights[l]!) * solved[l]!;
  const out = new Float64Array(width);
  for (let k = 0; k < solved.length; k++)
    for (let c = 0; c < width; c++) out[c] = out[c]! + solved[k]! * weights[k]![c]!;
  return out;
}
