/** Changes that are no evolution of the sample. */
export const EVOLUTION_NUISANCES = ['gain', 'offset', 'slope', 'shift'] as const;
export type EvolutionNuisance = (typeof EVOLUTION_NUISANCES)[number];

/**
 * Directions along which a spectrum may move without meaning anything, orthonormal in the metric of the precision.
 *
 * @param x - [n] coordinates.
 * @param space - reference spectrum and 1 over the variance of each channel, [n].
 * @param out - [ignore * n] receives them; one that the others already hold becomes 0.
 */
export function layNuisances(
  ignore: readonly EvolutionNuisance[],
  x: Float64Array,
  { reference, precision }: { readonly reference: Float64Array; readonly precision: Float64Array },
  out: Float64Array,
): void {
  const n = x.length;
  const centre = 0.5 * (x[0]! + x[n - 1]!);
  for (let k = 0; k < ignore.length; k++) {
    const direction = out.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) direction[i] = valueAt(ignore[k]!, i);
    const before = norm(direction, precision);
    orthogonal(direction, precision, out.subarray(0, k * n));
    const length = norm(direction, precision);
    const isNew = length > 1e-9 * before;
    for (let i = 0; i < n; i++) direction[i] = isNew ? direction[i]! / length : 0;
  }

  function valueAt(nuisance: EvolutionNuisance, i: number): number {
    if (nuisance === 'gain') return reference[i]!;
    if (nuisance === 'offset') return 1;
    if (nuisance === 'slope') return x[i]! - centre;
    const [a, b] = [Math.max(i - 1, 0), Math.min(i + 1, n - 1)];
    return b > a ? (reference[b]! - reference[a]!) / (x[b]! - x[a]!) : 0;
  }
}

/** Takes out of a spectrum, in place, what lies along orthonormal directions, [any number * n]. */
export function orthogonal(values: Float64Array, precision: Float64Array, directions: Float64Array): void {
  const n = values.length;
  for (let from = 0; from < directions.length; from += n) {
    let share = 0;
    for (let i = 0; i < n; i++) share += precision[i]! * directions[from + i]! * values[i]!;
    for (let i = 0; i < n; i++) values[i] = values[i]! - share * directions[from + i]!;
  }
}

function norm(values: Float64Array, precision: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += precision[i]! * values[i]! * values[i]!;
  return Math.sqrt(sum);
}
