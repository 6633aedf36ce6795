import { createKinetics, type DamageKinetics, type KineticsOptions } from './damageKinetics.ts';
import { createFilters, type DamageFilter } from './kalmanBank.ts';
import { createMassHistogram } from './massHistogram.ts';

/** What the estimate of damage is made with; doses in units of the median of the prior. */
export interface DamageOptions extends Omit<KineticsOptions, 'rates'> {
  /** The intact reference has no error; otherwise {@link giveReference} when it is known. */
  readonly isReferenceExact: boolean;
  /** Keeps all likelihoods, for a confidence sequence. */
  readonly isGuaranteed: boolean;
}

/** Derived once. */
export interface DamageWork {
  readonly options: DamageOptions;
  readonly kinetics: DamageKinetics;
  readonly filters: readonly DamageFilter[];
  /** [1 + filters] shares that the experts begin with and are drawn back to. */
  readonly shares: Float64Array;
  readonly clocks: Float64Array;
  readonly fractions: Float64Array;
  readonly scratch: readonly [Float64Array, Float64Array];
  readonly evidence: Float64Array;
  /** Multiples of the first rate of dose, one per clock after the first. */
  readonly rates: readonly number[];
  readonly bins: Float64Array;
}

/** Multiples of the first rate of dose below which nothing may happen: levels a factor of two apart are told from each other. */
const RATES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((power) => 2 ** power);
const GRID = 0.6;
const STRAIGHT = 0.24;
const CURVED = 0.16;

/** @throws RangeError for a tolerance outside (0, 1). */
export function createDamageWork(options: DamageOptions): DamageWork {
  const { tolerance, isExponential } = options;
  if (!(tolerance > 0 && tolerance < 1)) throw new RangeError(`tolerance is ${tolerance}, expected 0 to 1`);
  const kinetics = createKinetics({ ...options, rates: isExponential ? [] : RATES });
  const filters = isExponential ? [] : createFilters(tolerance);
  const straight = filters.filter(({ order }) => order === 1).length;
  const shares = filters.map(({ order }) => (order === 1 ? STRAIGHT / straight : CURVED / (filters.length - straight)));
  return {
    options,
    kinetics,
    filters,
    shares: Float64Array.from(isExponential ? [1] : [GRID, ...shares]),
    clocks: new Float64Array(isExponential ? 1 : 1 + RATES.length),
    fractions: new Float64Array(kinetics.count),
    scratch: [new Float64Array(kinetics.count), new Float64Array(kinetics.count)],
    evidence: new Float64Array(filters.length),
    rates: RATES,
    bins: createMassHistogram(),
  };
}
