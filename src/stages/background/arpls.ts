import { z } from 'zod';
import { arpls } from '../../kernel/background/arpls.ts';
import { defineStage } from '../../model/defineStage.ts';
import { penalisedAlternatives, penalisedMethod, penalisedPresets, penalisedSettings } from './penalised.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.arpls',
  version: 1,
  summary:
    'Subtracts a smooth background that runs through the noise: channels weigh less the further they lie above what scatter explains.',
  reference: 'Baek et al., Analyst 140 (2015) 250',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({ ...penalisedSettings, ...backgroundSettings }),
  example: {},
  presets: penalisedPresets,
  alternatives: penalisedAlternatives,
  prepare: (setting) => prepareBackground(setting, penalisedMethod(arpls, setting.config, setting.layout)),
  init: initBackground,
  step: stepBackground,
});
