import { setImmediate as turn } from 'node:timers/promises';
import { isRecordedSignal, type RecordingFault } from '../../recording/item.ts';
import type { Recording } from '../../recording/reader.ts';
import type { TimeWindow } from '../recordedFeed.ts';
import type { ExportTarget } from './target.ts';

export interface ExportOptions {
  readonly window: TimeWindow;
  /** Only this stream; null for all. */
  readonly stream: string | null;
  readonly interrupted: AbortSignal;
  onFault(fault: RecordingFault): void;
  /** Told from time to time. */
  progress(frameCount: number): void;
}

const FRAMES_PER_TURN = 1000;

/** Sends a part of a recording to a target, each item once and in order; memory does not grow with it. @returns the number of frames */
export async function exportRecording(
  recording: Recording,
  target: ExportTarget,
  { window, stream, interrupted, onFault, progress }: ExportOptions,
): Promise<number> {
  const { fromUs, toUs } = window;
  const start = Number.isFinite(fromUs) ? { timeUs: fromUs } : undefined;
  const isInside = (timeUs: number): boolean => timeUs >= fromUs && timeUs < toUs;
  const open = new Set(Object.keys(recording.extent()));
  let frameCount = 0;
  for (const item of recording.items(start, onFault, { once: true })) {
    if (item.type === 'header' || item.type === 'checkpoint') continue;
    const isWanted = stream === null || !('stream' in item) || item.stream === undefined || item.stream === stream;
    if (item.type === 'frame') {
      if (item.timeUs >= toUs) open.delete(item.stream);
      if (open.size === 0 || interrupted.aborted) break;
      if (!isWanted || !isInside(item.timeUs)) continue;
      target.frame(item);
      if (++frameCount % FRAMES_PER_TURN !== 0) continue;
      progress(frameCount);
      await turn();
    } else if (!isWanted) continue;
    else if (isRecordedSignal(item)) {
      if (isInside(item.timeUs)) target.signal(item);
    } else if (item.type !== 'slow' || isInside(item.timeUs)) target.note(item);
  }
  return frameCount;
}
