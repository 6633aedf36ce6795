import type { PowerLaw, PowerLawWindow } from './powerLaw.ts';
import { powerLawLogLog } from './powerLawLogLog.ts';

export interface PowerLawLeastSquaresOptions extends PowerLawWindow {
  /**
   * 'data': each channel weighs 1 / max(variance, 1), which counts below the mean more and so lies low at few counts.
   * 'model': 1 / fitted variance, anew at each step; for counts the solution of greatest Poisson likelihood. @default 'model'
   */
  readonly weights?: 'data' | 'model';
}

const MOST_STEPS = 60;
/** Change of the parameters, in standard deviations, at which it is at rest. */
const AT_REST = 1e-7;

/**
 * Power law by non-linear least squares in (ln A, r), from the log-log solution on, by Gauss-Newton steps that are halved until they help.
 *
 * @param counts - [n], finite in the window.
 * @param options - see {@link PowerLawLeastSquaresOptions}.
 * @param variances - [n] of the counts; null: Poisson.
 * @param out - receives the fit with its covariance (J'WJ)^-1.
 * @returns `out`; `converged` false when it did not come to rest.
 * @throws RangeError for a value in the window that is not finite, or fewer than two channels above 0.
 */
export function powerLawLeastSquares(
  counts: Float64Array,
  options: PowerLawLeastSquaresOptions,
  variances: Float64Array | null,
  out: PowerLaw,
): PowerLaw {
  powerLawLogLog(counts, options, null, out);
  const { offset, step, first, end, weights = 'model' } = options;
  const centre = Math.log(offset + 0.5 * (first + end - 1) * step);
  let level = out.lnA - out.r * centre;
  let r = out.r;
  out.converged = false;
  let [s0, s1, s2] = [1, 0, 1];
  for (let k = 0; k < MOST_STEPS && !out.converged; k++) {
    let [t0, t1] = [0, 0];
    [s0, s1, s2] = [0, 0, 0];
    for (let i = first; i < end; i++) {
      const x = Math.log(offset + i * step) - centre;
      const model = Math.exp(level - r * x);
      const y = counts[i]!;
      const variance =
        weights === 'data'
          ? Math.max(variances === null ? y : variances[i]!, 1)
          : variances === null
            ? model
            : (variances[i]! * model) / Math.max(y, model);
      const weight = model / Math.max(variance, Number.MIN_VALUE);
      s0 += weight * model;
      s1 -= weight * model * x;
      s2 += weight * model * x * x;
      t0 += weight * (y - model);
      t1 -= weight * (y - model) * x;
    }
    const determinant = s0 * s2 - s1 * s1;
    const stepLevel = (s2 * t0 - s1 * t1) / determinant;
    const stepR = (s0 * t1 - s1 * t0) / determinant;
    // A step of more than 1 in ln B would leave where the model is straight.
    const damping = 1 / Math.max(1, Math.abs(stepLevel), Math.abs(stepR));
    if (!Number.isFinite(damping)) break;
    level += damping * stepLevel;
    r += damping * stepR;
    out.converged = stepLevel * stepLevel * s0 < AT_REST * AT_REST && stepR * stepR * s2 < AT_REST * AT_REST;
  }
  const determinant = s0 * s2 - s1 * s1;
  const between = -s1 / determinant;
  out.r = r;
  out.lnA = level + r * centre;
  out.varianceR = s0 / determinant;
  out.covariance = between + centre * out.varianceR;
  out.varianceLnA = s2 / determinant + centre * (2 * between + centre * out.varianceR);
  return out;
}
