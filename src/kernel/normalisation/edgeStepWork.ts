/** Numbers of the model: level and slope of the line before the edge, the step, slope and bend behind it. */
export const COUNT = 5;

/** Work arrays of the normalisation by an edge step, reused from spectrum to spectrum. */
export interface EdgeStepWork {
  /** [5] of [n]: each number of the model is the product of its row with the spectrum. */
  readonly rows: readonly Float64Array[];
  /** [n] energy from the edge, in units of the longer window's reach. */
  readonly t: Float64Array;
  /** [5] the numbers of the model. */
  readonly numbers: Float64Array;
  /** [25] their covariance. */
  readonly covariance: Float64Array;
  /** [5] scratch. */
  readonly gradient: Float64Array;
  /** First channel at or beyond the edge. */
  edge: number;
}

/** @param n - channels. */
export const createEdgeStepWork = (n: number): EdgeStepWork => ({
  rows: Array.from({ length: COUNT }, () => new Float64Array(n)),
  t: new Float64Array(n),
  numbers: new Float64Array(COUNT),
  covariance: new Float64Array(COUNT * COUNT),
  gradient: new Float64Array(COUNT),
  edge: 0,
});
