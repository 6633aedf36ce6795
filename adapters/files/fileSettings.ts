import { z } from 'zod';
import { timing } from './settings.ts';

/** What the spectra of files mean, where that is known better than by the files. */
export const fileMeaning = {
  series: z
    .union([z.string(), z.int().min(0)])
    .optional()
    .describe('Which series of each file, by name or by number from 0; left out, the only one.'),
  axis: z
    .strictObject({
      name: z.string().min(1).optional().describe("'energy', 'q', 'twoTheta', 'ramanShift'."),
      unit: z.string().min(1).optional().describe("UCUM code: 'eV', 'deg', 'cm-1'."),
    })
    .prefault({})
    .describe('Name and unit of the axis instead of those of the file.'),
  values: z
    .strictObject({
      quantity: z.string().min(1).optional().describe("'counts', 'intensity', 'absorbance'."),
      unit: z.string().min(1).optional().describe('UCUM code.'),
    })
    .prefault({})
    .describe('Quantity and unit of the values instead of those of the file.'),
  slow: z
    .array(z.string().min(1))
    .default([])
    .describe('Further files with slow signals (.mpt, logs), joined as of the time of each spectrum.'),
  ...timing,
  exposureMs: timing.exposureMs.describe(
    'Live time of a frame instead of that of the file; where neither says, the frame period of the stream.',
  ),
};

export type FileMeaning = z.output<z.ZodObject<typeof fileMeaning>>;
