import type { FrameOutlet } from '../model/adapter.ts';
import { cloneFrame, type Frame } from '../model/frame.ts';
import type { SlowSample } from '../model/signal.ts';

/** An outlet in front of another that must be told when no more will come. */
export interface PacedOutlet extends FrameOutlet {
  /** Resolves when the frame it still holds has been handed on. */
  finish(): Promise<void>;
}

/**
 * Hands frames on at the pace of their own time stamps, `speed` times as fast as they were taken.
 * It holds one frame: a source that waits for room is slowed down, one that does not is not.
 *
 * @param speed - 1 is real time; positive and finite.
 */
export function createPacedOutlet(outlet: FrameOutlet, speed: number, signal: AbortSignal): PacedOutlet {
  let origin: { atMs: number; timeUs: number } | null = null;
  let held: { frame: Frame; delivered: Promise<void>; deliver: () => void } | null = null;

  const hold = (frame: Frame): void => {
    held?.deliver();
    origin ??= { atMs: performance.now(), timeUs: frame.timeUs };
    const dueMs = origin.atMs + (frame.timeUs - origin.timeUs) / 1000 / speed;
    const copy = cloneFrame(frame);
    let settle = (): void => undefined;
    const delivered = new Promise<void>((resolve) => (settle = resolve));
    const deliver = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', deliver);
      if (held?.frame === copy) held = null;
      outlet.next(copy);
      settle();
    };
    const timer = setTimeout(deliver, Math.max(0, dueMs - performance.now()));
    signal.addEventListener('abort', deliver);
    held = { frame: copy, delivered, deliver };
  };

  return {
    next(item: Frame | SlowSample) {
      if (item.type === 'slow') outlet.next(item);
      else hold(item);
    },
    reject: (rejection) => outlet.reject(rejection),
    report: (health) => outlet.report(health),
    room: () => (held === null ? outlet.room() : held.delivered.then(() => outlet.room() ?? undefined)),
    finish: () => held?.delivered ?? Promise.resolve(),
  };
}
