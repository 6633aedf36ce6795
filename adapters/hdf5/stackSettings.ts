import { z } from 'zod';
import { meaning, timing } from '../files/settings.ts';

const path = z.string().min(1).describe('Path of a dataset in the file.');
/** Numbers of a dataset in another unit. */
export const scaled = z.strictObject({
  path,
  unit: z.string().default('1').describe('UCUM code.'),
  factor: z.number().default(1).describe('Multiplies the numbers.'),
});

/** Where in a file a stack of spectra lies, and what belongs to it. */
export const stackSettings = z.strictObject({
  file: z.string().min(1).describe('The HDF5 or NeXus file, relative to the pipeline file.'),
  data: z.string().min(1).describe('Path of the dataset [frames, ..., channels].'),
  axes: z
    .array(z.strictObject({ path, name: z.string().min(1), unit: z.string().min(1) }))
    .min(1)
    .describe(
      'Coordinates of the dimensions after the first, slowest first: centres, or edges when there is one more.',
    ),
  values: meaning.values,
  error: z.string().optional().describe('Dataset like `data` with one standard deviation.'),
  variance: z.string().optional().describe('Dataset like `data` with the variance.'),
  orderBy: z
    .string()
    .optional()
    .describe('Dataset with one number per frame; frames are played in its ascending order.'),
  time: scaled.optional().describe('Dataset with seconds since `start`, after its factor, one per frame.'),
  exposure: scaled.optional().describe('Dataset with the live time in seconds, after its factor, one per frame.'),
  signals: z.record(z.string(), scaled).default({}).describe('Slow signals: datasets with one number per frame.'),
  follow: z
    .boolean()
    .default(false)
    .describe(
      'The file is still written, in SWMR mode: play what is there, then what comes; wait for it where there is none.',
    ),
  pollMs: z
    .number()
    .min(10)
    .default(500)
    .describe('How often a file that is followed is looked at.')
    .meta({ unit: 'ms' }),
  ...timing,
});
export type StackSettings = z.output<typeof stackSettings>;
