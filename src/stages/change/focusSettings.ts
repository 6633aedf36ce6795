import { z } from 'zod';
import { falseAlarmRate } from '../../model/duration.ts';

/** Longest window when none is asked for, frames: beyond it, little is found earlier. */
const USUAL_MEMORY = 1000;

/** Settings of change.focus. */
export const focusSettings = z
  .strictObject({
    reading: z.string().optional().describe('Name of a reading to watch instead of the counts of the frames.'),
    stage: z.string().optional().describe('Only readings of the stage of this id.'),
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the fast axis that is summed, in its unit; left out, all of it.'),
    noise: z
      .enum(['auto', 'counts', 'given', 'learned'])
      .default('auto')
      .describe(
        "How the value scatters: as counts; as variances or standard errors say; as learned. 'auto' goes by the layout, or by whether the first reading has an error.",
      ),
    sides: z.enum(['up', 'down', 'both']).default('both').describe('Which changes to look for.'),
    memory: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(`Longest window; left out, ${USUAL_MEMORY} or as many as were learned from.`)
      .meta({ unit: 'frames' }),
    expected: z.number().optional().describe('Value per frame while nothing changes; left out, learned.'),
    exposureUs: z
      .number()
      .positive()
      .optional()
      .describe('Exposure that expected speaks of; left out, that of the first frame.')
      .meta({ unit: 'us' }),
    learn: z
      .number()
      .int()
      .min(2)
      .default(300)
      .describe('Frames to learn from, once they look steady; more find weaker changes.'),
    baseline: z.string().optional().describe('Baseline file (operando calibrate --out) to take instead of learning.'),
    monitor: z
      .string()
      .optional()
      .describe('Slow signal the expected value is proportional to, as the beam monitor; frames without it pass by.'),
    monitorReading: z
      .string()
      .optional()
      .describe(
        'Reading the expected value is proportional to, as a background that is known to vary; expected is that of its first value. Frames without one of their own pass by.',
      ),
    dispersion: z
      .union([z.literal('learned'), z.number().positive()])
      .default('learned')
      .describe(
        'Variance over that of counts, or over the given one; learned, it is applied when it is clearly not 1.',
      ),
    bonus: z
      .boolean()
      .default(true)
      .describe(
        'Whether long windows are granted about the logarithm of their length, so that weak changes are found; without, give a threshold.',
      ),
    certificate: z
      .boolean()
      .default(true)
      .describe(
        'Run an e-detector beside it, for counts of a rate given as expected: its false-alarm rate needs no calibration. It takes 2 % of falseAlarms.',
      ),
    threshold: z.number().positive().optional().describe('Log-likelihood ratio; instead of falseAlarms.'),
    falseAlarms: falseAlarmRate
      .default({ onePer: { frames: 10_000 } })
      .describe('How rarely quiet data may raise a detection.'),
  })
  .superRefine(
    ({ reading, region, monitor, monitorReading, expected, baseline, memory, learn, bonus, threshold }, context) => {
      const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (reading !== undefined)
        for (const [path, value] of Object.entries({ region, monitor, monitorReading, baseline }))
          if (value !== undefined) refuse(path, 'speaks of frames, expected none beside reading');
      if (!bonus && threshold === undefined) refuse('threshold', 'expected one without bonus');
      if (expected !== undefined && baseline !== undefined) refuse('baseline', 'expected none beside expected');
      if (expected === undefined && baseline === undefined && memory !== undefined) {
        const reason = memoryRefusal(memory, learn);
        if (reason !== null) refuse('memory', reason);
      }
    },
  );
export type FocusConfig = z.output<typeof focusSettings>;

/** The longest window for a level learned from so many frames; Infinity when it is known. */
export const memoryFor = ({ memory }: FocusConfig, learned: number): number =>
  memory ?? Math.min(USUAL_MEMORY, learned);

/** Why a memory cannot be had with a level learned from so many frames; null when it can. */
export function memoryRefusal(memory: number, learned: number): string | null {
  if (memory <= learned) return null;
  return (
    `windows of ${memory} frames are longer than a baseline of ${learned} frames can support: ` +
    `its own error outweighs what they could show; expected at most ${learned}, or more to learn from`
  );
}
