import { describe, expect, it } from 'vitest';
import { EDX_ELEMENTS, EMITTED_LINES } from '../../../simulators/forward/edxEmission.ts';
import { edxAxis, edxMean, lineRates, liveFraction } from '../../../simulators/forward/edxSpectrum.ts';
import type { EdxState } from '../../../simulators/forward/edxSpectrum.ts';
import { createEdxStream } from '../../../simulators/forward/edxStream.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { goldenStates, misfit, relativeMisfit } from '../../support/simulatorGolden.ts';

type Composition = Readonly<Record<string, number>>;
interface Golden {
  readonly state: {
    readonly C: Composition;
    readonly rho_t: number;
    readonly current_nA: number;
    readonly gain_ppm: number;
    readonly offset: number;
    readonly real: number;
  };
  readonly truth: { readonly input_rate: number; readonly live_fraction: number; readonly line_rates: Composition };
}

const foil = (composition: Composition, thickness: number): Float64Array =>
  Float64Array.from(EDX_ELEMENTS, (name) => (composition[name] ?? 0) * thickness);
const exact = (state: EdxState, channels: number): Float64Array => {
  const out = new Float64Array(channels);
  edxMean(state, 1, edxAxis(channels), out);
  return out;
};
const streamed = (model: ReturnType<typeof createEdxStream>, state: EdxState, channels: number): Float64Array => {
  const out = new Float64Array(channels);
  model.mean(state, 1, out);
  return out;
};

describe('the X-ray spectrum of a foil', () => {
  it.each(goldenStates('edx'))('agrees with the reference: $name', (golden) => {
    const { state, truth } = golden as unknown as Golden;
    const { mean, tolerance } = golden;
    const inputs: EdxState = {
      massThickness: foil(state.C, state.rho_t),
      current: state.current_nA,
      gainPpm: state.gain_ppm,
      offset: state.offset,
    };
    const out = new Float64Array(mean.length);
    const rate = edxMean(inputs, state.real, edxAxis(mean.length), out);
    expect(misfit(out, mean, tolerance)).toBeLessThan(1);
    expect(rate / truth.input_rate).toBeCloseTo(1, 7);
    expect(liveFraction(rate)).toBeCloseTo(truth.live_fraction, 8);
    const rates = lineRates(inputs);
    for (const name of EDX_ELEMENTS) {
      const want = Object.entries(truth.line_rates).filter(([line]) => line.startsWith(`${name} `));
      const got = rates.filter((_, k) => EDX_ELEMENTS[EMITTED_LINES[k]!.element] === name && rates[k]! > 0);
      expect(got.length).toBe(want.length);
      got.forEach((value, k) => expect(value / want[k]![1]).toBeCloseTo(1, 7));
    }
    createEdxStream(mean.length).mean(inputs, state.real, out);
    expect(relativeMisfit(mean, out)).toBeLessThan(2e-4);
  });

  it('gives back the composition of a thin foil by the tabulated k-factors, and 100 nm of steel to 0.2 %', () => {
    // k-factors against iron at 200 kV, Bethe and Powell.
    const k = { Cr: 0.9054, Fe: 1, Ni: 1.098 };
    const belowBeta: Composition = { Cr: 5500, Fe: 6500, Ni: 7600 };
    const composition: Composition = { Cr: 0.19, Fe: 0.7, Ni: 0.11 };
    const errorAt = (thickness: number): number => {
      const rates = lineRates({ massThickness: foil(composition, thickness), current: 1, gainPpm: 0, offset: 0 });
      const share = Object.entries(k).map(([name, factor]) => {
        const alpha = rates.filter((_, i) => {
          const { element, subshell, energy } = EMITTED_LINES[i]!;
          return EDX_ELEMENTS[element] === name && subshell === 'K' && energy < belowBeta[name]!;
        });
        return factor * alpha.reduce((a, b) => a + b, 0);
      });
      const all = share.reduce((a, b) => a + b, 0);
      return Math.max(...Object.keys(k).map((name, i) => Math.abs(share[i]! / all - composition[name]!)));
    };
    expect(errorAt(1e-8)).toBeLessThan(4e-4);
    expect(errorAt(8e-5)).toBeLessThan(2e-3);
    expect(errorAt(8e-5)).toBeGreaterThan(4e-4);
  });

  it('counts pairs of pulses as one, and is blind after each', () => {
    const state = { massThickness: foil({ Fe: 1 }, 8e-5), current: 1, gainPpm: 0, offset: 0 };
    const one = exact(state, 512);
    const five = exact({ ...state, current: 5 }, 512);
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    expect(sum(five) / sum(one)).toBeLessThan(4.5);
    // Fe L and Fe K alpha together: 7.1 keV; nothing but bremsstrahlung and pile-up at 9 keV, twice Fe L at 1.41 keV.
    const at = (values: Float64Array, energy: number): number => values[Math.round(energy / 20)]!;
    expect(at(five, 1410) / at(five, 9000)).toBeGreaterThan((1.05 * at(one, 1410)) / at(one, 9000));
  });
});

describe('the X-ray spectrum of a foil in a stream', () => {
  const random = seedXoshiro128(1, 0);
  const between = (least: number, most: number): number => least + (most - least) * nextUniform(random);
  const states = Array.from({ length: 6 }, (): EdxState => {
    const [Cr, Ni, Ti] = [between(0, 0.5), between(0, 0.2), between(0, 0.2)];
    return {
      massThickness: foil({ C: between(0, 0.01), Ti, Cr, Fe: 1 - Cr - Ni - Ti, Ni, Cu: 0.005 }, between(3e-5, 2e-4)),
      current: between(0.2, 1.2),
      gainPpm: between(-200, 200),
      offset: between(-5, 5),
    };
  });

  it.each([300, 1024])(
    'errs by less than 1e-4 of the maximum at any composition and calibration, with %i channels',
    (channels) => {
      const model = createEdxStream(channels);
      for (const state of states)
        expect(relativeMisfit(exact(state, channels), streamed(model, state, channels))).toBeLessThan(1e-4);
    },
  );

  it('does not depend on what it computed before', () => {
    const used = createEdxStream(512);
    for (const state of states) streamed(used, state, 512);
    expect(streamed(used, states[0]!, 512)).toEqual(streamed(createEdxStream(512), states[0]!, 512));
  });
});
