import { describe, expect, it } from 'vitest';
import { cyclingAxis, cyclingPatternMean, delithiatedCell } from '../../../simulators/forward/cyclingPattern.ts';
import type { CyclingState } from '../../../simulators/forward/cyclingPattern.ts';
import { createCyclingPattern } from '../../../simulators/forward/cyclingStream.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { goldenStates, misfit, relativeMisfit } from '../../support/simulatorGolden.ts';

const inputs = (state: Readonly<Record<string, number | string>>): CyclingState => ({
  nickelOxide: state.mode === 'LNO' ? 1 : 0,
  removed: Number(state.y),
  inactive: Number(state.f_inactive),
  inactiveRemoved: Number(state.y_inactive),
  strain: Number(state.strain),
  zero: Number(state.zero),
  closer: Number(state.dist_mm),
  halo: 1,
});
const exact = (state: CyclingState, channels: number): Float64Array => {
  const out = new Float64Array(channels);
  cyclingPatternMean(state, 1, cyclingAxis(channels), out);
  return out;
};
const streamed = (pattern: ReturnType<typeof createCyclingPattern>, state: CyclingState, channels: number) => {
  const out = new Float64Array(channels);
  pattern.mean(state, 1, out);
  return out;
};

describe('the pattern of a battery', () => {
  it.each(goldenStates('xrd_battery'))('agrees with the reference: $name', ({ state, mean, tolerance }) => {
    const seconds = state.flux * state.live;
    const out = new Float64Array(mean.length);
    cyclingPatternMean(inputs(state), seconds, cyclingAxis(mean.length), out);
    expect(misfit(out, mean, tolerance)).toBeLessThan(1);
    createCyclingPattern(mean.length).mean(inputs(state), seconds, out);
    expect(relativeMisfit(mean, out)).toBeLessThan(1e-4);
  });

  it('has a cell whose c rises to 0.6 and collapses near 0.9', () => {
    expect(delithiatedCell(0.6).c).toBeCloseTo(14.45, 9);
    expect(delithiatedCell(0.3).c).toBeCloseTo(14.342, 9);
    expect(delithiatedCell(0.9).c).toBeLessThan(13.5);
    expect(delithiatedCell(1).a).toBeCloseTo(2.819, 9);
  });
});

describe('the pattern of a battery in a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 4 }, (_, k) => ({
    nickelOxide: k % 2,
    removed: between(0, 1),
    inactive: between(0, 0.4),
    inactiveRemoved: between(0, 1),
    strain: between(0, 0.0015),
    zero: between(-0.03, 0.03),
    closer: between(-1, 1),
    halo: between(0.9, 1.1),
  }));

  it.each([256, 1024, 2048])('errs by less than 1e-4 of the maximum, with %i channels', (channels) => {
    const pattern = createCyclingPattern(channels);
    for (const state of states)
      expect(relativeMisfit(exact(state, channels), streamed(pattern, state, channels))).toBeLessThan(1e-4);
  });

  it('does not depend on what it computed before', () => {
    const used = createCyclingPattern(512);
    for (const state of states) streamed(used, state, 512);
    expect(streamed(used, states[0], 512)).toEqual(streamed(createCyclingPattern(512), states[0], 512));
  });
});
