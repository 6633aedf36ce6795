import { z } from 'zod';
import { DATE_ORDERS } from './time.ts';
import { DELIMITERS } from './numbers.ts';

const pattern = z
  .string()
  .refine((text) => isRegExp(text), 'is not a regular expression')
  .transform((text) => new RegExp(text, 'm'));

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}

/** A column by its name in the header, or by its number from 0. */
export const column = z.union([z.string().min(1), z.number().int().min(0)]);
export type Column = z.output<typeof column>;

export const utcOffset = z
  .string()
  .regex(/^(Z|[+-]\d{2}:\d{2})$/, "expected 'Z' or '+hh:mm'")
  .default('Z')
  .describe('Of the clock that wrote the times, east of Greenwich.');

/** A date and time somewhere in a header. */
export const headerTime = z.strictObject({
  pattern: pattern.describe('Regular expression; its first group is the date and time, or seconds since `start`.'),
  dateOrder: z.enum(DATE_ORDERS).default('ymd').describe('How the date is written.'),
  utcOffset,
});
export type HeaderTime = z.output<typeof headerTime>;

/** A number somewhere in a header. */
export const headerNumber = z.strictObject({
  pattern: pattern.describe('Regular expression; its first group is the number.'),
  unit: z.string().default('1').describe('UCUM code.'),
  factor: z.number().default(1).describe('Multiplies the number.'),
});

/** How a text file is written. */
export const textForm = {
  encoding: z.enum(['utf8', 'latin1']).default('utf8').describe('Character encoding.'),
  decimal: z.enum(['.', ',']).default('.').describe('Decimal mark.'),
  delimiter: z.enum(DELIMITERS).default('auto').describe('What separates the fields.'),
  comment: z.string().default('#').describe('Lines that begin with it hold no data.'),
};

/** A table of slow signals on their own clock. */
export const slowLog = z
  .strictObject({
    file: z.string().min(1).describe('The table, relative to the pipeline file.'),
    encoding: textForm.encoding,
    decimal: textForm.decimal,
    delimiter: textForm.delimiter,
    headerLines: z
      .union([z.number().int().min(1), pattern])
      .default(1)
      .describe('Lines up to and with the column names; a number, or a pattern whose first group is it.'),
    start: headerTime.optional().describe('Where the header says when time 0 was; left out, times are absolute.'),
    time: z
      .strictObject({
        column,
        factor: z.number().positive().default(1).describe('Seconds per unit of the column.').meta({ unit: 's' }),
        dateOrder: z.enum(DATE_ORDERS).default('ymd').describe('How absolute times are written.'),
        utcOffset,
      })
      .describe('The column of times.'),
    signals: z
      .record(z.string(), z.strictObject({ column, unit: z.string().default('1'), factor: z.number().default(1) }))
      .describe('Slow signals by name.'),
  })
  .describe('A log written beside the spectra.');
export type SlowLog = z.output<typeof slowLog>;
