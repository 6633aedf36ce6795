/**
 * Sum of the values, by Neumaier's compensated summation: the error does not grow with n.
 *
 * @param values - [n], finite; empty gives 0. A NaN makes the sum NaN.
 * @param mask - [n], 1 = left out.
 * @returns the sum, in the unit of the values.
 * @see Neumaier, Z. Angew. Math. Mech. 54 (1974) 39.
 * @example
 * sum(Float64Array.of(1, 1e100, 1, -1e100)); // => 2
 */
export function sum(values: Float64Array, mask?: Uint8Array): number {
  const n = values.length;
  let total = 0;
  let compensation = 0;
  for (let i = 0; i < n; i++) {
    if (mask !== undefined && mask[i] === 1) continue;
    const value = values[i]!;
    const next = total + value;
    compensation += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + compensation;
}
