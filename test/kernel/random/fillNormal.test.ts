import { expect, it } from 'vitest';
import { fillNormal } from '../../../src/kernel/random/fillNormal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const COUNT = 400_000;

it('has the moments and the tail of a normal number, and no correlation from one to the next', () => {
  const numbers = fillNormal(seedXoshiro128(5, 1), new Float64Array(COUNT));
  const mean = (of: (value: number, i: number) => number) =>
    numbers.reduce((sum, value, i) => sum + of(value, i), 0) / COUNT;
  const near = (value: number, expected: number, variance: number) =>
    expect(Math.abs(value - expected)).toBeLessThan(4.5 * Math.sqrt(variance / COUNT));
  near(
    mean((x) => x),
    0,
    1,
  );
  near(
    mean((x) => x * x),
    1,
    2,
  );
  near(
    mean((x) => x ** 3),
    0,
    15,
  );
  near(
    mean((x) => x ** 4),
    3,
    96,
  );
  near(
    mean((x) => (x > 3 ? 1 : 0)),
    0.0013499,
    0.00135,
  );
  for (const lag of [1, 2, 3])
    near(
      mean((x, i) => x * numbers[(i + lag) % COUNT]!),
      0,
      1,
    );
});

it('goes on where it ended, and gives the same for the same state', () => {
  const once = fillNormal(seedXoshiro128(5, 1), new Float64Array(8));
  const state = seedXoshiro128(5, 1);
  const parts = [fillNormal(state, new Float64Array(4)), fillNormal(state, new Float64Array(4))];
  expect([...parts[0]!, ...parts[1]!]).toEqual([...once]);
  expect([...fillNormal(seedXoshiro128(5, 1), new Float64Array(3))]).toEqual([...once.subarray(0, 3)]);
});
