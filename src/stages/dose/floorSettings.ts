import { z } from 'zod';
import { falseAlarmRate } from '../../model/duration.ts';

const span = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => from < to, 'expected [from, to] with from below to');

/** What becomes part of the name of a reading. */
const name = z.string().regex(/^[A-Za-z0-9][\w-]*$/, 'expected letters, digits, "_" or "-"');

const region = z.strictObject({
  name: name.optional().describe("Added to the names of the readings: 'floor.8.oxide'; needed with several regions."),
  region: span.describe('Part of the fast axis whose counts are watched, in its unit.'),
  background: z
    .array(span)
    .min(1)
    .max(8)
    .optional()
    .describe(
      'Side bands free of signal, in the unit of the axis, best at equal distance on both sides; their mean per channel lies under the region. Left out, all counts are signal.',
    ),
});
export type FloorRegion = z.output<typeof region>;

/** Settings of dose.floor. */
export const floorSettings = z.strictObject({
  regions: z
    .array(region)
    .min(1)
    .max(32)
    .describe('Where a change is looked for.')
    .superRefine((regions, context) => {
      if (regions.length === 1) return;
      const names = regions.map((each) => each.name);
      names.forEach((each, k) => {
        if (each === undefined)
          context.addIssue({ code: 'custom', path: [k, 'name'], message: 'expected a name, for there are several' });
        else if (names.indexOf(each) !== k)
          context.addIssue({ code: 'custom', path: [k, 'name'], message: `got '${each}' twice, expected it once` });
      });
    }),
  learn: z.int().min(1).default(100).describe('Frames to learn the levels from: as many as the detector learns from.'),
  windows: z
    .array(z.int().min(1).max(4096))
    .min(1)
    .max(8)
    .default([1, 8, 64])
    .describe('Frames within which the change is to be found; each gives one reading, `floor.` and the number.')
    .refine((list) => new Set(list).size === list.length, 'expected every window once')
    .meta({ unit: 'frames' }),
  losses: z.boolean().default(false).describe('Says also how small a loss could be seen: readings `floorLoss.`.'),
  falseAlarms: falseAlarmRate
    .default({ onePer: { frames: 10_000 } })
    .describe('How rarely quiet data may raise a detection: as of the detector.'),
});
