import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { AdapterSetting, FrameOutlet } from '../../src/model/adapter.ts';
import { explainError, MonitorError } from '../../src/model/error.ts';
import { blankFrame } from '../../src/model/frame.ts';
import type { Frame } from '../../src/model/frame.ts';
import { createLayoutInterner } from '../../src/model/layout.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { hasRoom } from '../hasRoom.ts';
import { openStack } from './declaredStack.ts';
import { openHdf5 } from './openHdf5.ts';
import type { StackSettings } from './stackSettings.ts';

const BATCH_NUMBERS = 2 ** 18;
/** A dataset is made longer before it is filled: so long a new frame of nothing but zeros is not believed. */
const EMPTY_MS = 2000;

/** Frames that came, each with what was measured beside it. */
interface Batch {
  readonly frames: readonly { readonly frame: Frame; readonly slow: readonly SlowSample[] }[];
  readonly isLast: boolean;
}

/** Plays a file that is still written, and what comes, until it is stopped. What cannot be read now is tried again. */
export async function followStack(
  settings: StackSettings,
  setting: AdapterSetting,
  outlet: FrameOutlet,
  signal: AbortSignal,
): Promise<void> {
  if (settings.orderBy !== undefined)
    throw new MonitorError('ADAPTER', 'a file that is followed has no order but its own: leave out orderBy', {
      id: setting.stream,
    });
  const path = setting.resolvePath(settings.file);
  const next = createBatchReader(path, settings, setting);
  let told: string | null = null;
  const tell = (state: 'ok' | 'connecting' | 'down', detail: string): void => {
    if (told !== detail) outlet.report({ state, detail });
    told = detail;
  };
  while (!signal.aborted) {
    let isLast = true;
    try {
      if (!existsSync(path)) tell('connecting', `waiting for ${path}`);
      else {
        const batch = await next();
        tell('ok', '');
        for (const { frame, slow } of batch.frames) {
          for (const sample of slow) outlet.next(sample);
          outlet.next(frame);
          if (!(await hasRoom(outlet, signal))) return;
        }
        isLast = batch.isLast;
      }
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      tell('down', explainError(error));
    }
    if (isLast) await pause(settings.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Opens the file anew for every batch, without a pause until it is closed: two open at once share what they know. */
function createBatchReader(path: string, settings: StackSettings, setting: AdapterSetting): () => Promise<Batch> {
  const intern = createLayoutInterner();
  let seq = 1 + (setting.resumeAfter?.seq ?? -1);
  let emptySince: number | null = null;
  const isEmptyYet = ({ values }: Frame): boolean => {
    if (values.some((value) => value !== 0)) emptySince = null;
    else emptySince ??= performance.now();
    return emptySince !== null && performance.now() - emptySince < EMPTY_MS;
  };
  return async () => {
    const file = await openHdf5(path, setting.stream, settings.sourceNote, 'live');
    try {
      const stack = openStack(file, settings, setting, true);
      if (stack.count < seq)
        throw new MonitorError('ADAPTER', `${path} has ${stack.count} frames, ${seq} were played already`, {
          id: setting.stream,
          path,
        });
      const layout = intern(stack.layout);
      const end = Math.min(stack.count, seq + Math.max(1, Math.floor(BATCH_NUMBERS / layout.size)));
      const frames: { frame: Frame; slow: SlowSample[] }[] = [];
      for (; seq < end; seq++) {
        const frame = blankFrame(layout, false);
        frame.stream = setting.stream;
        stack.fill(frame, seq);
        if (isEmptyYet(frame)) return { frames, isLast: true };
        frame.variances = frame.variances?.slice();
        const slow: SlowSample[] = [];
        stack.slow(frame, (sample) => slow.push(sample));
        frames.push({ frame, slow });
      }
      return { frames, isLast: seq === stack.count };
    } finally {
      file.close();
    }
  };
}
