import { describe, expect, it } from 'vitest';
import { buildAliasTable, drawAlias } from '../../../src/kernel/random/aliasTable.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

/** Probability of each channel, summed over the columns of the table. */
function probabilities({ stay, alias }: ReturnType<typeof buildAliasTable>): Float64Array {
  const p = new Float64Array(stay.length);
  stay.forEach((part, i) => {
    p[i] = p[i]! + part / stay.length;
    p[alias[i]!] = p[alias[i]!]! + (1 - part) / stay.length;
  });
  return p;
}

describe('an alias table', () => {
  it('holds exactly the weights it was built of', () => {
    const random = seedXoshiro128(3, 0);
    for (const n of [1, 2, 7, 1024]) {
      const weights = Float64Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : nextUniform(random) ** 8));
      const table = buildAliasTable(weights);
      const total = weights.reduce((a, b) => a + b, 0);
      expect(table.total).toBeCloseTo(total, 12);
      probabilities(table).forEach((p, i) => expect(p).toBeCloseTo(weights[i]! / total, 12));
    }
  });

  it('is rebuilt in place', () => {
    const table = buildAliasTable(Float64Array.of(1, 2, 3));
    buildAliasTable(Float64Array.of(0, 0, 4), table);
    expect([...probabilities(table)].map((p) => Math.round(p * 1e12) / 1e12)).toEqual([0, 0, 1]);
    expect(table.total).toBe(4);
  });

  it('is drawn from as often as it should be, and never where there is no weight', () => {
    const weights = Float64Array.of(1, 0, 5, 0.1, 2);
    const table = buildAliasTable(weights);
    const random = seedXoshiro128(1, 0);
    const counts = new Float64Array(weights.length);
    const draws = 200_000;
    for (let i = 0; i < draws; i++) {
      const channel = drawAlias(table, random);
      counts[channel] = counts[channel]! + 1;
    }
    weights.forEach((weight, i) => {
      const mean = (draws * weight) / table.total;
      expect(Math.abs(counts[i]! - mean)).toBeLessThanOrEqual(4.5 * Math.sqrt(mean));
    });
  });

  it('of no weight at all has a total of zero', () => {
    expect(buildAliasTable(new Float64Array(4)).total).toBe(0);
  });
});
