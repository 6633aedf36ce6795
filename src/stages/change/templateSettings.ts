import { z } from 'zod';
import { createTemplateWork, type TemplateState } from '../../kernel/change/templateMonitor.ts';
import { templateThresholds } from '../../kernel/change/templateThreshold.ts';
import { falseAlarmRate, runLengthOf } from '../../model/duration.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import type { Setting } from '../../model/stage.ts';
export const templateSettings = z.strictObject({
  fwhm: z.array(z.number().positive()).optional(),
  learn: z.number().int().min(1).default(100),
  memory: z.number().int().min(1).default(1000),
  ignore: z.array(z.enum(['gain', 'shift', 'slope', 'broadening', 'offset'])).default(['gain', 'shift', 'slope', 'broadening']),
  falseAlarms: falseAlarmRate.default({ onePer: { frames: 10000 } }),
});
export function prepareTemplates({ id, config, layout, framePeriodUs }: Setting<z.output<typeof templateSettings>, 'frame'>) {
  const x = channelCentres(fastAxis(layout));
  const pitch = x.length < 2 ? 1 : (x[x.length - 1]! - x[0]!) / (x.length - 1);
  const { learn, memory } = config;
  const drifts = (['shift', 'slope', 'broadening', 'offset'] as const).filter((d) => config.ignore.includes(d));
  const templates = createTemplateWork({ x, fwhm: config.fwhm ?? [5 * pitch, 8 * pitch], sets: [], contrast: true, noise: 'counts', drifts, learn, memory, up: true, down: true });
  const runLength = runLengthOf(config.falseAlarms, framePeriodUs);
  return { id, templates, thresholds: (_: TemplateState) => templateThresholds(templates, runLength) };
}
