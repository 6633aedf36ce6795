import { describe, expect, it } from 'vitest';
import { createRamanModel } from '../../../simulators/forward/ramanStream.ts';
import {
  ramanAxis,
  ramanMean,
  siliconLine,
  siliconPhonon,
  siliconWidth,
} from '../../../simulators/forward/siliconRaman.ts';
import type { RamanState } from '../../../simulators/forward/siliconRaman.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { goldenOf, goldenStates, misfit, relativeMisfit } from '../../support/simulatorGolden.ts';

const AMORPHOUS: RamanState = {
  crystalline: 0,
  temperature: 355,
  power: 1,
  dose: 0,
  shift: 0,
  etalon: 0,
  etalonPeriod: 45,
  etalonPhase: 0.3,
  focus: 1,
};
const exact = (state: RamanState, channels: number, seconds = 1): Float64Array => {
  const out = new Float64Array(channels);
  ramanMean(state, seconds, ramanAxis(channels), out);
  return out;
};
const streamed = (state: RamanState, channels: number, seconds = 1, model = createRamanModel(channels)) => {
  const out = new Float64Array(channels);
  model.mean(state, seconds, out);
  return out;
};

describe('Raman scattering of silicon', () => {
  it.each(goldenStates('raman'))('agrees with the reference: $name', ({ state, mean, tolerance }) => {
    const inputs = {
      ...AMORPHOUS,
      crystalline: state.f_c,
      temperature: state.T_stage + 60 * state.power,
      power: state.power,
      dose: state.dose,
      shift: state.shift,
    };
    expect(misfit(exact(inputs, mean.length, state.live), mean, tolerance)).toBeLessThan(1);
    expect(relativeMisfit(mean, streamed(inputs, mean.length, state.live))).toBeLessThan(1e-4);
  });

  it('has the phonon of the reference at every temperature', () => {
    const golden = goldenOf('kinetics') as unknown as readonly {
      readonly si_phonon: readonly (readonly [kelvin: number, position: number, width: number])[];
    }[];
    for (const [kelvin, position, width] of golden.flatMap(({ si_phonon }) => si_phonon)) {
      expect(siliconPhonon(kelvin)).toBeCloseTo(position, 5);
      expect(siliconWidth(kelvin)).toBeCloseTo(width, 6);
    }
    expect(siliconLine(295)).toBeCloseTo(520.7, 9);
  });

  it('carries a ripple of the etalon', () => {
    const flat = exact(AMORPHOUS, 1024);
    const rippled = exact({ ...AMORPHOUS, etalon: 0.02 }, 1024);
    const ratio = rippled.map((value, i) => value / flat[i]);
    expect(Math.max(...ratio)).toBeCloseTo(1.02, 3);
    expect(Math.min(...ratio)).toBeCloseTo(0.98, 3);
  });
});

describe('Raman scattering in a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 4 }, () => ({
    ...AMORPHOUS,
    crystalline: between(0, 1),
    temperature: between(280, 1100),
    dose: between(0, 500),
    shift: between(-3, 3),
    etalon: between(0, 0.01),
    focus: between(0.8, 1.2),
  }));

  it.each([256, 1024, 2048])('errs by less than 1e-4 of the maximum, with %i channels', (channels) => {
    for (const state of states)
      expect(relativeMisfit(exact(state, channels), streamed(state, channels))).toBeLessThan(1e-4);
  });

  it('does not depend on what it computed before', () => {
    const used = createRamanModel(512);
    for (const state of states) streamed(state, 512, 1, used);
    expect(streamed(states[0], 512, 1, used)).toEqual(streamed(states[0], 512));
  });
});
