import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { applyBanded } from '../../../src/kernel/transfer/bandedMap.ts';
import { learnCoral } from '../../../src/kernel/transfer/coral.ts';
import { learnDirect } from '../../../src/kernel/transfer/directStandardisation.ts';
import { jacobiSvd } from '../../../src/kernel/transfer/jacobiSvd.ts';
import { applyLowRank } from '../../../src/kernel/transfer/lowRankMap.ts';
import { learnPds } from '../../../src/kernel/transfer/pds.ts';
import { slopeBias } from '../../../src/kernel/transfer/slopeBias.ts';

const n = 20;
const random = seedXoshiro128(1, 7);
const mixtures = (count: number, shift: number, gain: number): Float64Array[] =>
  Array.from({ length: count }, () => {
    const [a, b, c] = [nextNormal(random), nextNormal(random), nextNormal(random)];
    return Float64Array.from(
      { length: n },
      (_, i) =>
        gain *
        (5 + a * Math.exp(-(((i - 6 - shift) / 3) ** 2)) + b * Math.exp(-(((i - 13 - shift) / 2) ** 2)) + 0.1 * c * i),
    );
  });
const values = Float64Array.from({ length: n }, (_, i) => 5 + Math.sin(i));
const variances = values.map((value, i) => value * (1 + 0.2 * Math.cos(i)));

/** Variances by the change each channel makes; the maps are linear. */
function byDifferences(apply: (x: Float64Array) => Float64Array): Float64Array {
  const sum = new Float64Array(n);
  const start = apply(values);
  for (let i = 0; i < n; i++) {
    const x = values.slice();
    x[i] = x[i]! + 1;
    apply(x).forEach((y, j) => (sum[j] = sum[j]! + (y - start[j]!) ** 2 * variances[i]!));
  }
  return sum;
}

function expectClose(got: Float64Array, want: Float64Array, tolerance = 1e-9): void {
  want.forEach((value, i) =>
    expect(Math.abs(got[i]! - value), `channel ${i}`).toBeLessThan(tolerance * (1 + Math.abs(value))),
  );
}

const slave = mixtures(12, 1, 0.7);
const master = mixtures(12, 0, 1);

describe('the variances of a transferred spectrum', () => {
  it('are those of all channels of the window', () => {
    const map = learnPds({ master, slave }, { halfWindow: 3, regression: { kind: 'ridge', ridge: 0.01 } });
    const outVariances = new Float64Array(n);
    applyBanded(values, map, { variances, outVariances }, new Float64Array(n));
    expectClose(
      outVariances,
      byDifferences((x) => applyBanded(x, map, {}, new Float64Array(n))),
    );
  });

  it.each([
    ['direct standardisation', learnDirect({ master, slave }, 3)],
    ['correlation alignment', learnCoral({ master, slave }, 0.05)],
  ])('are those of all channels together, by %s', (_, map) => {
    const outVariances = new Float64Array(n);
    const scratch = new Float64Array(n);
    applyLowRank(values, map, { variances, outVariances }, scratch, new Float64Array(n));
    expectClose(
      outVariances,
      byDifferences((x) => applyLowRank(x, map, {}, scratch, new Float64Array(n))),
    );
  });
});

const statistics = (rows: readonly Float64Array[]): Float64Array => {
  const mean = (f: (row: Float64Array) => number): number => rows.reduce((sum, row) => sum + f(row), 0) / rows.length;
  const means = Array.from({ length: n }, (_, i) => mean((row) => row[i]!));
  const covariances = means.flatMap((a, i) =>
    means.map((b, j) => (mean((row) => (row[i]! - a) * (row[j]! - b)) * rows.length) / (rows.length - 1)),
  );
  return Float64Array.of(...means, ...covariances);
};

describe('correlation alignment', () => {
  it('gives the slave the mean and covariance of the master, but for the ridge', () => {
    const many = { master: mixtures(60, 0, 1), slave: mixtures(40, 0, 0.7) };
    const map = learnCoral(many, 1e-6);
    const moved = many.slave.map((row) => applyLowRank(row, map, {}, new Float64Array(n), new Float64Array(n)));
    expectClose(statistics(moved), statistics(many.master), 1e-4);
  });

  it('changes nothing between one instrument and itself', () => {
    const map = learnCoral({ master, slave: master }, 0.01);
    expectClose(applyLowRank(values, map, {}, new Float64Array(n), new Float64Array(n)), values);
  });

  it('refuses a ridge of nothing', () => {
    expect(() => learnCoral({ master, slave }, 0)).toThrow('ridge is 0, expected a positive number');
  });
});

describe('direct standardisation', () => {
  it('leads to other channels than it comes from', () => {
    const short = master.map((row) => row.slice(0, 8));
    const map = learnDirect({ master: short, slave: master }, 3);
    expectClose(applyLowRank(master[2]!, map, {}, new Float64Array(n), new Float64Array(8)), short[2]!, 1e-9);
  });
});

describe('singular values', () => {
  it('rebuild the matrix, and those that are none are 0', () => {
    const columns = [values, variances, values.map((value, i) => 2 * value - variances[i]!)];
    const { scaled, right, values: s } = jacobiSvd(columns);
    expect(s[2]).toBe(0);
    expect(s[0]).toBeGreaterThan(s[1]!);
    columns.forEach((column, c) =>
      expectClose(
        column.map((_, i) => scaled.reduce((sum, u, k) => sum + u[i]! * right[k]![c]!, 0)),
        column,
        1e-12,
      ),
    );
  });
});

describe('slope and bias', () => {
  it('say how far the pairs scatter around the line', () => {
    const line = slopeBias(Float64Array.of(0, 1, 2, 3), Float64Array.of(1.1, 2.9, 5.1, 6.9));
    expect(line.slope).toBeCloseTo(1.96, 12);
    expect(line.scatter).toBeCloseTo(Math.sqrt(0.032 / 2), 12);
  });

  it('refuse a slave that always says the same', () => {
    expect(() => slopeBias(Float64Array.of(2, 2), Float64Array.of(1, 3))).toThrow('predicts 2 for every standard');
  });
});
