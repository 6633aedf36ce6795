import { z } from 'zod';
import { createTougaardWorkspace, tougaard, type TougaardFit } from '../../kernel/background/tougaard.ts';
import {
  tougaardNetVariance,
  tougaardRegion,
  tougaardStrengthVariance,
  tougaardVariances,
  type TougaardRegion,
} from '../../kernel/background/tougaardVariances.ts';
import { defineStage } from '../../model/defineStage.ts';
import { varied, type BackgroundMethod } from './method.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';
import { bindingEnergiesOf, xpsPresets, xpsSettings } from './xpsSettings.ts';

export default defineStage({
  kind: 'background.tougaard',
  version: 2,
  summary:
    'Subtracts what photoelectrons lose on their way out, by the Tougaard cross section: universal, of three parameters, or with B fitted.',
  reference: 'Tougaard, Surf. Interface Anal. 11 (1988) 453 and 25 (1997) 137',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    ...xpsSettings,
    b: z
      .union([z.literal('fit'), z.number().positive().meta({ unit: 'eV2' })])
      .default('fit')
      .describe(
        "Strength of the losses, eV2; 2866 for the universal cross section. 'fit': the background meets the spectrum at the end of high binding energy, which should lie 50 eV beyond the peak.",
      ),
    c: z.number().positive().meta({ unit: 'eV2' }).default(1643).describe('Place of the losses, eV2.'),
    cPrime: z
      .union([z.literal(1), z.literal(-1)])
      .default(1)
      .describe('1: universal cross section; -1: three parameters, for narrow losses, with d above 0.'),
    d: z.number().min(0).meta({ unit: 'eV2' }).default(0).describe('Width of the losses, eV2, with cPrime -1.'),
    ...backgroundSettings,
  }),
  example: { b: 2866 },
  // The universal cross section, its strength fitted: what a sample is made of need not be known.
  presets: { XPS: { ...xpsPresets.XPS, b: 'fit', c: 1643, cPrime: 1, d: 0 } },
  check({ cPrime, d }) {
    if (cPrime === -1 && !(d > 0))
      throw new RangeError(`d is ${d}, expected above 0 with cPrime -1: the losses have a pole`);
  },
  prepare(setting) {
    const { config, layout } = setting;
    const bindingEnergies = bindingEnergiesOf(layout, config.axis);
    const works = ([-1, 0, 1] as const).map((variation) =>
      createTougaardWorkspace({ ...config, bindingEnergies, c: varied(config.c, config.vary, variation) }),
    );
    const nominal = works[1]!;
    let fit: TougaardFit = { b: 0, determined: false };
    let region: TougaardRegion | undefined;
    let ofB: number | undefined;
    const method: BackgroundMethod = {
      fit({ values }, variation, out) {
        fit = tougaard(values, works[variation + 1]!, out);
        return fit.determined && fit.b >= 0;
      },
      variances({ values, variances }, background, out) {
        const data = { values, variances, background };
        tougaardVariances(data, nominal, fit, out);
        ofB = config.b === 'fit' ? Math.sqrt(tougaardStrengthVariance(data, nominal, fit)) : undefined;
      },
      netVariance({ values, variances }, background, _ofBackground, channels) {
        if (region?.first !== channels.first || region.end !== channels.end) region = tougaardRegion(nominal, channels);
        return tougaardNetVariance({ values, variances, background }, nominal, fit, region);
      },
      report: (tell) => tell({ name: 'B', value: fit.b, standardError: ofB, unit: 'eV2', quality: 'valid' }),
    };
    return prepareBackground(setting, method);
  },
  init: initBackground,
  step: stepBackground,
});
