/** Sums over pairs of frames, from which the dispersion of counts follows. Plain data. */
export type PairDispersion = {
  pairs: number;
  /** Sums of what was found, what Poisson counts give, and their products. */
  found: number;
  expected: number;
  foundFound: number;
  foundExpected: number;
  expectedExpected: number;
};

/** Variance over that of Poisson counts. */
export interface Dispersion {
  /** 1 for Poisson counts. */
  readonly value: number;
  /** One standard deviation. */
  readonly standardError: number;
}

/** Fewer pairs give no error worth the name. */
const LEAST = 8;

export function createPairDispersion(): PairDispersion {
  return { pairs: 0, found: 0, expected: 0, foundFound: 0, foundExpected: 0, expectedExpected: 0 };
}

/**
 * Adds two successive frames. What drifts slowly cancels between them; with `ignoresGain` the intensity does too,
 * whatever it did.
 *
 * @param a - [n] counts of the first frame.
 * @param b - [n] counts of the second, of equal exposure.
 * @param mask - [n] 1 = do not use; undefined uses all.
 */
export function addPair(
  state: PairDispersion,
  a: Float64Array,
  b: Float64Array,
  mask: Uint8Array | undefined,
  ignoresGain: boolean,
): void {
  let totalA = 0;
  let totalB = 0;
  for (let i = 0; i < a.length; i++) {
    if (mask?.[i] === 1) continue;
    totalA += a[i]!;
    totalB += b[i]!;
  }
  if (!ignoresGain) return gather(state, (totalB - totalA) ** 2, totalA + totalB);
  const total = totalA + totalB;
  if (!(totalA > 0 && totalB > 0 && total > 1)) return;
  const share = totalB / total;
  let found = 0;
  let expected = 0;
  for (let i = 0; i < a.length; i++) {
    if (mask?.[i] === 1) continue;
    const both = a[i]! + b[i]!;
    found += (b[i]! - share * both) ** 2;
    // Given the totals and what both hold, Poisson counts are hypergeometric: exact at any level.
    expected += (both * share * (1 - share) * (total - both)) / (total - 1);
  }
  gather(state, found, expected);
}

function gather(state: PairDispersion, found: number, expected: number): void {
  if (!(expected > 0)) return;
  state.pairs++;
  state.found += found;
  state.expected += expected;
  state.foundFound += found * found;
  state.foundExpected += found * expected;
  state.expectedExpected += expected * expected;
}

/** The dispersion over all pairs, its error from the scatter between pairs; null when there are fewer than eight. */
export function dispersionOf(state: PairDispersion): Dispersion | null {
  const { pairs, found, expected, foundFound, foundExpected, expectedExpected } = state;
  if (pairs < LEAST) return null;
  const value = found / expected;
  const scatter = foundFound - 2 * value * foundExpected + value * value * expectedExpected;
  return { value, standardError: Math.sqrt(Math.max(scatter, 0)) / expected };
}
