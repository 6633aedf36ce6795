/** Runs inside the page, before its own scripts: takes the time of every drawing, and from a move of the pointer to its end. */
export function installProbe(): void {
  const frames: number[] = [];
  const pointers: number[] = [];
  let movedMs: number | null = null;
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((timeMs) => {
      const startMs = performance.now();
      callback(timeMs);
      const endMs = performance.now();
      frames.push(endMs - startMs);
      if (movedMs !== null) pointers.push(endMs - movedMs);
      movedMs = null;
    });
  addEventListener('pointermove', (event) => (movedMs ??= event.timeStamp), { capture: true });
  const words = new Map<string, number>();
  addEventListener('DOMContentLoaded', () => {
    const word = document.querySelector('[data-testid="data-word"]');
    if (word === null) return;
    new MutationObserver(() => words.set(word.textContent, performance.timeOrigin + performance.now())).observe(word, {
      childList: true,
    });
  });
  Object.assign(window, {
    wordAt: (text: string) => words.get(text) ?? null,
    takeProbe: () => ({ frames: frames.splice(0), pointers: pointers.splice(0) }),
  });
}

export interface Probe {
  /** ms each. */
  readonly frames: number[];
  readonly pointers: number[];
}
