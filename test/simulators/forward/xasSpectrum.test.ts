import { describe, expect, it } from 'vitest';
import {
  edgeOf,
  incidentMean,
  TRANSMITTED_EFFICIENCY,
  xasAxis,
  xasMean,
} from '../../../simulators/forward/xasSpectrum.ts';
import type { XasState } from '../../../simulators/forward/xasSpectrum.ts';
import { createXasStream } from '../../../simulators/forward/xasStream.ts';
import { NICKEL, NICKEL_OXIDE } from '../../../simulators/forward/xasStructure.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { goldenStates, misfit, relativeMisfit } from '../../support/simulatorGolden.ts';

const exact = (state: XasState, channels: number): Float64Array => {
  const out = new Float64Array(channels);
  xasMean(state, xasAxis(channels), out);
  return out;
};
const streamed = (model: ReturnType<typeof createXasStream>, state: XasState, channels: number): Float64Array => {
  const out = new Float64Array(channels);
  model.mean(state, out);
  return out;
};

describe('the absorption of a nickel catalyst', () => {
  it.each(goldenStates('xas'))('agrees with the reference: $name', (golden) => {
    const { state, mean, tolerance } = golden;
    const { mu, i0 } = golden as unknown as { readonly mu: readonly number[]; readonly i0: readonly number[] };
    const inputs: XasState = {
      metal: state.f_metal!,
      metalGrowth: 0,
      temperature: state.T!,
      shift: state.shift!,
      thickness: state.thickness!,
    };
    const absorbed = exact(inputs, mean.length);
    const incident = new Float64Array(mean.length);
    incidentMean(state.live! * state.i0!, xasAxis(mean.length), incident);
    expect(misfit(absorbed, mu, tolerance)).toBeLessThan(1);
    expect(misfit(incident, i0, tolerance)).toBeLessThan(1);
    const transmitted = incident.map((value, i) => TRANSMITTED_EFFICIENCY * value * Math.exp(-absorbed[i]!));
    expect(misfit(transmitted, mean, tolerance)).toBeLessThan(1);
    expect(relativeMisfit(mu, streamed(createXasStream(mean.length), inputs, mean.length))).toBeLessThan(1e-4);
  });

  it('loses fine structure when it is warm, but no white line', () => {
    const swing = (kelvin: number): number => {
      const values = Array.from({ length: 400 }, (_, i) => edgeOf(NICKEL, 8500 + i, kelvin));
      return Math.max(...values) - Math.min(...values);
    };
    expect(swing(650) / swing(300)).toBeLessThan(0.85);
    expect(edgeOf(NICKEL_OXIDE, 8350, 650) / edgeOf(NICKEL_OXIDE, 8350, 300)).toBeCloseTo(1, 6);
  });

  it('has a white line as oxide and an earlier edge as metal', () => {
    expect(edgeOf(NICKEL_OXIDE, 8350, 300)).toBeGreaterThan(1.3 * edgeOf(NICKEL, 8350, 300));
    expect(edgeOf(NICKEL, 8335, 300)).toBeGreaterThan(4 * edgeOf(NICKEL_OXIDE, 8335, 300));
  });
});

describe('the absorption of a nickel catalyst in a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 6 }, () => ({
    metal: between(0.1, 0.9),
    metalGrowth: between(-0.1, 0.1),
    temperature: between(100, 1200),
    shift: between(-10, 10),
    thickness: between(0.3, 2),
  }));

  it.each([300, 1024])(
    'errs by less than 1e-4 of the maximum at any mixture, temperature and shift, with %i channels',
    (channels) => {
      const model = createXasStream(channels);
      for (const state of states)
        expect(relativeMisfit(exact(state, channels), streamed(model, state, channels))).toBeLessThan(1e-4);
    },
  );

  it('does not depend on what it computed before', () => {
    const used = createXasStream(512);
    for (const state of states) streamed(used, state, 512);
    expect(streamed(used, states[0]!, 512)).toEqual(streamed(createXasStream(512), states[0]!, 512));
  });
});
