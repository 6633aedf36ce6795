import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';

/** Channels to either side that a slope is taken over. */
const REACH = 2;
/** Channels that a spectrum with an edge has at the least. */
const LEAST = 2 * REACH + 2;

/**
 * The energy of an absorption edge: where the spectrum rises most steeply, each slope taken over five channels by least squares.
 *
 * @param energies - [n], rising.
 * @param values - [n].
 * @returns the energy of that channel.
 * @throws RangeError LengthMismatch, NonFiniteInput; TooShort for fewer than six channels; NoEdge when nothing rises.
 */
export function findEdge(energies: Float64Array, values: Float64Array): number {
  const n = values.length;
  if (energies.length !== n) throw refusal('LengthMismatch', `${n} values, expected ${energies.length}`);
  if (n < LEAST) throw refusal('TooShort', `${n} channels, expected ${LEAST} at least`);
  checkFinite(values, 'values');
  let steepest = 0;
  let at = -1;
  for (let i = REACH; i < n - REACH; i++) {
    let [sum, product, square, mean] = [0, 0, 0, 0];
    for (let k = i - REACH; k <= i + REACH; k++) mean += energies[k]! / (2 * REACH + 1);
    for (let k = i - REACH; k <= i + REACH; k++) {
      const d = energies[k]! - mean;
      sum += values[k]!;
      product += d * values[k]!;
      square += d * d;
    }
    const slope = product / square;
    // A slope that is rounding is none.
    if (slope > steepest && slope * (energies[i + REACH]! - energies[i - REACH]!) > 1e-9 * Math.abs(sum)) {
      steepest = slope;
      at = i;
    }
  }
  if (at < 0) throw refusal('NoEdge', 'the spectrum rises nowhere, expected an absorption edge');
  return energies[at]!;
}
