/** How long to run before and while measuring. */
export interface RateOptions {
  readonly warmMs: number;
  readonly blockMs: number;
  readonly blocks: number;
}

/** Spectra per second of the best block: on a busy machine the others tell of their neighbours. */
export function rate(
  data: readonly Float64Array[],
  work: (spectrum: Float64Array) => void,
  { warmMs, blockMs, blocks }: RateOptions,
): { spectraPerSecond: number } {
  const run = (leastMs: number): number => {
    const startMs = performance.now();
    let count = 0;
    let spentMs = 0;
    do {
      for (const spectrum of data) work(spectrum);
      count += data.length;
      spentMs = performance.now() - startMs;
    } while (spentMs < leastMs);
    return (1000 * count) / spentMs;
  };
  run(warmMs);
  let best = 0;
  for (let block = 0; block < blocks; block++) best = Math.max(best, run(blockMs));
  return { spectraPerSecond: Math.round(best) };
}
