import { describe, expect, it } from 'vitest';
import { alignBlocks } from '../../../../src/kernel/change/templateAlignment.ts';
import {
  createLearningBlocks,
  forgetBlocks,
  learnedFrames,
  learnFrame,
} from '../../../../src/kernel/change/templateLearning.ts';
import { fillPoisson } from '../../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../../src/kernel/random/xoshiro128.ts';
import { countFrames, SIZE, usualMeans, type Present } from '../../../support/templateSpectra.ts';

const x = Float64Array.from({ length: SIZE }, (_, i) => i);
const LEARN = 240;

/** The mean spectrum learned of frames whose drift `present` gives. */
function learned(present: (seq: number) => Present, follows = true) {
  const state = createLearningBlocks(SIZE, LEARN);
  for (const { values, timeUs } of countFrames(LEARN, present)) learnFrame(state, values, null, timeUs, LEARN);
  const mean = new Float64Array(SIZE);
  const shifts = alignBlocks(state, x, usualMeans(), follows, mean);
  return { mean, shifts };
}
/** Width of the strongest line over the background of 5, as area over height. */
function sharpness(mean: Float64Array): number {
  let area = 0;
  let most = 0;
  for (let i = 48; i < 69; i++) {
    const peak = mean[i]! - 5 * (1.2 - (0.4 * i) / SIZE);
    area += peak;
    most = Math.max(most, peak);
  }
  return most / area;
}

describe('learning', () => {
  it('gives a reference as sharp as without drift while the axis drifts by three channels', () => {
    const drifting = (seq: number): Present => ({ shift: (3 * seq) / LEARN - 1.5 });
    const still = sharpness(learned(() => ({})).mean);
    const aligned = sharpness(learned(drifting).mean);
    const blurred = sharpness(learned(drifting, false).mean);
    expect(blurred / still).toBeLessThan(0.94);
    expect(aligned / still).toBeGreaterThan(0.97);
    expect(aligned / still).toBeLessThan(1.03);
  });

  it('finds the shift of each block to within its noise, around their mean', () => {
    const { shifts } = learned((seq) => ({ shift: (3 * seq) / LEARN - 1.5 }));
    expect(shifts.length).toBe(12);
    const off = shifts.map((shift, b) => shift - ((3 * (b + 0.5)) / 12 - 1.5));
    // Twenty frames know their shift to 0.065 channels.
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.25);
    expect(Math.sqrt(off.reduce((sum, each) => sum + (each * each) / 12, 0))).toBeLessThan(0.1);
  });

  it('leaves blocks where they are when nothing drifts, or when shifts are no drift', () => {
    expect(Math.max(...learned(() => ({})).shifts.map(Math.abs))).toBeLessThan(0.2);
    expect([...learned((seq) => ({ shift: seq / 100 }), false).shifts]).toEqual(Array.from({ length: 12 }, () => 0));
  });

  it('leaves blocks where they are when nothing in the spectrum holds the axis', () => {
    const random = seedXoshiro128(5, 1);
    const state = createLearningBlocks(SIZE, LEARN);
    const flat = x.map((at) => 300 + 0.1 * at);
    for (let k = 0; k < LEARN; k++)
      learnFrame(state, fillPoisson(random, flat, new Float64Array(SIZE)), null, k * 1000, LEARN);
    const mean = new Float64Array(SIZE);
    const shifts = alignBlocks(state, x, flat, true, mean);
    expect([...shifts]).toEqual(Array.from({ length: 12 }, () => 0));
    const off = mean.reduce((sum, value, i) => sum + ((value - flat[i]!) ** 2 * LEARN) / flat[i]!, 0);
    expect(Math.abs(off - SIZE)).toBeLessThan(4 * Math.sqrt(2 * SIZE));
  });

  it('counts frames in at most twelve blocks, for any number of frames', () => {
    for (const learn of [1, 2, 5, 12, 13, 100, 1001]) {
      const state = createLearningBlocks(1, learn);
      let full = 0;
      for (let k = 0; k < learn; k++) full += learnFrame(state, Float64Array.of(k), null, k, learn) ? 1 : 0;
      expect(learnedFrames(state)).toBe(learn);
      expect(full).toBe(1);
      expect(state.count).toBeLessThanOrEqual(12);
      expect(state.sums.reduce((sum, value) => sum + value, 0)).toBe((learn * (learn - 1)) / 2);
    }
  });

  it('lets go of its first blocks and fills up again', () => {
    const state = createLearningBlocks(1, 24);
    for (let k = 0; k < 24; k++) learnFrame(state, Float64Array.of(k), null, k, 24);
    forgetBlocks(state, 5);
    expect(learnedFrames(state)).toBe(14);
    expect(state.times[0]).toBe(10);
    for (let k = 24; k < 33; k++) expect(learnFrame(state, Float64Array.of(k), null, k, 24)).toBe(false);
    expect(learnFrame(state, Float64Array.of(33), null, 33, 24)).toBe(true);
    const sums = state.sums.slice(0, state.count);
    expect(sums.reduce((sum, value) => sum + value, 0)).toBe(
      Array.from({ length: 24 }, (_, k) => k + 10).reduce((a, b) => a + b),
    );
  });

  it('learns variances from neighbouring frames, blind to a slow drift, and takes given ones as they are', () => {
    const state = createLearningBlocks(1, 400);
    for (let k = 0; k < 400; k++) learnFrame(state, Float64Array.of(k / 10 + (k % 2 === 0 ? 3 : -3)), null, k, 400);
    expect(state.variances[0]! / state.varianceCount).toBeCloseTo(18, 0);
    const given = createLearningBlocks(1, 10);
    for (let k = 0; k < 10; k++) learnFrame(given, Float64Array.of(k), Float64Array.of(4), k, 10);
    expect(given.variances[0]! / given.varianceCount).toBe(4);
  });
});
