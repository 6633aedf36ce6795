import { z } from 'zod';
import { EVOLUTION_NOISES } from '../../kernel/change/channelWeights.ts';
import { EVOLUTION_NUISANCES } from '../../kernel/change/evolutionNuisances.ts';
import { falseAlarmRate } from '../../model/duration.ts';

/** The noise model of `noise: auto`, by the noise of the layout. */
export const TREND_NOISE = {
  poisson: 'counts',
  scaledPoisson: 'given',
  gaussian: 'given',
  unknown: 'learned',
} as const;

/** Settings of change.trend. */
export const trendSettings = z.strictObject({
  reading: z.string().optional().describe('Name of a reading to watch instead of the spectrum.'),
  stage: z.string().optional().describe('Only readings from the stage of this id.'),
  memory: z
    .number()
    .int()
    .min(16)
    .max(96)
    .default(24)
    .describe('Frames looked back on; more find slower turns, and ask for more evidence.'),
  learn: z.number().int().min(8).default(12).describe('Frames before the first word: the noise is learned from them.'),
  noise: z
    .enum(['auto', ...EVOLUTION_NOISES])
    .default('auto')
    .describe(
      "Each channel's noise: of counts; as given with the frame or reading; learned over time; estimated from the roughness along the axis. 'auto' goes by the layout. What the evolution scatters beyond it is learned in any case.",
    ),
  ignore: z
    .array(z.enum(EVOLUTION_NUISANCES))
    .default(['gain'])
    .describe('Movements of a spectrum that mean nothing; of a reading, none is ignored.'),
  threshold: z.number().positive().optional().describe('Log-likelihood ratio, nats; instead of falseAlarms.'),
  falseAlarms: falseAlarmRate
    .default({ onePer: { frames: 10_000 } })
    .describe('How rarely noise without a turning point may make a detection, at most.'),
});
