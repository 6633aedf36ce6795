import { describe, expect, it } from 'vitest';
import { eelsCoreAxis, eelsCoreMean, eelsLowAxis, eelsLowMean } from '../../simulators/forward/eelsSpectrum.ts';
import { createEelsCore } from '../../simulators/forward/eelsCore.ts';
import { createEelsLow } from '../../simulators/forward/eelsLow.ts';
import { createXrdPattern } from '../../simulators/forward/xrdPattern.ts';
import { ornsteinUhlenbeckStep } from '../../simulators/parts/drift.ts';
import { avramiFraction, reducedTime } from '../../simulators/parts/kinetics.ts';
import { nextUint32, seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { goldenOf, misfit } from '../support/simulatorGolden.ts';

interface Kinetics {
  readonly avrami: readonly {
    readonly T0: number;
    readonly ramp: number;
    readonly dt: number;
    readonly k0: number;
    readonly Ea: number;
    readonly n: number;
    readonly X: readonly number[];
  }[];
  readonly ou: {
    readonly dt: number;
    readonly tau: number;
    readonly sigma: number;
    readonly x0: number;
    readonly xi: readonly number[];
    readonly x: readonly number[];
  };
  readonly rng_xoshiro128ss: Readonly<Record<string, readonly number[]>>;
}

describe('mean diffraction patterns', () => {
  it.each(goldenOf('xrd_heating').flatMap(({ states, tolerance }) => states.map((state) => ({ ...state, tolerance }))))(
    'agree with the reference: $name',
    ({ state, mean, tolerance }) => {
      const out = new Float64Array(mean.length);
      createXrdPattern(mean.length).mean(
        {
          temperature: state.T,
          amorphous: state.v_am,
          anatase: state.v_anatase,
          rutile: state.v_rutile,
          anataseSize: state.size_anatase,
          rutileSize: state.size_rutile,
          strain: state.strain,
          texture: state.march_r,
          zero: state.zero,
          height: state.height,
        },
        state.live * state.flux,
        out,
      );
      expect(misfit(out, mean, tolerance)).toBeLessThan(1);
    },
  );
});

describe('mean energy-loss spectra', () => {
  const cases = goldenOf('eels').flatMap(({ states, tolerance }) => states.map((state) => ({ ...state, tolerance })));
  const inputs = (state: Readonly<Record<string, number>>) => ({
    ferric: state.f3,
    thickness: state.tl,
    iron: state.n_fe,
    shift: state.shift,
    slope: state.r,
  });

  it.each(cases)('agree with the reference in the core loss: $name', ({ state, mean, tolerance }) => {
    const out = new Float64Array(mean.length);
    eelsCoreMean(inputs(state), state.beam * state.live, eelsCoreAxis(mean.length), out);
    expect(misfit(out, mean, tolerance)).toBeLessThan(1);
  });

  it.each(cases)('agree with the reference in the low loss: $name', ({ state, mean_low = [], tolerance }) => {
    const out = new Float64Array(mean_low.length);
    eelsLowMean(inputs(state), state.beam * state.live_low, eelsLowAxis(mean_low.length), out);
    expect(misfit(out, mean_low, tolerance)).toBeLessThan(1);
  });

  it.each(cases)(
    'agree to 1e-4 of the maximum when interpolated for a stream: $name',
    ({ state, mean, mean_low = [] }) => {
      for (const [model, want] of [
        [createEelsCore(mean.length), mean],
        [createEelsLow(mean_low.length), mean_low],
      ] as const) {
        const out = new Float64Array(want.length);
        model.mean(inputs(state), state.beam * state.live, out);
        expect(misfit(out, want, { rtol: 0, atol_of_max: 1e-4 })).toBeLessThan(1);
      }
    },
  );
});

describe('kinetics and random numbers', () => {
  const kinetics = goldenOf('kinetics') as unknown as readonly Kinetics[];

  it('has a reference of each kind', () => {
    expect([goldenOf('xrd_heating').length, goldenOf('eels').length, kinetics.length].every((count) => count > 0)).toBe(
      true,
    );
  });

  it('transforms as the Avrami reference', () => {
    for (const { T0, ramp, dt, k0, Ea, n, X } of kinetics.flatMap(({ avrami }) => avrami)) {
      const setting = { rate: k0, activation: Ea, exponent: n };
      let u = 0;
      X.forEach((want, i) => {
        u += reducedTime(setting, T0 + ramp * dt * (i + 0.5), dt);
        expect(Math.abs(avramiFraction(setting, u) - want)).toBeLessThan(1e-7 * want + 1e-9);
      });
    }
  });

  it('wanders as the Ornstein-Uhlenbeck reference', () => {
    for (const { ou } of kinetics) {
      let x = ou.x0;
      ou.x.forEach((want, i) => {
        x = ornsteinUhlenbeckStep(x, ou.dt, ou.tau, ou.sigma, ou.xi[i]);
        expect(x).toBeCloseTo(want, 9);
      });
    }
  });

  it('draws the reference words for every seed and stream', () => {
    for (const [key, want] of kinetics.flatMap((golden) => Object.entries(golden.rng_xoshiro128ss))) {
      const [seed, stream] = key.split('/').map(Number);
      const state = seedXoshiro128(seed, stream);
      expect(want.map(() => nextUint32(state))).toEqual(want);
    }
  });
});
