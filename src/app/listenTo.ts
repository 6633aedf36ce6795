import { resolve } from 'node:path';
import type { PlannedStream } from '../config/plan.ts';
import { droppedWords, unusualWords } from '../model/accountWords.ts';
import { explainError } from '../model/error.ts';
import { createIngress } from '../pipeline/ingress.ts';
import { createSlowSignals } from '../pipeline/slowSignals.ts';
import { createAdapter } from './createAdapter.ts';

/** How a stream was found. */
export interface Heard {
  readonly verdict: 'ok' | 'note' | 'BAD';
  readonly sentence: string;
}

/** Once frames come, so many are enough to see gaps, repetitions and clocks that jump; or those of so long. */
const ENOUGH_FRAMES = 20;
const ENOUGH_MS = 500;
const DAY_US = 86_400e6;

/** Opens the source of a stream until enough frames came, it ends, fails, or was silent for `patienceMs`. */
export async function listenTo(stream: PlannedStream, directory: string, patienceMs: number): Promise<Heard> {
  const abort = new AbortController();
  const timers = [setTimeout(() => abort.abort(), patienceMs)];
  const link = { state: 'connecting', detail: '' };
  const ingress = createIngress({
    stream: stream.id,
    capacity: 1,
    overflow: 'dropOldest',
    slowSignals: createSlowSignals(),
    framePeriodUs: stream.framePeriodUs,
    latestUs: () => Date.now() * 1000 + DAY_US,
    resumeAfter: null,
    isRecorded: stream.config.source?.use === 'recording',
    wake() {
      ingress.drainOne();
      const { processedCount } = ingress.account();
      if (processedCount === 1) timers.push(setTimeout(() => abort.abort(), ENOUGH_MS));
      if (processedCount >= ENOUGH_FRAMES) abort.abort();
    },
    fail: () => undefined,
    report: ({ state, detail }) => void Object.assign(link, { state, detail }),
  });
  try {
    const adapter = createAdapter(stream, {
      stream: stream.id,
      noise: stream.noise ?? undefined,
      framePeriodUs: stream.framePeriodUs,
      resolvePath: (path) => resolve(directory, path),
      resumeAfter: null,
    });
    await adapter.run(ingress, abort.signal);
  } catch (error) {
    return { verdict: 'BAD', sentence: explainError(error) };
  } finally {
    timers.forEach(clearTimeout);
  }
  const account = ingress.account();
  const last = ingress.rejected().at(-1);
  if (account.processedCount > 0) {
    const unusual = [...droppedWords(account), ...unusualWords(account)];
    if (unusual.length === 0) return { verdict: 'ok', sentence: 'frames arrive' };
    const because = last === undefined ? '' : ` (${last.detail})`;
    return { verdict: 'note', sentence: `frames arrive; of ${account.receivedCount}: ${unusual.join(', ')}${because}` };
  }
  if (last !== undefined)
    return { verdict: 'BAD', sentence: `what arrives cannot be used (${last.reason}: ${last.detail})` };
  if (link.state === 'ok')
    return { verdict: 'note', sentence: `connected, but no frame within ${patienceMs / 1000} s` };
  return {
    verdict: 'BAD',
    sentence: link.detail === '' ? `not reached within ${patienceMs / 1000} s` : link.detail,
  };
}
