import { setImmediate } from 'node:timers/promises';
import type { Assets } from '../../config/load.ts';
import type { GraphPlan } from '../../config/plan.ts';
import { fillPoisson } from '../../kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../kernel/random/xoshiro128.ts';
import type { Baseline } from '../../model/baseline.ts';
import { MonitorError } from '../../model/error.ts';
import { makeFrame, type Frame } from '../../model/frame.ts';
import { spectrumLayout, type Layout } from '../../model/layout.ts';
import type { Signal } from '../../model/signal.ts';
import { detectorsOf } from './detectors.ts';
import { createTrackBook, type Track } from './tracks.ts';

/** Whose frames are drawn, and from what. */
export interface Origin {
  /** Stream or node that gives the drawn frames. */
  readonly id: string;
  readonly stream: string;
  readonly baseline: Baseline;
  readonly layout: Layout;
  readonly context: Frame['context'];
  readonly contextAgeUs: Frame['contextAgeUs'];
  /**
   * The detector holds the very baseline the frames are drawn from: the truth is then drawn anew for each run, as far
   * from the baseline as its counts leave it uncertain.
   */
  readonly isHeld: boolean;
}

export interface BootstrapOptions {
  readonly runs: number;
  /** Per run, its learning included. */
  readonly frames: number;
  readonly framePeriodUs: number;
  readonly interrupted: AbortSignal;
  progress(done: number): void;
}

const START_US = Date.UTC(2026, 0, 1) * 1000;
/** One seed, so that the same call gives the same thresholds. */
const SEED = 20_260;

/**
 * Parametric bootstrap: draws Poisson frames from baselines and runs them through the stages of a plan, each run from
 * the start, so that what the detectors learn differs from run to run as it does in life.
 *
 * @throws MonitorError when a baseline is not of counts.
 */
export async function bootstrap(
  plan: GraphPlan,
  assets: Assets,
  origins: readonly Origin[],
  options: BootstrapOptions,
): Promise<readonly Track[]> {
  for (const { id, baseline } of origins)
    if (baseline.noise !== 'poisson')
      throw new MonitorError('CONFIG', `only counts can be drawn, its noise is ${baseline.noise}: use a recording`, {
        id,
      });
  const book = createTrackBook(detectorsOf(plan));
  for (let run = 0; run < options.runs && !options.interrupted.aborted; run++) {
    const feed = createRunner(plan, assets, (signal, from) => book.hear(signal, from));
    const draws = origins.map((origin, k) => drawer(origin, seedXoshiro128(SEED + run, k)));
    for (let seq = 0; seq < options.frames; seq++)
      for (const { id, next } of draws) feed(id, next(seq, START_US + seq * options.framePeriodUs));
    book.endRun();
    options.progress(run + 1);
    await setImmediate();
  }
  return book.tracks();
}

/** The stages of a plan, freshly started, without streams and sinks: what is fed runs through all that takes from it. */
function createRunner(
  plan: GraphPlan,
  assets: Assets,
  hear: (signal: Signal, from: string) => void,
): (from: string, signal: Signal) => void {
  const nodes = plan.nodes.map(({ id, from, with: settings, definition, framePeriodUs }) => ({
    from,
    stage: definition.createChecked(id, settings, { assets: assets[id] ?? {}, framePeriodUs }),
  }));
  const give = (from: string, signal: Signal): void => {
    hear(signal, from);
    for (const node of nodes)
      if (node.from.includes(from) && node.stage.inputs.includes(signal.type))
        node.stage.process(signal, (made) => give(node.stage.id, made));
  };
  return give;
}

function drawer(origin: Origin, random: ReturnType<typeof seedXoshiro128>) {
  const { id, stream, baseline, layout, context, contextAgeUs } = origin;
  const truth = origin.isHeld ? fillPoisson(random, baseline.sum, new Float64Array(layout.size)) : baseline.sum;
  const means = truth.map((sum) => sum / baseline.frames);
  const exposureUs = Math.round(baseline.exposureUs / baseline.frames);
  const values = new Float64Array(layout.size);
  return {
    id,
    next: (seq: number, timeUs: number): Frame =>
      makeFrame({
        stream,
        seq,
        timeUs,
        exposureUs,
        layout,
        values: fillPoisson(random, means, values),
        context,
        contextAgeUs,
      }),
  };
}

/** A layout over the channels of a baseline file. */
export const layoutOfBaseline = ({ axis, noise }: Baseline): Layout =>
  spectrumLayout(
    { name: 'axis', unit: axis.unit, coordinates: axis.centres },
    { quantity: 'counts', unit: '1', noise },
  );
