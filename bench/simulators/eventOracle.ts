import type { Circumstances, Instrument, Sample } from '../../simulators/instruments/instrument.ts';
import { chemicalProgress } from '../../simulators/parts/progress.ts';

/** What is to be known of an event before it can be told from none. */
export interface EventCourse {
  /** [frames after the onset] progress of the event, 0 to 1. */
  readonly progress: readonly number[];
  /** [frames after the onset] Kullback-Leibler divergence of the frame from one without the event, nats. */
  readonly information: readonly number[];
}

/**
 * The course of the event of a scenario, by the forward model: without noise, and without drift, which an oracle would know.
 * @param frames - after the onset.
 */
export function eventCourse(
  instrument: Instrument,
  scenario: string,
  { channels, eventAtFrame, frames }: { channels: number; eventAtFrame: number; frames: number },
): EventCourse {
  const { start, event } = instrument.scenarios[scenario] ?? {};
  if (event === undefined) throw new Error(`${instrument.name}:${scenario} has no event`);
  const create = (): Sample => instrument.createSample(channels, start ?? {});
  const [quiet, changing] = [create(), create()];
  const divergence = createDivergence(instrument, channels);
  const progress: number[] = [];
  const information: number[] = [];
  for (let seq = 0; seq < eventAtFrame + frames; seq++) {
    const asked = chemicalProgress(event, seq - eventAtFrame);
    const without = circumstancesOf(instrument, seq, 0);
    const within = circumstancesOf(instrument, seq, asked);
    quiet.advance(without);
    const reached = changing.advance(within);
    if (seq < eventAtFrame) continue;
    progress.push(reached);
    information.push(divergence(quiet, without, changing, within));
  }
  return { progress, information };
}

/** An undisturbed exposure. */
function circumstancesOf({ nominalPeriodS, dose, drifts }: Instrument, seq: number, change: number): Circumstances {
  const timeS = (seq + 0.5) * nominalPeriodS;
  return {
    timeS,
    periodS: nominalPeriodS,
    liveS: nominalPeriodS,
    openFraction: 1,
    beam: 1,
    timeLapse: 1,
    change,
    dose: dose.perSecond * timeS,
    isDamaging: false,
    drift: Object.fromEntries(Object.keys(drifts).map((quantity) => [quantity, 0])),
    axisShift: 0,
    x: 0,
    y: 0,
    area: [0, 0],
  };
}

function createDivergence({ electronicNoise }: Instrument, channels: number) {
  const before = new Float64Array(channels);
  const after = new Float64Array(channels);
  const incident = new Float64Array(channels);
  return (quiet: Sample, without: Circumstances, changing: Sample, within: Circumstances): number => {
    quiet.mean(without, before);
    changing.mean(within, after);
    if (electronicNoise === undefined || quiet.incident === undefined) return ofCounts(before, after);
    quiet.incident(without, incident);
    return ofAbsorbance(before, after, incident, electronicNoise);
  };
}

function ofCounts(before: Float64Array, after: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++) {
    const change = after[i]! - before[i]!;
    if (before[i]! > 0 && after[i]! > 0) sum += after[i]! * Math.log1p(change / before[i]!) - change;
  }
  return Math.max(sum, 0);
}

/** Of ln(I0 / I1): counting noise of both chambers and noise of their amplifiers, normal. */
function ofAbsorbance(before: Float64Array, after: Float64Array, incident: Float64Array, electronic: number): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++)
    sum +=
      Math.log(after[i]! / before[i]!) ** 2 / (2 * (1 / incident[i]! + 1 / before[i]! + 2 * electronic * electronic));
  return sum;
}

/** Progress from which an event counts as begun. */
export const BEGUN = 0.01;

/** Frames after the onset to the first in which the event counts as begun. */
export function framesToBegin({ progress }: EventCourse): number {
  return progress.findIndex((each) => each > BEGUN);
}

/**
 * Delay of an oracle that knows the spectra before and after and the course of the event: the frames from the onset, its first
 * included, until their cumulated information is ln(runLength).
 * @returns null when `course` ends before.
 * @see Lorden, Ann. Math. Statist. 42 (1971) 1897; Lai, IEEE Trans. Inf. Theory 44 (1998) 2917
 */
export function oracleDelay({ information }: EventCourse, runLength: number): number | null {
  let sum = 0;
  const frame = information.findIndex((each) => (sum += each) >= Math.log(runLength));
  return frame < 0 ? null : frame + 1;
}

/** A delay from the onset as one from the frame in which the event counts as begun, that one included; at least 1. */
export function sinceBegun(course: EventCourse, delay: number): number {
  return Math.max(1, delay - framesToBegin(course));
}
