import { z } from 'zod';
import { airpls } from '../../kernel/background/airpls.ts';
import { defineStage } from '../../model/defineStage.ts';
import { penalisedAlternatives, penalisedMethod, penalisedPresets, penalisedSettings } from './penalised.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.airpls',
  version: 1,
  summary:
    'Subtracts a smooth background under the noise: channels above it weigh nothing, those below it more in every round.',
  reference: 'Zhang, Chen and Liang, Analyst 135 (2010) 1138',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({ ...penalisedSettings, ...backgroundSettings }),
  example: {},
  presets: penalisedPresets,
  alternatives: penalisedAlternatives,
  prepare: (setting) => prepareBackground(setting, penalisedMethod(airpls, setting.config, setting.layout)),
  init: initBackground,
  step: stepBackground,
});
