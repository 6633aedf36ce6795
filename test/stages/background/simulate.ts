import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, type Frame, type MutableFrame } from '../../../src/model/frame.ts';
import { spectrumLayout, type Layout, type Noise } from '../../../src/model/layout.ts';
import type { Reading, Signal } from '../../../src/model/signal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import { testFrame } from '../../support/frames.ts';

/** `n` channels of `width` from `start` on. */
export function energyLayout(start: number, width: number, n: number, unit = 'eV', noise: Noise = 'poisson'): Layout {
  return spectrumLayout(
    { name: 'energy', unit, coordinates: Float64Array.from({ length: n }, (_, i) => start + i * width) },
    { quantity: 'counts', unit: '1', noise },
  );
}

/** A mean spectrum as a function of the energy. */
export function meansOf(layout: Layout, mean: (energy: number) => number): Float64Array {
  return layout.axes[0]!.coordinates.map(mean);
}

export const gaussian = (x: number, centre: number, sigma: number): number =>
  Math.exp(-0.5 * ((x - centre) / sigma) ** 2);

export interface Seen {
  readonly frame: MutableFrame;
  readonly readings: Readonly<Record<string, Reading>>;
}

/** What a stage makes of one frame. */
export function seeFrame(stage: Stage, frame: Frame): Seen {
  let seen: MutableFrame | undefined;
  const readings: Record<string, Reading> = {};
  stage.process(frame, (signal: Signal) => {
    if (signal.type === 'frame') seen = cloneFrame(signal);
    else if (signal.type === 'reading') readings[signal.name] = signal;
  });
  return { frame: seen!, readings };
}

export interface Coverage {
  /** Part of the 95 % intervals of `net` that hold the truth. */
  readonly covered: number;
  /** Scatter of `net` over its stated error. */
  readonly ratio: number;
  /** Mean over channels of the variances seen over those stated, of the backgrounds. */
  readonly variances: number;
}

/** Runs two stages, one that subtracts and one that hands on the background, over spectra with Poisson noise. */
export function coverage(
  [subtracting, showing]: readonly [Stage, Stage],
  layout: Layout,
  means: Float64Array,
  { spectra, truth, seed }: { readonly spectra: number; readonly truth?: number; readonly seed: number },
): Coverage {
  const random = seedXoshiro128(seed, 0);
  const n = layout.size;
  const [sums, squares, stated] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const nets: number[] = [];
  const errors: number[] = [];
  for (let k = 0; k < spectra; k++) {
    const frame = testFrame(
      layout,
      k,
      means.map((mean) => nextPoisson(random, mean)),
    );
    const { net } = seeFrame(subtracting, frame).readings;
    nets.push(net!.value);
    errors.push(net!.standardError!);
    const { values, variances, mask } = seeFrame(showing, frame).frame;
    for (let i = 0; i < n; i++) {
      if (mask?.[i] === 1) continue;
      sums[i]! += values[i]!;
      squares[i]! += values[i]! ** 2;
      stated[i]! += variances![i]! / spectra;
    }
  }
  const mean = nets.reduce((sum, net) => sum + net, 0) / spectra;
  const scatter = nets.reduce((sum, net) => sum + (net - mean) ** 2, 0) / (spectra - 1);
  const error = errors.reduce((sum, value) => sum + value * value, 0) / spectra;
  const covered = nets.filter((net, k) => Math.abs(net - (truth ?? mean)) < 1.96 * errors[k]!).length / spectra;
  let [seen, said] = [0, 0];
  for (let i = 0; i < n; i++) {
    seen += (squares[i]! - sums[i]! ** 2 / spectra) / (spectra - 1);
    said += stated[i]!;
  }
  return { covered, ratio: Math.sqrt(scatter / error), variances: seen / said };
}
