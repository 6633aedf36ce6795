import { bremsstrahlung } from '../../kernel/background/bremsstrahlung.ts';
import { broaden, quotedFwhm } from '../../kernel/background/detectorResolution.ts';
import { nonNegativeScales, type NonNegativeScales } from '../../kernel/background/nonNegativeScales.ts';
import { MASS_ATTENUATION } from '../../kernel/tables/massAttenuation.ts';
import { massAttenuationAt } from '../../kernel/tables/massAttenuationAt.ts';
import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { readShifted } from './readShifted.ts';
import { fastAxis, type Layout } from '../../model/layout.ts';
import type { BremsstrahlungSettings, LayerSettings } from './bremsstrahlungSettings.ts';
import { varied, type BackgroundMethod } from './method.ts';
import { uniformStep } from './uniformStep.ts';

/** Two shapes, of which each frame finds the scales. */
interface Shapes {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** [n] keV. @throws RangeError when the unit of the axis is not one of an energy. */
function energiesOf({ axisUnit }: BremsstrahlungSettings, layout: Layout): Float64Array {
  const unit = axisUnit === 'axis' ? fastAxis(layout).unit : axisUnit;
  if (unit !== 'eV' && unit !== 'keV')
    throw new RangeError(`the axis is in ${unit}, expected eV or keV, or the setting axisUnit`);
  const perUnit = unit === 'eV' ? 0.001 : 1;
  return uniformStep(layout).centres.map((energy) => energy * perUnit);
}

/** The detected continuum, largest 1, and that times the energy over the beam's. */
function shapesOf(energies: Float64Array, config: BremsstrahlungSettings, thickness: number): Shapes {
  const { beamEnergyKeV: beamEnergy, layers, crystal, specimen, resolution } = config;
  const layerOf = ({ element, massThickness }: LayerSettings) => ({
    attenuation: energies.map((energy) => massAttenuationAt(MASS_ATTENUATION[element], energy * 1000)),
    massThickness: massThickness * thickness,
  });
  const intensity = bremsstrahlung(
    {
      energies,
      beamEnergy,
      layers: layers.map(layerOf),
      crystal: layerOf(crystal),
      ...(specimen !== undefined && { specimen: { ...layerOf(specimen), takeOffDeg: specimen.takeOffDeg } }),
    },
    new Float64Array(energies.length),
  );
  const fwhm = energies.map((energy) => quotedFwhm(energy, resolution));
  const first = broaden(intensity, energies, fwhm, new Float64Array(energies.length));
  const largest = Math.max(...first, Number.MIN_VALUE);
  first.forEach((value, i) => (first[i] = value / largest));
  return { first, second: first.map((value, i) => (value * energies[i]!) / beamEnergy) };
}

/** Bremsstrahlung as a method: its shapes are made once, two scales fitted to each frame. */
export function bremsstrahlungMethod(config: BremsstrahlungSettings, layout: Layout): BackgroundMethod {
  const n = layout.size;
  const energies = energiesOf(config, layout);
  const axis = fastAxis(layout);
  const windows = config.windows.map((window) => channelRange(axis, window));
  const fitted = new Uint8Array(n);
  for (const window of windows) fitted.fill(1, ...window);
  // What absorbs is known worst: the thicknesses are varied.
  const shapes = ([-1, 0, 1] as const).map((variation) =>
    shapesOf(energies, config, varied(1, config.vary, variation)),
  );
  const still = shapes.map(({ first, second }) => ({ first: first.slice(), second: second.slice() }));
  const { step } = uniformStep(layout);
  const nominal = shapes[1]!;
  const isCounts = layout.noise === 'poisson';
  const model = new Float64Array(n);
  const scales: NonNegativeScales = { a: 0, b: 0, varianceA: 0, covariance: 0, varianceB: 0, determined: false };
  const varianceOf = (first: number, second: number): number =>
    Math.max(
      0,
      first * first * scales.varianceA + 2 * first * second * scales.covariance + second * second * scales.varianceB,
    );
  return {
    follow(axisShift) {
      const moved = windows.map(([first, end]) => [first, end, channelsMoved(axis, first, axisShift)] as const);
      if (moved.some(([first, end, by]) => first + by < 0 || end + by > n)) return false;
      fitted.fill(0);
      for (const [first, end, by] of moved) fitted.fill(1, first + by, end + by);
      for (const [k, { first, second }] of shapes.entries()) {
        readShifted(still[k]!.first, axisShift / step, first);
        readShifted(still[k]!.second, axisShift / step, second);
      }
      return true;
    },
    fit({ values, variances }, variation, out) {
      const { first, second } = shapes[variation + 1]!;
      const problem = { first, second, fitted, variances };
      nonNegativeScales(values, { ...problem, weightVariances: variances }, scales);
      if (isCounts) {
        // Anew with the variances of what was found: counts below the mean would weigh more than those above.
        for (let i = 0; i < n; i++) model[i] = Math.max(scales.a * first[i]! + scales.b * second[i]!, 0.1);
        nonNegativeScales(values, { ...problem, weightVariances: model }, scales);
      }
      for (let i = 0; i < n; i++) out[i] = scales.a * first[i]! + scales.b * second[i]!;
      return scales.determined;
    },
    variances(_spectrum, _background, out) {
      for (let i = 0; i < n; i++) out[i] = varianceOf(nominal.first[i]!, nominal.second[i]!);
    },
    netVariance({ variances }, _background, _ofBackground, region) {
      let [first, second, counts] = [0, 0, 0];
      for (let i = region.first; i < region.end; i++) {
        first += nominal.first[i]!;
        second += nominal.second[i]!;
        counts += variances[i]!;
      }
      return counts + varianceOf(first, second);
    },
    report(tell) {
      const common = { unit: layout.unit, quality: 'valid' } as const;
      // A scale held at 0 has no error of its own.
      const error = (variance: number): number | undefined => (variance > 0 ? Math.sqrt(variance) : undefined);
      tell({ name: 'scale', value: scales.a, standardError: error(scales.varianceA), ...common });
      tell({ name: 'scaleByEnergy', value: scales.b, standardError: error(scales.varianceB), ...common });
    },
  };
}
