/** Resolves when the signal aborts; rejects when `lost` is called first. The link is closed by `close`, once, in either case. */
export function untilAborted(
  signal: AbortSignal,
  begin: (lost: (cause: Error) => void) => void,
  close: () => void,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let isSettled = false;
    const settle = (finish: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      signal.removeEventListener('abort', stop);
      close();
      finish();
    };
    const stop = (): void => settle(resolve);
    signal.addEventListener('abort', stop, { once: true });
    begin((cause) => settle(() => reject(cause)));
    if (signal.aborted) stop();
  });
}
