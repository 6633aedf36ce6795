import { z } from 'zod';
import { MAP_CELLS } from '../../kernel/dose/scanMap.ts';
import { duration } from '../../model/duration.ts';

const signal = z.string().min(1).describe('Name of the slow signal.');
const staleAfter = duration.default(10_000_000).describe("Older than this is stale; default '10 s'.");
const MICROSECONDS = { us: 1, ms: 1e3, s: 1e6 } as const;

/** A quantity of the beam: always the same, or as a slow signal says. */
export const beamQuantity = <const Unit extends Readonly<Record<string, number>>>(what: string, units: Unit) => {
  const unit = z.enum(Object.keys(units) as (keyof Unit & string)[]).describe('Its unit.');
  return z
    .union([
      z.strictObject({ fixed: z.number().positive().describe('Its value, in `unit`.'), unit }),
      z.strictObject({
        signal,
        unit,
        maximum: z
          .number()
          .positive()
          .describe('Charged while the signal is absent or stale, unless more was seen; in `unit`.'),
        staleAfter,
      }),
    ])
    .describe(what);
};
export type BeamQuantity = z.output<ReturnType<typeof beamQuantity>>;

/** Settings that all accounts of dose have. `limit` and `rateLimit` are in the unit of the account. */
export const ledgerSettings = {
  limit: z.number().positive().describe('What an area of the sample may receive, in `unit`.'),
  rateLimit: z.number().positive().optional().describe('What it may receive per second, in `unit` per second.'),
  timeLimit: duration.optional().describe("How long an area may be under the beam: '20 min'."),
  clockLimit: duration
    .optional()
    .describe("How long after its first charge an area may be used, beam or no beam: '2 h'."),
  milestones: z
    .array(z.number().positive().max(1))
    .default([0.5, 0.8, 1])
    .describe('Fractions of the limit, and of the limits on time, at which to speak, ascending.')
    .refine((list) => list.every((value, k) => k === 0 || value > list[k - 1]!), 'expected ascending fractions'),
  beam: z
    .strictObject({ signal, staleAfter })
    .optional()
    .describe(
      'Slow signal that says whether the beam is on the sample: 0 is off, and charges nothing; absent or stale is charged as on.',
    ),
  betweenFrames: z
    .enum(['blanked', 'exposed'])
    .default('blanked')
    .describe('Whether the beam is on the sample between exposures as well, as in read-out without a blanker.'),
  shutterLagMs: z
    .number()
    .min(0)
    .default(0)
    .describe('How long the beam goes on after it was seen off; charged at every closing.')
    .meta({ unit: 'ms' }),
  area: z
    .union([
      z.strictObject({ signal: z.string().min(1).describe('Slow signal that numbers the areas of the sample.') }),
      z.strictObject({
        x: z.string().min(1).describe('Slow signal of one coordinate of the sample.'),
        y: z.string().min(1).describe('Slow signal of the other.'),
        radius: z
          .number()
          .positive()
          .describe('Farther than this from the middle of an area is another one, in the unit of the coordinates.'),
      }),
      z.strictObject({
        x: z.string().min(1).describe('Slow signal of one coordinate of the middle of the scanned field.'),
        y: z.string().min(1).describe('Slow signal of the other.'),
        field: z
          .tuple([z.number().positive(), z.number().positive()])
          .describe('Width and height of the field, in the unit of the coordinates.'),
        map: z
          .strictObject({
            x: z.number().describe('Corner of the first cell.'),
            y: z.number().describe('Corner of the first cell.'),
            cell: z.number().positive().describe('Side of a cell.'),
            columns: z.number().int().positive().describe('Cells along x.'),
            rows: z.number().int().positive().describe('Cells along y.'),
          })
          .refine(
            ({ columns, rows }) => columns * rows <= MAP_CELLS,
            `expected at most ${MAP_CELLS} cells: make them larger`,
          )
          .describe(
            'Cells of which each has an account: fields that overlap add up. The dose is that of the worst cell.',
          ),
      }),
    ])
    .optional()
    .describe('What tells the areas of the sample apart; each has an account of its own. Left out, there is one.'),
  nextExposure: z
    .strictObject({ signal, unit: z.enum(Object.keys(MICROSECONDS) as (keyof typeof MICROSECONDS)[]) })
    .optional()
    .describe('Slow signal that is the planned exposure of the next frame; left out, as the frame before.'),
};
export type LedgerSettings = z.output<z.ZodObject<typeof ledgerSettings>>;

/** Microseconds of an exposure that a slow signal says. */
export const exposureUnitUs = (settings: LedgerSettings): number =>
  settings.nextExposure === undefined ? 1 : MICROSECONDS[settings.nextExposure.unit];
