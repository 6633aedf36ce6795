import type { AttenuationTable } from './massAttenuation.ts';

/**
 * Mass attenuation coefficient, cm2/g, at `energy` eV: log-log linear between the listed energies, held below them, and going on as it did
 * above: photoelectric absorption only, a few per cent low at 20 keV.
 */
export function massAttenuationAt({ energies, coefficients }: AttenuationTable, energy: number): number {
  const last = energies.length - 1;
  if (energy <= energies[0]) return coefficients[0];
  const above = energy >= energies[last]! ? last : firstAbove(energies, energy);
  const [left, right] = [energies[above - 1], energies[above]];
  const part = Math.log(energy / left) / Math.log(right / left);
  return coefficients[above - 1] * (coefficients[above] / coefficients[above - 1]) ** part;
}

/** Exponent p of the coefficient's local power law E^-p. */
export function attenuationSlope({ energies, coefficients }: AttenuationTable, energy: number): number {
  if (energy <= energies[0] || energy >= energies[energies.length - 1]) return 0;
  const above = firstAbove(energies, energy);
  return Math.log(coefficients[above - 1] / coefficients[above]) / Math.log(energies[above] / energies[above - 1]);
}

/** Energies, eV, at which a coefficient jumps, or its exponent does by more than `least`. */
export function breaksOf(table: AttenuationTable, least = 0.5): readonly number[] {
  return table.energies.filter((energy, i) => {
    if (i === 0 || i === table.energies.length - 1) return false;
    const before = attenuationSlope(table, 0.5 * (table.energies[i - 1] + energy));
    return Math.abs(attenuationSlope(table, energy) - before) > least;
  });
}

function firstAbove(energies: readonly number[], energy: number): number {
  let low = 0;
  let high = energies.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (energies[middle] <= energy) low = middle;
    else high = middle;
  }
  return high;
}
