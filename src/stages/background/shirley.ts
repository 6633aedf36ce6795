import { z } from 'zod';
import { shirley, type ShirleyFit } from '../../kernel/background/shirley.ts';
import { shirleyNetVariance, shirleyVariances } from '../../kernel/background/shirleyVariances.ts';
import { defineStage } from '../../model/defineStage.ts';
import type { BackgroundMethod } from './method.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';
import { bindingEnergiesOf, xpsPresets, xpsSettings } from './xpsSettings.ts';

export default defineStage({
  kind: 'background.shirley',
  version: 1,
  summary:
    'Subtracts the Shirley background of a photoelectron peak: it rises by the share of the peak that has been passed. Frames without a peak are masked.',
  reference: 'Shirley, Phys. Rev. B 5 (1972) 4709; Proctor and Sherwood, Anal. Chem. 54 (1982) 13',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    ...xpsSettings,
    iterations: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(50)
      .describe('Iterations after which a frame takes what there is.'),
    ...backgroundSettings,
    vary: backgroundSettings.vary
      .default(0.1)
      .describe('Fraction of the axis that is cut off at either end to find the systematic error. 0: none.'),
  }),
  example: {},
  presets: xpsPresets,
  prepare(setting) {
    const { config, layout } = setting;
    const { endpointAverage, vary, iterations: maxIterations } = config;
    const n = layout.size;
    const bindingEnergies = bindingEnergiesOf(layout, config.axis);
    const work = new Float64Array(n);
    const cut = Math.min(Math.floor(vary * n), Math.max(0, (n >> 1) - endpointAverage));
    // Lower: the side of low energies cut off; higher: the other.
    const parts = ([-1, 0, 1] as const).map((variation) => {
      const [first, end] = [variation === -1 ? cut : 0, variation === 1 ? n - cut : n];
      const options = { bindingEnergies: bindingEnergies.subarray(first, end), endpointAverage, maxIterations };
      return { first, end, options, work: work.subarray(first, end) };
    });
    let fit: ShirleyFit = { iterations: 0, converged: false, positiveArea: false };
    const highFirst = config.axis === 'kinetic';
    const errors = (variances: Float64Array, background: Float64Array) => ({
      background,
      variances,
      endpointAverage,
      highFirst,
    });
    const method: BackgroundMethod = {
      fit({ values }, variation, out) {
        const { first, end, options, work: scratch } = parts[variation + 1]!;
        fit = shirley(values.subarray(first, end), options, out.subarray(first, end), scratch);
        out.fill(out[first]!, 0, first).fill(out[end - 1]!, end);
        return fit.positiveArea;
      },
      variances: ({ values, variances }, background, out) =>
        void shirleyVariances(values, errors(variances, background), out),
      netVariance: ({ values, variances }, background, _ofBackground, region) =>
        shirleyNetVariance(values, errors(variances, background), region),
      report: (tell) =>
        tell({
          name: 'converged',
          value: fit.converged ? 1 : 0,
          standardError: undefined,
          unit: '1',
          quality: 'valid',
        }),
    };
    return prepareBackground(setting, method);
  },
  init: initBackground,
  step: stepBackground,
});
