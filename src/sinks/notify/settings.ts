import { z } from 'zod';
import { duration } from '../../model/duration.ts';
import { spool } from '../spool/spoolSettings.ts';

/** Settings of every sink that tells people or programs of alerts. */
export const notifySettings = {
  severity: z
    .enum(['notice', 'warning', 'critical'])
    .default('warning')
    .describe('Alerts of this severity or a higher one are told.'),
  phases: z
    .array(z.enum(['raised', 'updated', 'cleared']))
    .min(1)
    .default(['raised', 'cleared'])
    .describe('Which transitions are told.'),
  groupFor: duration
    .default(5_000_000)
    .describe('Alerts within this span of the first are told in one message; longer means fewer messages, later.'),
  atMost: z
    .strictObject({
      messages: z.int().min(1).describe('Messages within the span.'),
      per: duration.describe('The span.'),
    })
    .prefault({ messages: 12, per: '1 h' })
    .describe(
      'More alerts wait for the next message, which counts them; critical alerts have an account of their own.',
    ),
  listed: z.int().min(1).max(500).default(20).describe('Alerts a message lists; further ones are counted in it.'),
  timeout: duration.default(10_000_000).describe('How long one attempt may take.'),
  waitingAlerts: z
    .int()
    .min(2)
    .default(10_000)
    .describe('Without a spool: alerts that may wait; then the oldest are dropped and counted.'),
  flushWithin: duration.default(10_000_000).describe('How long a flush may take before it fails.'),
  spool,
};

/** The checked settings. */
export type NotifySettings = z.output<z.ZodObject<typeof notifySettings>>;
