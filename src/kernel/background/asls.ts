import {
  checkPenalised,
  createPenalisedWorkspace,
  type PenalisedFit,
  type PenalisedOptions,
  type PenalisedWorkspace,
} from './penalisedFit.ts';
import { reweighted, type Reweigh } from './reweighted.ts';

export interface AslsOptions extends PenalisedOptions {
  /** Weight of a channel above the background, 0 < asymmetry < 1, typically 0.001 to 0.05; one below, or on it, weighs 1 - asymmetry. */
  readonly asymmetry: number;
}

/**
 * Background by asymmetric least squares: minimises sum w (y - b)^2 + lambda sum (D2 b)^2, where what lies above weighs little. As the
 * weights change only where y crosses b, a converged background is the exact minimum.
 *
 * @param values - [n], finite, n >= 3.
 * @param options - see {@link AslsOptions}.
 * @param out - [n] receives the background.
 * @param work - of `createPenalisedWorkspace`; `weights` keeps those of the last solution.
 * @returns iterations, and whether the weights came to rest.
 * @throws RangeError for fewer than three channels, a value that is not finite or a setting out of range.
 * @see Eilers and Boelens, Leiden University Medical Centre report (2005).
 * @example
 * asls(Float64Array.of(1, 2, 9, 4, 5), { lambda: 1e3, asymmetry: 0.01 }, new Float64Array(5)).converged; // => true
 */
export function asls(
  values: Float64Array,
  options: AslsOptions,
  out: Float64Array,
  work: PenalisedWorkspace = createPenalisedWorkspace(values.length),
): PenalisedFit {
  checkPenalised(values, options, out);
  return reweighted(values, options, out, work, bySide(options.asymmetry));
}

/** Weights by the side of the background on which a channel lies. */
function bySide(asymmetry: number): Reweigh {
  return (values, background, { weights, next }) => {
    const [ofAbove, ofBelow] = [asymmetry, 1 - asymmetry];
    let changed = 0;
    let norm = 0;
    for (let i = 0; i < values.length; i++) {
      const weight = values[i]! > background[i]! ? ofAbove : ofBelow;
      const change = weight - weights[i]!;
      changed += change * change;
      norm += weights[i]! * weights[i]!;
      next[i] = weight;
    }
    return Math.sqrt(changed / norm);
  };
}
