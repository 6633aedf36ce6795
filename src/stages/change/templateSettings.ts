import { z } from 'zod';
import { DRIFTS } from '../../kernel/change/templateReference.ts';
import { falseAlarmRate } from '../../model/duration.ts';

const count = () => z.number().int().min(1);
const lines = z.strictObject({
  name: z.string().min(1).describe('What it is called in alerts: a phase, an element.'),
  positions: z.array(z.number()).min(1).describe('True positions of its lines, in the unit of the axis.'),
  intensities: z.array(z.number().positive()).optional().describe('Relative intensities; left out, all alike.'),
  fwhm: z.number().positive().optional().describe('Full width at half maximum; left out, the narrowest of `fwhm`.'),
});

/** Settings of change.templates. */
export const templateSettings = z.strictObject({
  fwhm: z
    .array(z.number().positive())
    .optional()
    .describe(
      'Widths (FWHM) of the peaks that may come or go anywhere, in the unit of the axis; two that span the range are enough. Left out, 5 and 8 channels; [] for none.',
    ),
  lines: z
    .array(lines)
    .default([])
    .describe('Known phases or elements: the lines of each are looked for together, which finds them earlier.'),
  phases: z.string().optional().describe('File with more of them: a line of text each, `name position [intensity]`.'),
  contrast: z
    .boolean()
    .default(true)
    .describe('Also look for all peaks growing or fading together against the background: amorphisation, melting.'),
  sides: z.enum(['up', 'down', 'both']).default('both').describe('Whether something may come, go, or both.'),
  ignore: z
    .array(z.enum(['gain', ...DRIFTS]))
    .default(['gain', 'shift', 'slope', 'bend', 'broadening'])
    .describe(
      'Drift that means nothing; the gain is always ignored. Each hides a real change of the same form: `offset` hides uniform amorphisation.',
    ),
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Relative wander of line intensities that means nothing: texture, grains turning in and out of the beam. 0.03 hides changes of existing lines below about 10 %; new lines are found as before.',
    ),
  fixedPattern: z
    .number()
    .min(0)
    .max(0.1)
    .default(0)
    .describe(
      "Relative scatter of the channels' sensitivity that no flat field has taken out. The spectrum drifts across it, and what changes by so much from channel to channel means nothing. Not with the certificate, which would take it for a change: that is then left out.",
    ),
  noise: z
    .enum(['auto', 'counts', 'given', 'learned'])
    .default('auto')
    .describe("Each channel's noise: of counts; as given with the frame; learned. 'auto' goes by the layout."),
  learn: count()
    .default(100)
    .describe('Frames the reference is learned from; a beginning that is not steady is let go, and learning goes on.'),
  baseline: z
    .string()
    .optional()
    .describe('Baseline file to take for the reference instead of learning, made by `operando calibrate --out`.'),
  memory: count()
    .default(1000)
    .describe('Longest window, frames: weaker changes need longer ones. At most 10 times the frames learned.'),
  certificate: z
    .boolean()
    .default(true)
    .describe('Run an e-detector beside it, for counts: its false-alarm rate needs no calibration.'),
  threshold: z
    .number()
    .positive()
    .optional()
    .describe('Log-likelihood ratio at which to speak; instead of falseAlarms.'),
  falseAlarms: falseAlarmRate
    .default({ onePer: { frames: 10_000 } })
    .describe('How rarely quiet data may make a detection.'),
});
