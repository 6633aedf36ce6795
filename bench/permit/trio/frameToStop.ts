import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../protocol/random.ts';
import { SMALL_BUDGET } from './pipelineText.ts';
import { startTrio } from './trio.ts';

const STOP_MS = 5000;
/** So few that an area lasts while somebody tries to arm. */
const FEW_COUNTS = 2;

/**
 * Times from handing over a frame that spends the budget of its area to the shutter closed, milliseconds: through WebSocket,
 * codec, account, permit, broker, receiver and relay, while a database is away and all garbage is collected twice a second.
 */
export async function measureFrameToStop(
  samples: number,
  seed: number,
  say: (count: number) => void,
): Promise<number[]> {
  const random = createRandom(seed, 5);
  const trio = await startTrio({ isForSpeed: true });
  const times: number[] = [];
  trio.feed.counts = FEW_COUNTS;
  try {
    while (times.length < samples) {
      trio.feed.area++;
      // The account of the former area stands until a frame tells of the new one.
      await pause(60);
      await trio.openAgain();
      await pause(random.between(50, 150));
      const sentMs = trio.feed.sendNow(SMALL_BUDGET);
      const closedMs = await trio.shutter.until(false, STOP_MS);
      // Closed before, by something else: no sample.
      if (closedMs < sentMs) continue;
      times.push(closedMs - sentMs);
      say(times.length);
    }
  } finally {
    await trio.end();
  }
  return times;
}
