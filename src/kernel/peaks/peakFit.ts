import { createBoundedProblem, type BoundedProblem } from './boundedSolve.ts';
import { createModelColumns, type ModelColumns } from './modelColumns.ts';
import { checkPeakModel, type PeakModel } from './peakModel.ts';

/** What a fit found. Amplitudes come first in the matrices and flags, then all parameters of the model, fixed ones included. */
export interface PeakFitResult {
  /** [K] one per component. */
  readonly amplitudes: Float64Array;
  /** [J] non-linear parameters. */
  readonly parameters: Float64Array;
  /** [(K + J)^2]; rows of what is fixed, at a bound or undetermined are 0. */
  readonly covariance: Float64Array;
  /** [K + J] 1 = stopped by a bound: its error means nothing. */
  readonly atBound: Uint8Array;
  /** [K + J] 1 = the data do not determine it: the covariance is singular there. */
  readonly undetermined: Uint8Array;
  /** chi^2, or the Poisson deviance. */
  misfit: number;
  degreesOfFreedom: number;
  iterations: number;
  converged: boolean;
}

/** A model over an axis, with all the room its fits need: made once, used for every spectrum. */
export interface PeakFit extends PeakFitResult {
  readonly columns: ModelColumns;
  readonly amplitudeProblem: BoundedProblem;
  /** [n] the fitted spectrum. */
  readonly expected: Float64Array;
  /** [n] 1 / variance, 0 where not used. */
  readonly weights: Float64Array;
  /** [n] 0 where not used. */
  readonly used: Float64Array;
  readonly scratch: Float64Array;
  /** [J free][n] slopes of the spectrum. */
  readonly slopes: readonly Float64Array[];
  /** The columns of the components, then the slopes. */
  readonly all: readonly Float64Array[];
  /** [J] parameters to go back to. */
  readonly kept: Float64Array;
  readonly trial: { readonly parameters: Float64Array; readonly amplitudes: Float64Array };
  readonly normal: {
    readonly matrix: Float64Array;
    readonly damped: Float64Array;
    readonly inverse: Float64Array;
    readonly gradient: Float64Array;
    readonly step: Float64Array;
    readonly use: Uint8Array;
    readonly undetermined: Uint8Array;
    readonly scale: Float64Array;
  };
}

/**
 * Makes a model ready to be fitted.
 *
 * @param model - see {@link PeakModel}.
 * @param x - [n] channel centres, finite.
 * @throws RangeError when the model contradicts itself, naming where.
 */
export function createPeakFit(model: PeakModel, x: Float64Array): PeakFit {
  checkPeakModel(model);
  const columns = createModelColumns(model, x);
  const n = x.length;
  const K = model.components.length;
  const J = model.parameters.length;
  const p = K + columns.free.length;
  const slopes = columns.free.map(() => new Float64Array(n));
  return {
    columns,
    amplitudes: new Float64Array(K),
    parameters: Float64Array.from(model.parameters, ({ start }) => start),
    covariance: new Float64Array((K + J) * (K + J)),
    atBound: new Uint8Array(K + J),
    undetermined: new Uint8Array(K + J),
    misfit: NaN,
    degreesOfFreedom: 0,
    iterations: 0,
    converged: false,
    amplitudeProblem: createBoundedProblem(
      model.components.map(({ low }) => low),
      model.components.map(({ high }) => high),
    ),
    expected: new Float64Array(n),
    weights: new Float64Array(n),
    used: new Float64Array(n),
    scratch: new Float64Array(n),
    slopes,
    all: [...columns.basis, ...slopes],
    kept: new Float64Array(J),
    trial: { parameters: new Float64Array(J), amplitudes: new Float64Array(K) },
    normal: {
      matrix: new Float64Array(p * p),
      damped: new Float64Array(p * p),
      inverse: new Float64Array(p * p),
      gradient: new Float64Array(p),
      step: new Float64Array(p),
      use: new Uint8Array(p),
      undetermined: new Uint8Array(p),
      scale: new Float64Array(p),
    },
  };
}
