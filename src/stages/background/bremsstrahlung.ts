import { z } from 'zod';
import { defineStage } from '../../model/defineStage.ts';
import { bremsstrahlungMethod } from './bremsstrahlungMethod.ts';
import { bremsstrahlungSettings } from './bremsstrahlungSettings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.bremsstrahlung',
  version: 2,
  summary:
    'Subtracts the X-ray continuum as this detector shows it: absorbed, stopped and blurred; two scales that are not negative per frame.',
  reference: 'Kramers, Phil. Mag. 46 (1923) 836; Statham, X-Ray Spectrom. 5 (1976) 154',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject(bremsstrahlungSettings),
  example: {
    beamEnergyKeV: 40,
    windows: [
      [2, 12],
      [34, 39],
    ],
    axisUnit: 'keV',
  },
  // What ISO 15632 has silicon drift detectors quoted at.
  presets: { EDX: { resolution: 130 } },
  prepare: (setting) => prepareBackground(setting, bremsstrahlungMethod(setting.config, setting.layout)),
  init: initBackground,
  step: stepBackground,
});
