import { channelCentres, fastAxis } from '../../model/layout.ts';
import type { Layout } from '../../model/layout.ts';
import type { FileFrame, FileSeries } from '../../model/reader.ts';
import { createClockWatch } from './clockWatch.ts';
import type { ClockSurvey } from './clockWatch.ts';
import { judgeNoise } from './noiseVerdict.ts';
import type { NoiseVerdict } from './noiseVerdict.ts';
import { createOddityWatch } from './oddityWatch.ts';
import { createRange } from './range.ts';
import type { Range } from './range.ts';
import { createScatterWatch } from './scatter.ts';
import type { Scatter } from './scatter.ts';

export interface AxisSurvey {
  readonly name: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  /** Between neighbouring channels. */
  readonly step: Range;
  readonly isUniform: boolean;
}

export interface SeriesSurvey {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Spectra that can be used, of those looked at. */
  readonly frameCount: number;
  readonly faultCount: number;
  /** There may be more: the rest was not looked at. */
  readonly isCut: boolean;
  /** Spectra the file says were measured; null when it does not say. */
  readonly statedCount: number | null;
  /** Of a map: rows, columns. */
  readonly shape: readonly number[] | null;
  readonly channels: number;
  /** Slowest first. */
  readonly axes: readonly AxisSurvey[];
  readonly quantity: string;
  readonly unit: string;
  /** What the reader says of the noise. */
  readonly statedNoise: Layout['noise'];
  readonly hasVariances: boolean;
  readonly values: Range & { readonly areIntegers: boolean; readonly zeroShare: number };
  readonly scatter: Scatter;
  readonly noise: NoiseVerdict;
  /** Seconds; null when the file does not say. */
  readonly exposure: Range | null;
  readonly clock: ClockSurvey;
  /** What stands beside each spectrum: positions, temperature. */
  readonly numbers: readonly (Range & { readonly name: string; readonly unit: string })[];
  readonly oddities: readonly string[];
}

/** Reads at most `mostFrames` spectra of a series, one in memory at a time, and sums them up. */
export async function surveySeries(series: FileSeries, mostFrames: number): Promise<SeriesSurvey> {
  const scatter = createScatterWatch();
  const clock = createClockWatch();
  const oddities = createOddityWatch();
  const values = createRange();
  const exposure = createRange();
  const numbers = new Map<string, { unit: string; range: ReturnType<typeof createRange> }>();
  const tally = { zeros: 0, channels: 0, areIntegers: true, hasVariances: false };
  let previous: Float64Array | null = null;
  let frameCount = 0;
  let faultCount = 0;
  let isCut = false;
  const take = (frame: FileFrame): void => {
    scatter.add(frame.values, previous);
    clock.add(frame);
    oddities.add(frame, frameCount, previous);
    for (const value of frame.values) {
      values.add(value);
      if (value === 0) tally.zeros++;
      if (!Number.isInteger(value)) tally.areIntegers &&= !Number.isFinite(value);
    }
    tally.channels += frame.values.length;
    tally.hasVariances ||= frame.variances !== undefined;
    if (frame.exposureUs !== null) exposure.add(frame.exposureUs / 1e6);
    for (const { name, unit, value } of frame.numbers) {
      const known = numbers.get(name) ?? { unit, range: createRange() };
      numbers.set(name, known);
      known.range.add(value);
    }
    if (previous?.length === frame.values.length) previous.set(frame.values);
    else previous = frame.values.slice();
  };
  for await (const item of series.frames(0)) {
    if (frameCount + faultCount === mostFrames) {
      isCut = true;
      break;
    }
    if ('fault' in item) {
      faultCount++;
      oddities.fault(item.fault);
      continue;
    }
    take(item);
    frameCount++;
  }
  const found = scatter.result();
  return {
    name: series.name,
    facts: series.facts,
    frameCount,
    faultCount,
    isCut,
    statedCount: series.frameCount,
    shape: series.shape,
    channels: series.layout.size,
    axes: series.layout.axes.map((axis) => surveyAxis({ ...series.layout, axes: [axis] })),
    quantity: series.layout.quantity,
    unit: series.layout.unit,
    statedNoise: series.layout.noise,
    hasVariances: tally.hasVariances,
    values: { ...values.get(), areIntegers: tally.areIntegers, zeroShare: tally.zeros / Math.max(1, tally.channels) },
    scatter: found,
    noise: judgeNoise(found, tally.hasVariances),
    exposure: exposure.isEmpty() ? null : exposure.get(),
    clock: clock.get(),
    numbers: [...numbers].map(([name, { unit, range }]) => ({ name, unit, ...range.get() })),
    oddities: [...oddities.get(), ...clock.oddities()],
  };
}

const UNIFORM_WITHIN = 0.01;

function surveyAxis(layout: Layout): AxisSurvey {
  const axis = fastAxis(layout);
  const centres = channelCentres(axis);
  const steps = createRange();
  for (let i = 1; i < centres.length; i++) steps.add(centres[i] - centres[i - 1]);
  const step = steps.get();
  const isUniform = step.most - step.least <= UNIFORM_WITHIN * step.most;
  return { name: axis.name, unit: axis.unit, from: centres[0], to: centres[centres.length - 1], step, isUniform };
}
