import type { FrameOutlet } from '../src/model/adapter.ts';

/** Waits until the outlet takes more; false when the run was aborted instead. For sources that pull. */
export async function hasRoom(outlet: FrameOutlet, signal: AbortSignal): Promise<boolean> {
  const room = outlet.room();
  if (room !== null && !signal.aborted) {
    const { promise, resolve } = aborted(signal);
    await Promise.race([room, promise]);
    signal.removeEventListener('abort', resolve);
  }
  return !signal.aborted;
}

function aborted(signal: AbortSignal): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  signal.addEventListener('abort', resolve, { once: true });
  return { promise, resolve };
}
