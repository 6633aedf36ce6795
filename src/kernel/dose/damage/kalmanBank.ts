/** How stiff one filter takes the growth of damage to be. */
export interface DamageFilter {
  /** 1: straight pieces, 2: parabolas. */
  readonly order: 1 | 2;
  /** Density of the noise on the highest derivative, per unit of dose. */
  readonly noise: number;
}

/** What the filters have seen: plain data. [filters * 20]: mean of f, f', f'' and the reference error, then their covariance. */
export type BankState = { numbers: Float64Array };

/** Unknowns of a filter, and numbers per filter. */
export const SIZE = 4;
export const STRIDE = SIZE + SIZE * SIZE;

/** Slope noise over the usual slope, tolerance over dose at tolerance. */
const STRAIGHT = [0.084, 0.25, 0.84, 2.5, 8.4];
const CURVED = [0.35, 3.5, 35];
/** Of the usual slope: what the slope may be at the start. */
const FIRST_SLOPE = 1;
const FIRST_CURVATURE = 2;
/** The frames over which the noise moves a slope by as much as it says, as a dose. */
const MEMORY = 50 / 42;

/** 5 filters of straight pieces and 3 of parabolas. Doses in units of the median of the prior. */
export function createFilters(tolerance: number): DamageFilter[] {
  const noise = (relative: number): number => (relative * tolerance) ** 2 / MEMORY;
  return [
    ...STRAIGHT.map((relative): DamageFilter => ({ order: 1, noise: noise(relative) })),
    ...CURVED.map((relative): DamageFilter => ({ order: 2, noise: noise(relative) })),
  ];
}

/** No damage yet, slope unknown. */
export function createBankState(filters: readonly DamageFilter[], tolerance: number): BankState {
  const state = { numbers: new Float64Array(filters.length * STRIDE) };
  resetBank(state, filters, tolerance);
  return state;
}

/** No damage yet, slope unknown, in place. */
export function resetBank({ numbers }: BankState, filters: readonly DamageFilter[], tolerance: number): void {
  numbers.fill(0);
  for (let k = 0; k < filters.length; k++) {
    const p = k * STRIDE + SIZE;
    numbers[p + 5] = (FIRST_SLOPE * tolerance) ** 2;
    if (filters[k]!.order === 2) numbers[p + 10] = (FIRST_CURVATURE * tolerance) ** 2;
  }
}

/**
 * The reference was measured, and all fractions are measured from it: what damage there was is in it.
 *
 * @param dose - received until now, no frame of which said anything.
 * @param middle - dose at which the reference was measured, 0..dose.
 * @param variance - of the damage fraction of the reference.
 */
export function giveBankReference(
  { numbers }: BankState,
  filters: readonly DamageFilter[],
  tolerance: number,
  dose: number,
  middle: number,
  variance: number,
): void {
  const slope = middle * (FIRST_SLOPE * tolerance) ** 2;
  for (let k = 0; k < filters.length; k++) {
    const p = k * STRIDE + SIZE;
    const curvature = filters[k]!.order === 2 ? 0.5 * middle * middle * (FIRST_CURVATURE * tolerance) ** 2 : 0;
    numbers[p + 3] = numbers[p + 12] = -slope * dose - 0.5 * curvature * dose * dose;
    numbers[p + 7] = numbers[p + 13] = -slope - curvature * dose;
    numbers[p + 11] = numbers[p + 14] = -curvature;
    numbers[p + 15] = variance + slope * middle + 0.5 * curvature * middle * middle;
  }
}

/** Moves all filters on by a dose without data. */
export function predictBank({ numbers }: BankState, filters: readonly DamageFilter[], dose: number): void {
  const half = 0.5 * dose * dose;
  for (let k = 0; k < filters.length; k++) {
    const mean = k * STRIDE;
    const p = mean + SIZE;
    numbers[mean]! += numbers[mean + 1]! * dose + numbers[mean + 2]! * half;
    numbers[mean + 1]! += numbers[mean + 2]! * dose;
    for (let j = 0; j < SIZE; j++) {
      numbers[p + j]! += numbers[p + 4 + j]! * dose + numbers[p + 8 + j]! * half;
      numbers[p + 4 + j]! += numbers[p + 8 + j]! * dose;
    }
    for (let i = 0; i < SIZE; i++) {
      const row = p + SIZE * i;
      numbers[row]! += numbers[row + 1]! * dose + numbers[row + 2]! * half;
      numbers[row + 1]! += numbers[row + 2]! * dose;
    }
    const { order, noise } = filters[k]!;
    const first = order === 1 ? p : p + 5;
    const cross = noise * half;
    numbers[first]! += (noise * dose ** 3) / 3;
    numbers[first + 1]! += cross;
    numbers[first + 4]! += cross;
    numbers[first + 5]! += noise * dose;
    if (order === 2) {
      numbers[p]! += (noise * dose ** 5) / 20;
      const fourth = (noise * dose ** 4) / 8;
      const third = (noise * dose ** 3) / 6;
      numbers[p + 1]! += fourth;
      numbers[p + 4]! += fourth;
      numbers[p + 2]! += third;
      numbers[p + 8]! += third;
    }
  }
}

/**
 * Corrects all filters by one frame.
 *
 * @param evidence - [filters] overwritten with the logarithm of each predictive density.
 */
export function correctBank({ numbers }: BankState, fraction: number, variance: number, evidence: Float64Array): void {
  for (let k = 0; k < evidence.length; k++) {
    const mean = k * STRIDE;
    const p = mean + SIZE;
    const total = variance + numbers[p]! + 2 * numbers[p + 3]! + numbers[p + 15]!;
    const innovation = fraction - numbers[mean]! - numbers[mean + 3]!;
    evidence[k] = (-0.5 * (innovation * innovation)) / total - 0.5 * Math.log(2 * Math.PI * total);
    const c0 = numbers[p]! + numbers[p + 3]!;
    const c1 = numbers[p + 4]! + numbers[p + 7]!;
    const c2 = numbers[p + 8]! + numbers[p + 11]!;
    const c3 = numbers[p + 12]! + numbers[p + 15]!;
    for (let i = 0; i < SIZE; i++) {
      const own = i === 0 ? c0 : i === 1 ? c1 : i === 2 ? c2 : c3;
      numbers[mean + i]! += (own / total) * innovation;
      const row = p + SIZE * i;
      numbers[row]! -= (own * c0) / total;
      numbers[row + 1]! -= (own * c1) / total;
      numbers[row + 2]! -= (own * c2) / total;
      numbers[row + 3]! -= (own * c3) / total;
    }
  }
}
