import response from '../../src/stages/dose/response.ts';
import { serialiseBaseline } from '../../src/model/baseline.ts';
import { DAMAGE, DOSE } from '../../src/model/doseReading.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout } from '../../src/model/layout.ts';
import { makeReading } from '../../src/model/makeReading.ts';
import type { DoseFile, DoseStream } from './doseStream.ts';

/** Median and spread of the dose at tolerance that a monitor may know, in ordinary frames. */
const PRIOR_FRAMES = 42;
const PRIOR_SPREAD = 0.7;
const PERIOD_US = 100_000;

/** How the stage is to be used. */
export interface ResponseUse {
  readonly kinetics?: 'unknown' | 'exponential';
  readonly rule?: 'predictive' | 'guaranteed';
  /** For the guaranteed rule, in ordinary frames. */
  readonly lowestFrames?: number;
}

/** What the stage said of a stream. */
export interface StreamRun {
  /** Frames taken before the rule stopped, one per alpha. */
  readonly stops: number[];
  /** [frames + 1] by the number of frames taken; NaN where nothing was said. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly reachLow: Float64Array;
  readonly reachHigh: Float64Array;
  readonly characteristicLow: Float64Array;
  readonly characteristicHigh: Float64Array;
  readonly frames: number;
}

/** A way to put streams of one file through the stage: its layout, settings and references, made once. */
export function createRunner(file: DoseFile, alphas: readonly number[], use: ResponseUse = {}) {
  const isIndicator = file.mode === 'indicator';
  const size = isIndicator ? 2 : file.intact!.length;
  const layout = layoutOf(size);
  const settings = {
    tolerance: file.tolerance,
    alpha: Math.max(...alphas),
    prior: { dose: PRIOR_FRAMES * file.nominal_dose_per_frame, spread: PRIOR_SPREAD },
    kinetics: use.kinetics ?? 'unknown',
    rule: use.rule ?? 'predictive',
    ...(use.lowestFrames === undefined ? {} : { lowestDose: use.lowestFrames * file.nominal_dose_per_frame }),
    ...(isIndicator
      ? {
          windows: {
            a: { from: -0.25, to: 0.25 },
            b: { from: 0.75, to: 1.25 },
            intactShare: file.p_intact!,
            damagedShare: file.p_damaged!,
          },
        }
      : { intact: 'intact', damaged: 'damaged' }),
  };
  const assets: Record<string, Uint8Array> = isIndicator
    ? {}
    : { intact: referenceFile(layout, file.intact!), damaged: referenceFile(layout, file.damaged!) };
  return (stream: DoseStream): StreamRun =>
    runStream(response.create('damage', settings, { assets, framePeriodUs: PERIOD_US }), layout, stream, file, alphas);
}

function runStream(
  stage: ReturnType<typeof response.create>,
  layout: Layout,
  stream: DoseStream,
  file: DoseFile,
  alphas: readonly number[],
): StreamRun {
  const doses = stream.dose_per_frame;
  const total = doses.length;
  const said = (): Float64Array => new Float64Array(total + 1).fill(NaN);
  const run = {
    low: said(),
    high: said(),
    reachLow: said(),
    reachHigh: said(),
    characteristicLow: said(),
    characteristicHigh: said(),
  };
  const stops = alphas.map(() => -1);
  const values = new Float64Array(layout.size);
  let spent = 0;
  let taken = 0;
  const hear = (signal: { readonly type: string; readonly name?: string; readonly value?: number }): void => {
    if (signal.type !== 'reading') return;
    const value = signal.value!;
    if (signal.name === DAMAGE.low) run.low[taken] = value;
    else if (signal.name === DAMAGE.high) run.high[taken] = value;
    else if (signal.name === DAMAGE.reachLow) run.reachLow[taken] = value;
    else if (signal.name === DAMAGE.reachHigh) run.reachHigh[taken] = value;
    else if (signal.name === DAMAGE.characteristicLow) run.characteristicLow[taken] = value;
    else if (signal.name === DAMAGE.characteristicHigh) run.characteristicHigh[taken] = value;
    else if (signal.name === DAMAGE.overNext)
      alphas.forEach((alpha, k) => {
        if (stops[k]! < 0 && value > alpha) stops[k] = taken;
      });
  };
  for (let t = -1; t < total; t++) {
    const header = { stream: 's', seq: t + 1, timeUs: (t + 1) * PERIOD_US };
    const own = t < 0 ? 0 : doses[t]!;
    spent += own;
    taken = t + 1;
    const seen = t >= 0 && fill(values, stream, t);
    if (seen) stage.process(makeFrame({ ...header, exposureUs: PERIOD_US, layout, values }), hear);
    const say = (name: string, value: number): void =>
      stage.process(makeReading(header, 'dose', { name, value, unit: file.dose_unit, quality: 'valid' }), hear);
    say(DOSE.spent, spent);
    say(DOSE.ofFrame, seen ? own : 0);
    say(DOSE.next, doses[t + 1] ?? 0);
    // Once all the rules have stopped, the intervals are still scored, up to twice the tolerance.
    if (stops.every((stop) => stop >= 0) && t >= 0 && stream.truth.f_end[t]! > 2 * file.tolerance) break;
  }
  return { ...run, stops: stops.map((stop) => (stop < 0 ? total : stop)), frames: taken };
}

/** The counts of frame `t`; false when it was dropped. */
function fill(values: Float64Array, { n, k, counts }: DoseStream, t: number): boolean {
  if (counts !== undefined) {
    const row = counts[t];
    if (row === null || row === undefined) return false;
    values.set(row);
    return true;
  }
  const [total, a] = [n![t], k![t]];
  if (total === null || total === undefined || a === null || a === undefined) return false;
  values[0] = a;
  values[1] = total - a;
  return true;
}

function layoutOf(size: number): Layout {
  return spectrumLayout(
    { name: 'channel', unit: '1', coordinates: Float64Array.from({ length: size }, (_, i) => i) },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
}

/** A reference so bright that its noise is nothing. */
function referenceFile(layout: Layout, shape: readonly number[]): Uint8Array {
  const sum = Float64Array.from(shape, (value) => value * 1e12);
  return serialiseBaseline({
    axis: { unit: '1', centres: layout.axes[0]!.coordinates },
    noise: 'poisson',
    frames: 1,
    exposureUs: 1_000_000,
    sum,
    sumOfSquares: sum.map((value) => value * value),
    madeFrom: 'the format',
  });
}
