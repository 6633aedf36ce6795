import { connectAsync } from 'mqtt';
import type { Random } from '../protocol/random.ts';
import type { Begun } from './faults.ts';
import { monotonicMs } from './monotonic.ts';
import type { Trio } from './trio.ts';

const EVERY_MS = 5;
const FOR_MS = 1500;

/** Publishes permits of the past again, several times and in any order, while the monitor is stopped. */
export async function repeatPermits(trio: Trio, random: Random): Promise<Begun> {
  const client = await connectAsync(`mqtt://127.0.0.1:${trio.broker.port}`);
  client.on('error', () => undefined);
  const timer = setInterval(() => {
    const { texts } = trio.renewals;
    // The newest most often: those are the ones whose lease has not run out.
    const text = random.chance(0.5) ? texts.at(-random.whole(1, 5)) : random.pick(texts);
    if (text !== undefined) client.publish('operando/v1/lab/bench/permit', text, { qos: 0 });
  }, EVERY_MS);
  await new Promise((resolve) => setTimeout(resolve, random.between(50, 300)));
  trio.monitor.signal('SIGSTOP');
  const atMs = monotonicMs();
  return {
    fromMs: atMs,
    goodUntilMs: atMs,
    closesBy: 'lapse',
    healAtMs: atMs + FOR_MS,
    async heal() {
      trio.monitor.signal('SIGCONT');
      clearInterval(timer);
      await client.endAsync(true);
    },
  };
}
