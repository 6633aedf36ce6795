/**
 * A set of hypotheses of how damage grows with dose: f = 1 - exp(-c t^m), t = (x - delay) / (reach - delay), c chosen so
 * that f is the tolerance at x = `reach`. Doses x are in units of the median of the prior.
 */
export interface DamageKinetics {
  readonly count: number;
  /** -ln(1 - tolerance). */
  readonly hazard: number;
  /** [count] dose at which f is the tolerance; Infinity: no damage at all. */
  readonly reach: Float64Array;
  readonly logReach: Float64Array;
  /** [first, end) of those that are exponential in all dose. */
  readonly exponential: readonly [first: number, end: number];
  /** [count] dose below which nothing happens. */
  readonly delay: Float64Array;
  /** [count] twice the exponent m: 2 is the exponential. */
  readonly twicePower: Uint8Array;
  /** [count] which clock of dose it goes by: 0 counts all, k >= 1 only what came faster than the k-th rate. */
  readonly clock: Uint8Array;
  /** [count] prior probabilities, together 1. */
  readonly prior: Float64Array;
  /** [count] width of its cell in ln(reach). */
  readonly cell: Float64Array;
}

/** What the prior is made of. */
export interface KineticsOptions {
  /** Damage fraction that must not be passed, in (0, 1). */
  readonly tolerance: number;
  /** Standard deviation of the logarithm of the dose at tolerance. */
  readonly spread: number;
  /** Only f = 1 - exp(-D/De). */
  readonly isExponential: boolean;
  /** Lowest dose at tolerance that is possible, same unit; 0: any. */
  readonly lowest: number;
  /** Rates of dose, over the first one seen, below which nothing happens: each has its own clock. */
  readonly rates: readonly number[];
}

const ASSERTED = 400;
const EXPONENTIALS = 280;
const NONE = 0.1;
const EXPONENTIAL = 0.37;
const RATE = 0.08;
const SIGMOID = 0.2;
const ONSET = 0.25;
const REACH = 3.5;
const TWICE_POWERS = [3, 4, 5, 6, 8];
const RISES = 14;

/** The prior over kinetics: none, exponential, sigmoid, delayed, and exponential above a rate; log-normal in the dose at tolerance. */
export function createKinetics({ tolerance, spread, isExponential, lowest, rates }: KineticsOptions): DamageKinetics {
  const rows: number[][] = [];
  const low = lowest > 0 ? Math.log(lowest) : -REACH * spread;
  const add = (
    weight: number,
    count: number,
    make: (reach: number) => [delay: number, twicePower: number, clock: number],
  ) => {
    const high = Math.max(REACH * spread, low + spread);
    const cell = (high - low) / count;
    const nodes = Array.from({ length: count }, (_, k) => low + (k + 0.5) * cell);
    const shares = nodes.map((node) => Math.exp(-0.5 * (node / spread) ** 2));
    const total = shares.reduce((sum, share) => sum + share, 0);
    nodes.forEach((node, k) => {
      const reach = Math.exp(node);
      rows.push([reach, ...make(reach), (weight * shares[k]!) / total, cell]);
    });
  };
  if (isExponential) add(1, ASSERTED, () => [0, 2, 0]);
  else {
    rows.push([Infinity, 0, 2, 0, NONE, 0]);
    add(rates.length > 0 ? EXPONENTIAL : EXPONENTIAL + RATE, EXPONENTIALS, () => [0, 2, 0]);
    for (const power of TWICE_POWERS) add(SIGMOID / TWICE_POWERS.length, 160, () => [0, power, 0]);
    for (let k = 0; k < RISES; k++) {
      const rise = 0.08 * (0.9 / 0.08) ** (k / (RISES - 1));
      add(ONSET / RISES, 60, (reach) => [reach * (1 - rise), 2, 0]);
    }
    rates.forEach((_, k) => add(RATE / rates.length, 80, () => [0, 2, k + 1]));
  }
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]!);
  const first = isExponential ? 0 : 1;
  return {
    count: rows.length,
    hazard: -Math.log1p(-tolerance),
    reach: column(0),
    logReach: column(0).map(Math.log),
    exponential: [first, first + (isExponential ? ASSERTED : EXPONENTIALS)],
    delay: column(1),
    twicePower: Uint8Array.from(rows, (row) => row[2]!),
    clock: Uint8Array.from(rows, (row) => row[3]!),
    prior: column(4),
    cell: column(5),
  };
}

/**
 * Damage fraction of every hypothesis.
 *
 * @param clocks - [1 + rates] dose by each clock.
 * @param out - [count] overwritten.
 * @param weights - [count] those of no weight are left alone.
 */
export function damageFractions(
  { count, hazard, reach, delay, twicePower, clock }: DamageKinetics,
  clocks: Float64Array,
  out: Float64Array,
  weights?: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && weights[i] === 0) continue;
    const since = clocks[clock[i]!]! - delay[i]!;
    if (since <= 0) {
      out[i] = 0;
      continue;
    }
    const t = since / (reach[i]! - delay[i]!);
    const twice = twicePower[i]!;
    let power = (twice & 1) === 1 ? Math.sqrt(t) : 1;
    for (let k = twice >> 1; k > 0; k--) power *= t;
    const exponent = hazard * power;
    out[i] = exponent < 1e-9 ? exponent : 1 - Math.exp(-exponent);
  }
}
