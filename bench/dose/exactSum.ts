/** Sums of products of a double and a small integer, without any rounding. */
export interface ExactSum {
  /** @param value - finite, >= 0; the factor is that of this number among the factors. */
  add(value: number, factor: number): void;
  /** The sum, times 2^1074: an integer. */
  total(): bigint;
}

const EXPONENTS = 2048;
/** Low words add up exactly in a double for so long. */
const FLUSH = 2 ** 20;

/** Every double is an integer over a power of two: mantissas are added by exponent, and brought together as big integers. */
export function createExactSum(factors: readonly number[]): ExactSum {
  const high = new Float64Array(factors.length * EXPONENTS);
  const low = new Float64Array(factors.length * EXPONENTS);
  const value = new Float64Array(1);
  const words = new Uint32Array(value.buffer);
  let total = 0n;
  let waiting = 0;
  const flush = (): void => {
    for (let k = 0; k < high.length; k++) {
      if (high[k] === 0 && low[k] === 0) continue;
      const mantissas = (BigInt(high[k]!) << 32n) + BigInt(low[k]!);
      const exponent = Math.max(k % EXPONENTS, 1) - 1;
      total += (mantissas << BigInt(exponent)) * BigInt(factors[Math.floor(k / EXPONENTS)]!);
      high[k] = 0;
      low[k] = 0;
    }
    waiting = 0;
  };
  return {
    add(number, factor) {
      value[0] = number;
      const exponent = (words[1]! >>> 20) & 0x7ff;
      const k = factor * EXPONENTS + exponent;
      high[k]! += (words[1]! & 0xfffff) + (exponent > 0 ? 0x100000 : 0);
      low[k]! += words[0]!;
      if (++waiting === FLUSH) flush();
    },
    total() {
      flush();
      return total;
    },
  };
}

/**
 * How far a sum is from the exact one, relative.
 *
 * @param exact - times 2^1074.
 * @param divisor - of the exact one.
 */
export function relativeError(sum: number, exact: bigint, divisor: bigint): number {
  const one = createExactSum([1]);
  one.add(sum, 0);
  const difference = one.total() * divisor - exact;
  const SCALE = 10n ** 40n;
  return Number(((difference < 0n ? -difference : difference) * SCALE) / exact) / Number(SCALE);
}
