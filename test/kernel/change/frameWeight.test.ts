import { expect, it } from 'vitest';
import { createWeightWork, frameWeight } from '../../../src/kernel/change/frameWeight.ts';

const USUAL = Float64Array.from({ length: 1000 }, (_, i) => 1 + (i % 7));
const work = createWeightWork(USUAL.length);
const weigh = (variances: Float64Array, mask?: Uint8Array) => frameWeight(variances, USUAL, mask, work);

it('weighs a frame of ten times the variance a tenth, whatever single channels say', () => {
  const variances = USUAL.map((value) => 10 * value);
  variances[5] = 1e9;
  expect(weigh(variances)).toBeCloseTo(0.1, 12);
  expect(weigh(USUAL)).toBe(1);
});

it('weighs a frame fully where nothing can be compared', () => {
  expect(weigh(new Float64Array(1000))).toBe(1);
  expect(weigh(USUAL, new Uint8Array(1000).fill(1))).toBe(1);
});
