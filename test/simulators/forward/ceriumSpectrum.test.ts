import { describe, expect, it } from 'vitest';
import { ceriumAxis, ceriumMean } from '../../../simulators/forward/ceriumSpectrum.ts';
import type { CeriumState } from '../../../simulators/forward/ceriumSpectrum.ts';
import { createCeriumModel } from '../../../simulators/forward/ceriumStream.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { goldenStates, misfit, relativeMisfit } from '../../support/simulatorGolden.ts';

const exact = (state: CeriumState, channels: number, seconds = 1): Float64Array => {
  const out = new Float64Array(channels);
  ceriumMean(state, seconds, ceriumAxis(channels), out);
  return out;
};
const streamed = (state: CeriumState, channels: number, seconds = 1, model = createCeriumModel(channels)) => {
  const out = new Float64Array(channels);
  model.mean(state, seconds, out);
  return out;
};

describe('photoelectrons of cerium', () => {
  it.each(goldenStates('xps'))('agree with the reference: $name', ({ state, mean, tolerance }) => {
    const inputs = { reduced: state.f3, shift: state.shift, broaden: state.broaden, overlayer: 0 };
    const seconds = state.flux * state.live;
    expect(misfit(exact(inputs, mean.length, seconds), mean, tolerance)).toBeLessThan(1);
    expect(relativeMisfit(mean, streamed(inputs, mean.length, seconds))).toBeLessThan(1e-4);
  });

  it('lose lines and gain background under carbon', () => {
    const bare = exact({ reduced: 0, shift: 0, broaden: 0, overlayer: 0 }, 1024);
    const covered = exact({ reduced: 0, shift: 0, broaden: 0, overlayer: 0.1 }, 1024);
    const channel = (energy: number): number => Math.round((energy - 874) / 0.05);
    expect(covered[channel(882.5)]).toBeLessThan(0.95 * bare[channel(882.5)]);
    expect(covered[channel(924)]).toBeGreaterThan(bare[channel(924)]);
  });
});

describe('photoelectrons of cerium in a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 4 }, () => ({
    reduced: between(0, 1),
    shift: between(-8, 8),
    broaden: between(0, 1.5),
    overlayer: between(0, 0.2),
  }));

  it.each([256, 1024, 2048])('err by less than 1e-4 of the maximum, with %i channels', (channels) => {
    for (const state of states)
      expect(relativeMisfit(exact(state, channels), streamed(state, channels))).toBeLessThan(1e-4);
  });

  it('do not depend on what was computed before', () => {
    const used = createCeriumModel(512);
    for (const state of states) streamed(state, 512, 1, used);
    expect(streamed(states[0], 512, 1, used)).toEqual(streamed(states[0], 512));
  });
});
