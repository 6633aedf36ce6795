import { afterEach, describe, expect, it } from 'vitest';
import { memoryChannel } from '../../adapters/memoryChannel.ts';
import { listenTo } from '../../src/app/listenTo.ts';
import type { PlannedStream } from '../../src/config/plan.ts';
import { encodeFrameJson, encodeLayoutJson } from '../../src/wire/frameJson.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { channelLayout, testFrame } from '../support/frames.ts';
import { until } from '../support/servers.ts';

const layout = channelLayout(2);
const channel = memoryChannel('listenTo');
afterEach(() => channel.end());

const stream = {
  id: 's',
  noise: null,
  framePeriodUs: null,
  config: { transport: { use: 'memory', with: { channel: 'listenTo' } }, codec: { use: 'json', with: {} } },
} as unknown as PlannedStream;

/** What doctor says of a stream that sends these frames. */
async function hear(seqs: readonly number[], also: readonly string[] = []) {
  const heard = listenTo(stream, '/', 2000);
  await until('somebody listens', () => channel.listenerCount > 0);
  for (const text of also) channel.send('', Buffer.from(text));
  channel.send('', encodeLayoutJson(layout, 's'));
  for (const seq of seqs) channel.send('', encodeFrameJson(testFrame(layout, seq, [1, 1]), layoutIdOf(layout)));
  return heard;
}

describe('listening to a stream', () => {
  it('is content with frames that follow each other', async () => {
    expect(await hear([0, 1, 2])).toEqual({ verdict: 'ok', sentence: 'frames arrive' });
  });

  it('tells of gaps, repetitions, restarts and bad packets among the frames', async () => {
    const { verdict, sentence } = await hear([5, 6, 6, 9, 8], ['hello']);
    expect(verdict).toBe('note');
    expect(sentence).toContain('of 6: 1 garbage, 1 duplicate, 1 outOfOrder, 2 lost before they came');
  });

  it('says what is wrong when nothing that arrives can be used', async () => {
    expect(await hear([], ['hello'])).toMatchObject({
      verdict: 'BAD',
      sentence: expect.stringContaining('what arrives cannot be used (garbage') as string,
    });
  });
});
