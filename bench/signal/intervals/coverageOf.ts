import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { makeFrame, type Frame } from '../../../src/model/frame.ts';
import { spectrumLayout, type Layout, type Noise } from '../../../src/model/layout.ts';
import type { Signal } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';

/** A number and what it says of its error, one standard deviation. */
export interface Stated {
  readonly value: number;
  readonly standardError: number;
}

/** One number of one method, on spectra of which the truth is known. */
export interface CoverageCase {
  readonly layout: Layout;
  /** [n] mean counts of every spectrum. */
  readonly means: Float64Array;
  /** Numbers per count, of spectra that are not counts. @default 1 */
  readonly gain?: number;
  /** A new chain of stages, one behind the other. */
  readonly chain: () => readonly Stage[];
  /** Frames with the mean and hardly any noise before the first: what a reference is learned from. @default 0 */
  readonly learn?: number;
  /** What is to cover the truth, of one spectrum; undefined when the method says that it has no such error. */
  readonly read: (signals: readonly Signal[]) => Stated | undefined;
  /** Left out, the mean of all: of a method whose bias is not at issue. */
  readonly truth?: number;
  /** Slow signals of spectrum `seq`. */
  readonly context?: (random: Uint32Array) => Readonly<Record<string, number>>;
}

export interface Coverage {
  /** Part of the 95 % intervals that hold the truth; null: the method says that it has no error. */
  readonly covered: number | null;
  /** Scatter over the stated error. */
  readonly scatter: number | null;
  /** Mean off the truth, in stated errors. */
  readonly bias: number | null;
  /** Spectra of which the method gave a number with its error. */
  readonly spectra: number;
}

/** Exposure per frame, microseconds. */
const EXPOSURE_US = 100_000;

/** `n` channels of `width` from `start` on. */
export const axisOf = (start: number, width: number, n: number, noise: Noise = 'poisson', unit = 'eV'): Layout =>
  spectrumLayout(
    { name: 'energy', unit, coordinates: Float64Array.from({ length: n }, (_, i) => start + i * width) },
    { quantity: noise === 'poisson' ? 'counts' : 'intensity', unit: '1', noise },
  );

/** How often the interval holds the truth, over spectra with Poisson noise. */
export function coverageOf(each: CoverageCase, spectra: number, seed: number): Coverage {
  const { layout, means, gain = 1, learn = 0, truth, read, context } = each;
  const random = seedXoshiro128(seed, 0);
  const chain = each.chain();
  const found: Stated[] = [];
  for (let seq = 0; seq < learn + spectra; seq++) {
    const counts = seq < learn ? means.slice() : fillPoisson(random, means, new Float64Array(means.length));
    const frame = makeFrame({
      stream: 'bench',
      seq,
      timeUs: seq * EXPOSURE_US,
      exposureUs: EXPOSURE_US,
      layout,
      values: counts.map((count) => gain * count),
      variances: layout.noise === 'poisson' ? undefined : counts.map((count) => gain * gain * Math.max(count, 1)),
      ...(context !== undefined && { context: context(random) }),
    });
    const stated = read(through(chain, frame));
    if (stated !== undefined && seq >= learn) found.push(stated);
  }
  const n = found.length;
  if (n === 0) return { covered: null, scatter: null, bias: null, spectra: 0 };
  const mean = found.reduce((sum, { value }) => sum + value, 0) / n;
  const centre = truth ?? mean;
  const squares = found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (n - 1);
  const stated = found.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / n;
  const held = found.filter(({ value, standardError }) => Math.abs(value - centre) < 1.96 * standardError);
  return {
    covered: held.length / n,
    scatter: Math.sqrt(squares / stated),
    bias: (mean - centre) / Math.sqrt(stated),
    spectra: n,
  };
}

/** What a chain of stages gives of one frame: the readings of all, and the frame of the last. */
function through(chain: readonly Stage[], frame: Frame): Signal[] {
  const signals: Signal[] = [];
  const give = (signal: Signal, k: number): void => {
    const stage = chain[k];
    if (stage === undefined || !stage.inputs.includes(signal.type)) signals.push(signal);
    else stage.process(signal, (made) => give(made, k + 1));
  };
  give(frame, 0);
  return signals;
}

/** The reading of that name, where it is valid and says its error. */
export const reading =
  (name: string) =>
  (signals: readonly Signal[]): Stated | undefined => {
    for (const signal of signals)
      if (signal.type === 'reading' && signal.name === name && signal.quality === 'valid') {
        const { value, standardError } = signal;
        return standardError === undefined ? undefined : { value, standardError };
      }
    return undefined;
  };
