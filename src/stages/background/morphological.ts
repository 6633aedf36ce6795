import { z } from 'zod';
import { createOpeningWorkspace, opening } from '../../kernel/background/opening.ts';
import { axisQuantity } from '../../model/axisQuantity.ts';
import { defineStage } from '../../model/defineStage.ts';
import { clippedMethod } from './clipped.ts';
import { varied } from './method.ts';
import { backgroundSettings } from './settings.ts';
import { stepBackground } from './subtract.ts';
import { initBackground, prepareBackground } from './work.ts';
import { widthInChannels } from './widthInChannels.ts';

/** Variance of the background over that of a channel, times sqrt(2 halfWidth + 1): 0.16 to 0.21 on flat Poisson data, 0.35 to 0.43 under peaks. */
const BACKGROUND_VARIANCE = 0.3;

export default defineStage({
  kind: 'background.morphological',
  version: 2,
  summary:
    'Subtracts what a window of fixed width can fill from below (rolling ball); it follows the lowest channels, so it lies under the noise.',
  reference: 'Kneen and Annegarn, Nucl. Instrum. Methods Phys. Res. B 109 (1996) 209',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    halfWidth: z
      .number()
      .int()
      .min(1)
      .default(24)
      .describe('Half width of the window in channels; at least the full width of the widest peak.'),
    fwhm: axisQuantity
      .optional()
      .describe(
        'Instead of halfWidth: full width of the widest peak, in the unit of the axis or with its own, as 130 eV; the window reaches twice that.',
      ),
    shape: z
      .enum(['ball', 'mean'])
      .default('ball')
      .describe("'ball' averages the filled spectrum over the window; 'mean' cuts it down where its own slopes allow."),
    smooth: z
      .number()
      .int()
      .min(0)
      .default(3)
      .describe('Channels on either side that are averaged first; more lies less far under the noise.'),
    ...backgroundSettings,
  }),
  example: {},
  presets: {
    // As for background.snip: the detector's width at Mn K-alpha, that of Raman bands, and of a laboratory diffractometer's lines.
    EDX: { fwhm: '130 eV' },
    Raman: { fwhm: '20 cm-1' },
    XRD: { fwhm: '0.3 deg' },
  },
  alternatives: [['halfWidth', 'fwhm']],
  prepare(setting) {
    const { config, layout } = setting;
    const halfWidth = widthInChannels(config, layout);
    const { shape, smooth, vary } = config;
    const work = createOpeningWorkspace(layout.size);
    const options = ([-1, 0, 1] as const).map((variation) => ({
      halfWidth: Math.max(1, Math.round(varied(halfWidth, vary, variation))),
      shape,
      smooth,
    }));
    const share = Math.min(1, BACKGROUND_VARIANCE / Math.sqrt(2 * halfWidth + 1));
    const method = clippedMethod((values, variation, out) => opening(values, options[variation + 1]!, out, work), {
      share,
      halfWidth,
      isCounts: layout.noise === 'poisson',
    });
    return prepareBackground(setting, method);
  },
  init: initBackground,
  step: stepBackground,
});
