/**
 * Sum of products of two arrays of one length, plainly added: for sums that need no more than 1e-13 of their largest term.
 *
 * @param a - [n].
 * @param b - [n].
 * @example
 * dot(Float64Array.of(1, 2), Float64Array.of(3, 4)); // => 11
 */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
