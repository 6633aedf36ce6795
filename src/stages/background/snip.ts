import { z } from 'zod';
import { snip } from '../../kernel/background/snip.ts';
import { axisQuantity } from '../../model/axisQuantity.ts';
import { defineStage } from '../../model/defineStage.ts';
import { clippedMethod } from './clipped.ts';
import { varied } from './method.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { widthInChannels } from './widthInChannels.ts';
import { initBackground, prepareBackground } from './work.ts';

/** Variance of a SNIP background over that of a channel, times sqrt(2 halfWidth + 1): 0.58 to 0.73 on flat Poisson data, half widths 6 to 48. */
const BACKGROUND_VARIANCE = 0.65;

export default defineStage({
  kind: 'background.snip',
  version: 3,
  summary:
    'Subtracts the smooth background under peaks by iterative peak clipping (SNIP); without variances these come from the roughness of the data.',
  reference: 'Ryan et al., Nucl. Instrum. Methods Phys. Res. B 34 (1988) 396',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    halfWidth: z
      .number()
      .int()
      .min(1)
      .default(24)
      .describe('Largest clipping distance in channels; larger gives a lower, smoother background.'),
    fwhm: axisQuantity
      .optional()
      .describe(
        'Instead of halfWidth: full width of the widest peak, in the unit of the axis or with its own, as 130 eV; clips over twice that.',
      ),
    order: z.enum(['decreasing', 'increasing']).default('decreasing').describe("'decreasing' is smoother."),
    lls: z
      .boolean()
      .default(true)
      .describe('Clip transformed counts, for peaks of very different heights; values below 0 count as 0.'),
    ...backgroundSettings,
  }),
  example: {},
  presets: {
    // Full width of Mn K-alpha by a silicon drift detector (ISO 15632 quotes it there); lines from 1 to 10^6 counts need LLS.
    EDX: { fwhm: '130 eV', lls: true },
    // Bands of solids and molecules are 5 to 20 cm-1 wide. Elsewhere than in EDX the LLS transform only costs linearity.
    Raman: { fwhm: '20 cm-1', lls: false },
    // Core levels under Al K-alpha, with chemical shifts.
    XPS: { fwhm: '2 eV', lls: false },
    // Lines of a laboratory diffractometer, small grains included, are 0.1 to 0.3 degrees wide; a synchrotron's are narrower, for which the
    // window is merely wider than need be.
    XRD: { fwhm: '0.3 deg', lls: false },
  },
  alternatives: [['halfWidth', 'fwhm']],
  prepare(setting) {
    const { config, layout } = setting;
    const { order, lls, vary } = config;
    const halfWidth = widthInChannels(config, layout);
    const options = ([-1, 0, 1] as const).map((variation) => ({
      halfWidth: Math.max(1, Math.round(varied(halfWidth, vary, variation))),
      order,
      lls,
    }));
    const share = Math.min(1, BACKGROUND_VARIANCE / Math.sqrt(2 * halfWidth + 1));
    const method = clippedMethod((values, variation, out) => snip(values, options[variation + 1]!, out), {
      share,
      halfWidth,
      isCounts: layout.noise === 'poisson',
    });
    return prepareBackground(setting, method);
  },
  init: initBackground,
  step: stepBackground,
});
