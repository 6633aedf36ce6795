import { z } from 'zod';
import { MonitorError } from '../../model/error.ts';
import { defineStage } from '../../model/defineStage.ts';
import { POWER_LAW_METHODS, powerLawMethod, windowOf } from './powerLawMethod.ts';
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
    edge: z
      .number()
      .positive()
      .optional()
      .describe('Energy of the edge, in the unit of the axis; then the window follows from `before`.'),
    before: z
      .tuple([z.number().gt(0).lt(1), z.number().min(0).lt(1)])
      .refine(
        ([from, to]) => from > to,
        'a window begins further from the edge than it ends: the larger fraction first',
      )
      .optional()
      .describe('With `edge`: where the window begins and ends, as fractions of the edge energy below it.'),
    window: z
      .tuple([z.number(), z.number()])
      .refine(([from, to]) => from > 0 && from < to, 'a window needs two energies, the lower first, both above 0')
      .optional()
      .describe(
        'Instead of edge: energies before the edge, in the unit of the axis, where there is nothing but background.',
      ),
    method: z
      .enum(POWER_LAW_METHODS)
      .default('twoArea')
      .describe(
        "'twoArea': closed form, fastest. 'likelihood': least error at few counts. 'logLog' and 'leastSquares' are biased at few counts; to compare with other programs.",
      ),
    ...backgroundSettings,
  }),
  example: { window: [8, 24] },
  presets: {
    // A tenth of the energy: long enough to hold the exponent, short enough to begin behind the edge before (Mn L behind O K).
    // It ends 2 % below, where the onset is not yet felt at 1 to 2 eV resolution. Egerton (2011), 4.4.1.
    EELS: { before: [0.1, 0.02] },
  },
  alternatives: [['window', 'before']],
  check: (config) => void windowOf(config),
  prepare(setting) {
    const window = windowOf(setting.config);
    const work = prepareBackground(setting, powerLawMethod({ ...setting.config, window }, setting.layout));
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
