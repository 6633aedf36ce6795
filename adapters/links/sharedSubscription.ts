import { z } from 'zod';

/** What is wrong with a subscription that is shared, for a person. */
export const SHARED = 'a shared subscription tears the stream apart: its frames come with gaps and out of order';

export const sharedSetting = z
  .boolean()
  .default(false)
  .describe(
    'true takes subscriptions that are shared with other receivers. Each gets a part of the frames, and late ones: stages with state see gaps, and frames that come out of order are dropped.',
  );
