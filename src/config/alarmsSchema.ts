import { z } from 'zod';
import { duration } from '../model/duration.ts';

/** What alarms are, and what becomes of them. */
export const alarmsSection = z.strictObject({
  latch: z
    .enum(['never', 'notice', 'warning', 'critical'])
    .default('critical')
    .describe('Alarms of at least this severity stay, when over and acknowledged, until they are reset.'),
  fold: z
    .strictObject({
      moreThan: z.int().min(1).default(10).describe('Alarms of one cause that still stand each for itself.'),
      within: duration.default(600_000_000).describe('Span of event time.'),
    })
    .prefault({})
    .describe('More alarms of one cause than that become one row with a count.'),
  suppress: z
    .array(z.string())
    .default([])
    .describe('Ids of alert stages whose alarms are not shown, by design. They are counted.'),
});
