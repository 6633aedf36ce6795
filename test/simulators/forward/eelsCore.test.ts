import { describe, expect, it } from 'vitest';
import { createEelsCore } from '../../../simulators/forward/eelsCore.ts';
import { eelsCoreAxis, eelsCoreMean } from '../../../simulators/forward/eelsSpectrum.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

describe('the energy-loss model of a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 3 }, () => ({
    ferric: between(0, 1),
    thickness: between(0.2, 1),
    iron: between(0.8, 1),
    shift: between(-12, 12),
    slope: between(2.7, 3.3),
  }));

  it.each([256, 1000])(
    'errs by less than 1e-4 of the maximum at any shift and thickness, with %i channels',
    (channels) => {
      const core = createEelsCore(channels);
      for (const state of states) {
        const want = new Float64Array(channels);
        const got = new Float64Array(channels);
        eelsCoreMean(state, 2, eelsCoreAxis(channels), want);
        core.mean(state, 2, got);
        const largest = Math.max(...want);
        expect(Math.max(...want.map((value, i) => Math.abs(got[i] - value)))).toBeLessThan(1e-4 * largest);
      }
    },
  );

  it('does not depend on what it computed before', () => {
    const used = createEelsCore(512);
    const out = new Float64Array(512);
    for (const state of states) used.mean(state, 1, out);
    used.mean(states[0], 1, out);
    const fresh = new Float64Array(512);
    createEelsCore(512).mean(states[0], 1, fresh);
    expect(out).toEqual(fresh);
  });
});
