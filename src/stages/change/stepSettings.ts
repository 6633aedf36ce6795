import { z } from 'zod';
import { NUISANCES } from '../../kernel/change/expectedSpectrum.ts';
import { falseAlarmRate } from '../../model/duration.ts';

/** The noise model of `noise: auto`, by the noise of the layout. */
export const NOISE = { poisson: 'counts', scaledPoisson: 'given', gaussian: 'given', unknown: 'estimated' } as const;

const count = () => z.number().int().min(1);
/** Settings of change.step. */
export const stepSettings = z
  .strictObject({
    reference: z
      .union([
        z.literal('learned'),
        z.strictObject({
          previous: count().describe('Frames of the reference.'),
          gap: z.number().int().min(0).default(0).describe('Frames left out between.'),
        }),
      ])
      .default('learned')
      .describe(
        "'learned': the first frames, then fixed; { previous: n, gap }: the n frames before, for samples that always evolve.",
      ),
    learn: count()
      .default(50)
      .describe('Frames of a learned reference; more lower its own noise. Changed frames never enter.'),
    baseline: z
      .string()
      .optional()
      .describe('Baseline file (operando calibrate --out) to take for the reference instead of learning it.'),
    window: count().default(1).describe('Frames averaged on the "now" side: more find weaker changes, later.'),
    noise: z
      .enum(['auto', 'counts', 'given', 'learned', 'estimated'])
      .default('auto')
      .describe(
        "Each channel's noise: of counts; as given with the frame; learned over the reference; estimated frame by frame from the spectrum's roughness. 'auto' goes by the layout.",
      ),
    ignore: z
      .array(z.enum(['gain', ...NUISANCES]))
      .default(['gain'])
      .describe('Changes that mean nothing; the gain is always ignored. Each hides a real change of the same form.'),
    widths: z
      .array(count())
      .min(1)
      .default([1, 3, 7, 15, 31])
      .describe('Widths of the features looked for.')
      .meta({ unit: 'channels' }),
    threshold: z.number().positive().optional().describe('Standard deviations; instead of falseAlarms.'),
    falseAlarms: falseAlarmRate
      .default({ onePer: { frames: 10000 } })
      .describe('How rarely quiet data may make a detection, at most.'),
  })
  .refine(({ reference, baseline }) => baseline === undefined || reference === 'learned', {
    path: ['baseline'],
    error: 'expected no baseline beside reference: { previous }',
  });
