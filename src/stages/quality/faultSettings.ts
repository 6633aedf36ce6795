import { z } from 'zod';
import { normalQuantile } from '../../kernel/change/normalTail.ts';
import type { SpikeOptions } from '../../kernel/quality/spikeState.ts';
import { falseAlarmRate } from '../../model/duration.ts';
import type { Frame } from '../../model/frame.ts';

const count = () => z.number().int().min(1);
/** Settings of quality.faults. */
export const faultSettings = z.strictObject({
  width: z
    .number()
    .int()
    .min(0)
    .default(4)
    .describe('Widest cosmic ray, at 30 % of its height; 0 looks for none.')
    .meta({ unit: 'channels' }),
  memory: count().default(8).describe('Frames before this one that a cosmic ray must stand out from.'),
  ceiling: z
    .number()
    .positive()
    .optional()
    .describe(
      'Value of one exposure from which a channel is saturated; left out, the highest value of a frame that its source marks as saturated.',
    ),
  saturated: z
    .enum(['channels', 'frame'])
    .default('channels')
    .describe(
      'What a full channel spoils: itself, or the frame, where one detector counts for all channels and a full one says that it is overrun.',
    ),
  resolution: z
    .number()
    .min(1)
    .default(2)
    .describe(
      'Full width at half maximum of the narrowest line the instrument can show: a channel that changes more steeply against its neighbours is dead, hot or flickering. 1 looks for dead channels alone, since a line may be one channel wide.',
    )
    .meta({ unit: 'channels' }),
  tripBelow: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe('Share of the usual total below which the beam has tripped; 0 where the total is the question.')
    .meta({ unit: '1' }),
  tripFrames: count()
    .default(50)
    .describe('Frames after which a low total is no trip any more: they are handed on, and become the usual.'),
  falseAlarms: falseAlarmRate
    .default({ onePer: { frames: 10000 } })
    .describe('How rarely quiet data may be called a fault, at most, for each kind of fault.'),
});

/** How a frame's values scatter, for the search for cosmic rays. */
export function noiseOf({ layout, variances }: Frame): SpikeOptions['noise'] {
  if (layout.noise === 'poisson') return 'counts';
  if (layout.noise === 'unknown' || variances === undefined) return 'estimated';
  return layout.noise === 'scaledPoisson' ? 'scaledCounts' : 'given';
}

/** Degrees of freedom of a noise that is estimated from a block of 64 channels, about. */
const FREEDOM = 12;

/** Standard deviations that one channel of n passes once in so many frames of quiet data. */
export function spikeThreshold(runLength: number, n: number, noise: SpikeOptions['noise']): number {
  const z = normalQuantile(Math.min(1 / (runLength * n), 0.1));
  // An estimated noise makes Student's t of the normal z: the first term of Cornish and Fisher.
  return noise === 'estimated' ? z * (1 + (z * z + 1) / (4 * FREEDOM)) : z;
}
