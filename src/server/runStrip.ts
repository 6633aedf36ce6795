import type { RunMessage } from './protocol.ts';

const BINS = 512;

/** The whole run in at most 512 bins; when it outgrows them, neighbours are merged by their maximum. */
export interface RunStrip {
  push(timeUs: number, highest: number): void;
  message(): RunMessage;
  clear(): void;
}

export function createRunStrip(): RunStrip {
  const values = new Float64Array(BINS).fill(Number.NaN);
  let startUs = Number.NaN;
  let binUs = 250_000;
  let used = 0;
  let isWidened = false;

  function halve(): void {
    for (let k = 0; k < BINS / 2; k++) values[k] = larger(values[2 * k]!, values[2 * k + 1]!);
    values.fill(Number.NaN, BINS / 2);
    binUs *= 2;
  }
  return {
    push(timeUs, highest) {
      if (!(startUs <= timeUs)) {
        // The first frame, or a source whose clock ran back: begin anew.
        this.clear();
        startUs = timeUs;
      }
      // A slow detector gets bins as wide as its frames are apart, so that the strip has no holes.
      if (!isWidened) binUs = Math.max(binUs, timeUs - startUs);
      isWidened = timeUs > startUs;
      while (timeUs - startUs >= BINS * binUs) halve();
      const bin = Math.floor((timeUs - startUs) / binUs);
      values[bin] = larger(values[bin]!, highest);
      used = bin + 1;
    },
    message: () => ({
      type: 'run',
      startUs: startUs === startUs ? startUs : 0,
      binUs,
      values: Array.from(values.subarray(0, used), (v) => (v === v ? Math.round(v * 100) / 100 : null)),
    }),
    clear() {
      values.fill(Number.NaN);
      startUs = Number.NaN;
      binUs = 250_000;
      used = 0;
      isWidened = false;
    },
  };
}

function larger(a: number, b: number): number {
  return a >= b || b !== b ? a : b;
}
