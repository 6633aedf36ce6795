import { z } from 'zod';

/** What the axis and the values are. */
export const meaning = {
  axis: z
    .strictObject({
      name: z.string().min(1).describe("'energy', 'q', 'twoTheta', 'ramanShift'."),
      unit: z.string().min(1).describe("UCUM code: 'eV', 'deg', 'cm-1'."),
    })
    .describe('The axis of the spectra.'),
  values: z
    .strictObject({
      quantity: z.string().min(1).default('intensity').describe("'counts', 'intensity', 'absorbance'."),
      unit: z.string().min(1).default('1').describe('UCUM code.'),
    })
    .prefault({})
    .describe('What is measured.'),
};

/** When frames were taken, where the data do not say. */
export const timing = {
  start: z.iso
    .datetime({ offset: true })
    .default('2000-01-01T00:00:00Z')
    .describe('Time of frame 0, for data without a clock of their own.'),
  exposureMs: z
    .number()
    .positive()
    .optional()
    .describe('Live time of a frame; left out, the frame period of the stream.')
    .meta({ unit: 'ms' }),
  sourceNote: z.string().optional().describe('Where the data come from; told when they are missing.'),
};
