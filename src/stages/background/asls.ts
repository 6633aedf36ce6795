import { z } from 'zod';
import { asls } from '../../kernel/background/asls.ts';
import { defineStage } from '../../model/defineStage.ts';
import { penalisedAlternatives, penalisedMethod, penalisedPresets, penalisedSettings } from './penalised.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.asls',
  version: 1,
  summary: 'Subtracts a smooth background by asymmetric least squares: what lies above it weighs little.',
  reference: 'Eilers and Boelens, Leiden University Medical Centre report (2005)',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    ...penalisedSettings,
    asymmetry: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.01)
      .describe('Weight of a channel above the background; smaller lies lower, typically 0.001 to 0.05.'),
    ...backgroundSettings,
  }),
  example: {},
  // The asymmetry: Eilers and Boelens give 0.001 to 0.1.
  presets: { Raman: { ...penalisedPresets.Raman, asymmetry: 0.01 } },
  alternatives: penalisedAlternatives,
  prepare: (setting) =>
    prepareBackground(
      setting,
      penalisedMethod(
        (values, options, out, work) => asls(values, { ...options, asymmetry: setting.config.asymmetry }, out, work),
        setting.config,
        setting.layout,
      ),
    ),
  init: initBackground,
  step: stepBackground,
});
