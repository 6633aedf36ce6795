import { z } from 'zod';
import { MonitorError } from '../../model/error.ts';
import { defineStage } from '../../model/defineStage.ts';
import { drudePlasmonMethod } from './drudePlasmonMethod.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.drudePlasmon',
  version: 1,
  summary:
    'Subtracts the plasmon of free electrons (Drude), fitted to the low loss of a thin sample, and reads its energy and width with their errors; channels below the window are masked.',
  reference: 'Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), 3.3.1',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    window: z
      .tuple([z.number(), z.number()])
      .refine(([from, to]) => from > 0 && from < to, 'a window needs two energies, the lower first, both above 0')
      .describe(
        'Energies, in the unit of the axis, in which there is the plasmon and little else: above the zero loss, and not as far as twice its energy, where electrons have lost it twice.',
      ),
    ...backgroundSettings,
  }),
  example: { window: [8, 24] },
  prepare(setting) {
    try {
      return prepareBackground(setting, drudePlasmonMethod(setting.config, setting.layout));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new MonitorError('STAGE', error.message, { id: setting.id }, { cause: error });
    }
  },
  init: initBackground,
  step: stepBackground,
});
