import { describe, expect, it } from 'vitest';
import { bremsstrahlung, kramers, leave, stop, transmit } from '../../src/kernel/background/bremsstrahlung.ts';
import { broaden, detectorFwhm, quotedFwhm } from '../../src/kernel/background/detectorResolution.ts';
import { nonNegativeScales, type NonNegativeScales } from '../../src/kernel/background/nonNegativeScales.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

type Row = readonly [element: string, thicknessCm: number, density: number];
interface Parameters {
  readonly E0_keV: number;
  readonly Z: number;
  readonly layers: Readonly<Record<'window' | 'contact' | 'dead', Row[]>> & { readonly crystal: Row };
  readonly specimen: { readonly element: string; readonly massThickness_g_cm2: number; readonly takeOff_deg: number };
  readonly fano: number;
  readonly epsilon_keV: number;
  readonly electronicNoiseFWHM_keV: number;
}

function continuumOf({ inputs, params }: GoldenCase): Record<string, Float64Array> {
  const energies = numbers(inputs['E_keV']);
  const of = params as unknown as Parameters;
  const attenuation = (element: string): Float64Array =>
    numbers((inputs['massAbsorption_cm2_g'] as Record<string, number[]>)[element]);
  const layerOf = ([element, thickness, density]: Row) => ({
    attenuation: attenuation(element),
    massThickness: thickness * density,
  });
  const { window, contact, dead, crystal } = of.layers;
  const layers = [...window, ...contact, ...dead].map(layerOf);
  const specimen = {
    attenuation: attenuation(of.specimen.element),
    massThickness: of.specimen.massThickness_g_cm2,
    takeOffDeg: of.specimen.takeOff_deg,
  };
  const options = { energies, beamEnergy: of.E0_keV, atomicNumber: of.Z };
  const n = energies.length;
  const one = (): Float64Array => new Float64Array(n).fill(1);
  const continuum = bremsstrahlung({ ...options, layers, crystal: layerOf(crystal), specimen }, new Float64Array(n));
  const resolution = {
    electronicNoise: of.electronicNoiseFWHM_keV,
    fano: of.fano,
    pairEnergy: of.epsilon_keV,
  };
  const fwhm = energies.map((energy) => detectorFwhm(energy, resolution));
  return {
    kramers: kramers(energies, options, new Float64Array(n)),
    specimenAbsorption: leave(one(), specimen),
    windowTransmission: layers.reduce(transmit, one()),
    crystalEfficiency: stop(one(), layerOf(crystal)),
    continuum,
    fwhm_keV: fwhm,
    broadened: broaden(continuum, energies, fwhm, new Float64Array(n)),
  };
}

function scalesOf({ inputs, params }: GoldenCase) {
  const energies = numbers(inputs['E_keV']);
  const values = numbers(inputs['y']);
  const first = numbers(inputs['continuum']);
  const second = first.map((value, i) => value * energies[i]!);
  const windows = params['windows_keV'] as [number, number][];
  const fitted = Uint8Array.from(energies, (e) => (windows.some(([from, to]) => e > from && e < to) ? 1 : 0));
  const scales: NonNegativeScales = { a: 0, b: 0, varianceA: 0, covariance: 0, varianceB: 0, determined: false };
  nonNegativeScales(values, { first, second, fitted, weightVariances: null, variances: null }, scales);
  const background = first.map((value, i) => scales.a * value + scales.b * second[i]!);
  const residual = values.reduce(
    (sum, y, i) => sum + (fitted[i] === 1 ? (y - background[i]!) ** 2 / Math.max(y, 1) : 0),
    0,
  );
  return { coefficients: [scales.a, scales.b], residualNorm: [Math.sqrt(residual)], background };
}

const cases = goldenCases('edx_bremsstrahlung');

describe('the bremsstrahlung agrees with its equations and the attenuation of xraylib 4.0.0', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { inputs, params, expected, tolerance } = golden;
      const resolution = params['resolutionMnKa_eV'] as number | undefined;
      const got: Record<string, ArrayLike<number>> = resolution !== undefined
        ? { fwhm_keV: numbers(inputs['E_keV']).map((energy) => quotedFwhm(energy, resolution)) }
        : 'y' in inputs
          ? scalesOf(golden)
          : continuumOf(golden);
      for (const [name, want] of Object.entries(expected))
        expectClose(got[name]!, Array.isArray(want) ? want : [want], tolerance);
    });

  for (const golden of ofKind(cases, 'degenerate'))
    it(`and is nothing where no photon is: ${golden.id}`, () => {
      const energies = numbers(golden.inputs['E_keV']);
      const beamEnergy = golden.params['E0_keV'] as number;
      expect([...kramers(energies, { beamEnergy }, new Float64Array(energies.length))]).toEqual(
        [...energies].map(() => 0),
      );
    });
});
