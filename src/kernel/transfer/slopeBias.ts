import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

/** y_master = slope y_slave + bias. */
export interface SlopeBias {
  readonly slope: number;
  readonly bias: number;
  /** Scatter of the pairs around the line, one standard deviation; null for two pairs. */
  readonly scatter: number | null;
  /** Mean of the slave, where slope and level are independent, and the sum of squares around it. */
  readonly centre: number;
  readonly squares: number;
  readonly pairs: number;
}

/**
 * Straight line through pairs of predictions, by ordinary least squares.
 *
 * @param slave - [pairs] what the slave predicts, finite.
 * @param master - [pairs] what the master predicts, finite.
 * @throws RangeError LengthMismatch, NonFiniteInput, TooFewStandards (fewer than two), ZeroVariance when the slave always predicts the same.
 * @see Bouveresse et al., Chemom. Intell. Lab. Syst. 32 (1996) 201.
 */
export function slopeBias(slave: Float64Array, master: Float64Array): SlopeBias {
  const pairs = slave.length;
  if (master.length !== pairs)
    throw refusal('LengthMismatch', `${pairs} predictions and ${master.length} of the master`);
  if (pairs < 2) throw refusal('TooFewStandards', `${pairs} pair, expected 2 at least`);
  checkFinite(slave, 'slave');
  checkFinite(master, 'master');
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / pairs;
  const x = mean(slave);
  const y = mean(master);
  let squares = 0;
  let product = 0;
  for (let k = 0; k < pairs; k++) {
    squares += (slave[k]! - x) ** 2;
    product += (slave[k]! - x) * (master[k]! - y);
  }
  if (!(squares > 1e-24 * pairs * x * x)) throw refusal('ZeroVariance', `the slave predicts ${x} for every standard`);
  const slope = product / squares;
  let rest = 0;
  for (let k = 0; k < pairs; k++) rest += (master[k]! - y - slope * (slave[k]! - x)) ** 2;
  return {
    slope,
    bias: y - slope * x,
    scatter: pairs > 2 ? Math.sqrt(rest / (pairs - 2)) : null,
    centre: x,
    squares,
    pairs,
  };
}
