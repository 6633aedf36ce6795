import { z } from 'zod';
import { MonitorError } from '../../model/error.ts';
import { defineStage } from '../../model/defineStage.ts';
import { POWER_LAW_METHODS, powerLawMethod } from './powerLawMethod.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';

export default defineStage({
  kind: 'background.powerLaw',
  version: 1,
  summary:
    'Subtracts A E^-r, fitted in a window before an energy-loss edge, with the error of its extrapolation; channels below the window are masked.',
  reference: 'Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), 4.4',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    window: z
      .tuple([z.number(), z.number()])
      .refine(([from, to]) => from > 0 && from < to, 'a window needs two energies, the lower first, both above 0')
      .describe('Energies before the edge, in the unit of the axis, where there is nothing but background.'),
    method: z
      .enum(POWER_LAW_METHODS)
      .default('twoArea')
      .describe(
        "'twoArea': closed form, fastest. 'likelihood': least error at few counts. 'logLog' and 'leastSquares' are biased at few counts; to compare with other programs.",
      ),
    ...backgroundSettings,
  }),
  example: { window: [8, 24] },
  prepare(setting) {
    const work = prepareBackground(setting, powerLawMethod(setting.config, setting.layout));
    const { window } = setting.config;
    const { region } = setting.config;
    if (region !== undefined && region[0] < window[1])
      throw new MonitorError(
        'STAGE',
        `sums from ${region[0]} on, expected a region beyond the window's end at ${window[1]}`,
        {
          id: setting.id,
        },
      );
    return work;
  },
  init: initBackground,
  step: stepBackground,
});
