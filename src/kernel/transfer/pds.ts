import { refusal } from '../refusal.ts';
import type { BandedMap } from './bandedMap.ts';
import { checkStandards, type Standards } from './standards.ts';
import { centre, regressWindow, type WindowRegression } from './windowRegression.ts';

export interface PdsOptions {
  /** Channels on either side that a channel is regressed on, integer >= 0; cut off at the ends. Wide enough for the shift between the axes. */
  readonly halfWindow: number;
  readonly regression: WindowRegression;
}

/**
 * Piecewise direct standardisation: regresses each channel of the master on a window of the slave directly (slave to master), so that no
 * matrix that may be singular is inverted. A window that does not vary over the standards gives an offset only.
 *
 * @param standards - at least two, on as many channels; that both count from the same place is not needed within the window.
 * @throws RangeError TooFewStandards, LengthMismatch, NonFiniteInput, OutOfRange.
 * @see Wang, Veltkamp and Kowalski, Anal. Chem. 63 (1991) 2750; Bouveresse and Massart, Chemom. Intell. Lab. Syst. 32 (1996) 201.
 */
export function learnPds(standards: Standards, { halfWindow: w, regression }: PdsOptions): BandedMap {
  checkStandards(standards, 'same');
  if (!Number.isInteger(w) || w < 0) throw refusal('OutOfRange', `halfWindow is ${w}, expected an integer >= 0`);
  const strength = regression.kind === 'ridge' ? regression.ridge : regression.components;
  if (!(strength > 0)) throw refusal('OutOfRange', `${regression.kind} with ${strength}, expected a positive number`);
  const { master, slave } = standards;
  const n = master[0]!.length;
  const columns = Array.from({ length: n }, (_, i) => Float64Array.from(slave, (row) => row[i]!));
  const means = columns.map(centre);
  const coefficients = new Float64Array(n * (2 * w + 1));
  const offset = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const from = Math.max(0, j - w);
    const target = Float64Array.from(master, (row) => row[j]!);
    const mean = centre(target);
    const found = regressWindow(columns.slice(from, j + w + 1), target, regression);
    let at = mean;
    for (let c = 0; c < found.length; c++) at -= found[c]! * means[from + c]!;
    coefficients.set(found, j * (2 * w + 1) + from - j + w);
    offset[j] = at;
  }
  return { kind: 'banded', halfWindow: w, coefficients, offset };
}
