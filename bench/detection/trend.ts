import { nextNormal } from '../../src/kernel/random/normal.ts';
import { seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { Detection, Reading } from '../../src/model/signal.ts';
import trend from '../../src/stages/change/trend.ts';

const PERIOD_US = 60e6;
const START_US = 1.7e15;
const CHANNELS = 48;
const coordinates = Float64Array.from({ length: CHANNELS }, (_, i) => i);
const layout = spectrumLayout(
  { name: 'energy', unit: 'eV', coordinates },
  { quantity: 'absorbance', unit: '1', noise: 'gaussian' },
);
const variances = new Float64Array(CHANNELS).fill(1);

/** A peak that grows while another one shrinks, as an edge that moves; of unit length. */
const evolution = Float64Array.from(coordinates, (x) => bump(x, 28) - bump(x, 20));
const length = Math.sqrt(evolution.reduce((sum, value) => sum + value * value, 0));

/** A cell that charges and discharges: its evolution in standard deviations of one frame, and when it turns. */
export interface Cycle {
  readonly timesUs: readonly number[];
  readonly course: readonly number[];
  readonly turnsUs: readonly number[];
}

/**
 * @param speed - standard deviations per frame period, on average; it rises and falls by 40 % on the way.
 * @param turns - frames at which it turns, not whole ones.
 */
export function cycle(speed: number, turns: readonly number[], frames: number, random: RandomState): Cycle {
  const times = Array.from({ length: frames }, (_, k) => k + 0.1 * Math.tanh(nextNormal(random)) + (k > 45 ? 1.5 : 0));
  const phase = 3 * nextNormal(random);
  const at = (time: number): number => speed * (time - (0.4 * Math.cos(phase + 0.2 * time)) / 0.2);
  const course = times.map((time) => {
    let [sum, from, sign] = [0, 0, 1];
    for (const turn of [...turns, Infinity]) {
      const to = Math.min(time, turn);
      sum += sign * (at(to) - at(from));
      if (time <= turn) break;
      [from, sign] = [turn, -sign];
    }
    return sum;
  });
  const us = (time: number): number => START_US + Math.round(time * PERIOD_US);
  return { timesUs: times.map(us), course, turnsUs: turns.map(us) };
}

/** Frames of a cycle, their gain wandering by 2 %. */
export function framesOf({ timesUs, course }: Pick<Cycle, 'timesUs' | 'course'>, random: RandomState): Frame[] {
  return timesUs.map((timeUs, seq) => {
    const gain = 1 + 0.02 * Math.sin(seq / 7);
    const values = Float64Array.from(
      coordinates,
      (_, i) => gain * (100 + (course[seq] ?? 0) * ((evolution[i] ?? 0) / length)) + nextNormal(random),
    );
    return makeFrame({ stream: 's', seq, timeUs, exposureUs: PERIOD_US / 10, layout, values, variances });
  });
}

/** The same as readings. */
export function readingsOf({ timesUs, course }: Pick<Cycle, 'timesUs' | 'course'>, random: RandomState): Reading[] {
  return timesUs.map((timeUs, seq) => ({
    type: 'reading',
    stream: 's',
    seq,
    timeUs,
    stage: 'edge',
    name: 'edge',
    value: (course[seq] ?? 0) + nextNormal(random),
    unit: 'eV',
    quality: 'valid',
  }));
}

/** First detections of the turning points found: those that follow a frame without one. */
export function turnsFound(
  signals: readonly (Frame | Reading)[],
  settings: Parameters<typeof trend.create>[1],
): Detection[] {
  const stage = trend.create('trend', settings, { framePeriodUs: PERIOD_US });
  const found: Detection[] = [];
  let last = -10;
  for (const signal of signals)
    stage.process(signal, (said) => {
      if (said.type !== 'detection') return;
      if (said.seq > last + 3) found.push(said);
      last = said.seq;
    });
  return found;
}

/** How well turning points are found: run lengths, delays in frames, coverage of the intervals. */
export interface TrendReport {
  readonly arl: readonly ArlRow[];
  readonly delay: readonly DelayRow[];
  /** Share of the intervals that hold the turning point, at the first detection; 0.95 is meant. */
  readonly coverage: number;
}
interface ArlRow {
  readonly data: string;
  readonly nominal: number;
  readonly measured: number;
  readonly alarms: number;
}
interface DelayRow {
  readonly data: string;
  /** Standard deviations per frame. */
  readonly speed: number;
  readonly found: number;
  readonly median: number;
  readonly ninetieth: number;
  readonly falseTurns: number;
  readonly coverage: number;
}

const NOMINAL = 200;
const FRAMES = 100;
const TURNS = [40.3, 71.6] as const;

/** Delays of first detections over simulated cycles with two turning points. */
export function delays(data: 'spectrum' | 'reading', speed: number, runs: number, seed: number): DelayRow {
  const lags: number[] = [];
  let [held, falseTurns] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const random = seedXoshiro128(seed, run);
    const made = cycle(speed, TURNS, FRAMES, random);
    const signals = data === 'spectrum' ? framesOf(made, random) : readingsOf(made, random);
    const found = turnsFound(signals, data === 'spectrum' ? {} : { reading: 'edge' });
    for (const { timeUs, onsetIntervalUs: [from, to] = [0, 0] } of found) {
      const turn = made.turnsUs.findLast((each) => each <= timeUs && timeUs - each < 30 * PERIOD_US);
      if (turn === undefined) falseTurns++;
      else {
        lags.push((timeUs - turn) / PERIOD_US);
        if (from <= turn && turn <= to) held++;
      }
    }
  }
  lags.sort((a, b) => a - b);
  const at = (share: number): number => lags[Math.floor(share * lags.length)] ?? NaN;
  const found = lags.length / (runs * TURNS.length);
  return { data, speed, found, median: at(0.5), ninetieth: at(0.9), falseTurns, coverage: held / lags.length };
}

/** Mean frames between false turning points. @param speed - of the steady evolution; 0 for noise alone. */
export function runLength(data: 'spectrum' | 'reading', speed: number, frames: number, seed: number): ArlRow {
  const random = seedXoshiro128(seed, 1);
  const timesUs = Array.from({ length: frames }, (_, k) => START_US + k * PERIOD_US);
  const made = { timesUs, course: timesUs.map((_, k) => speed * k) };
  const signals = data === 'spectrum' ? framesOf(made, random) : readingsOf(made, random);
  const falseAlarms = { onePer: { frames: NOMINAL } };
  const settings = data === 'spectrum' ? { falseAlarms } : { reading: 'edge', falseAlarms };
  const alarms = turnsFound(signals, settings).length;
  return {
    data: `${data}, ${speed === 0 ? 'noise alone' : `steady, ${speed} per frame`}`,
    nominal: NOMINAL,
    measured: alarms > 0 ? frames / alarms : Infinity,
    alarms,
  };
}

/** The report of the bench: under 20 s. */
export function trendReport(): Promise<TrendReport> {
  const delay = [
    delays('spectrum', 0.5, 40, 1),
    delays('spectrum', 2, 40, 2),
    delays('reading', 0.5, 200, 3),
    delays('reading', 2, 200, 4),
  ];
  const arl = [
    runLength('spectrum', 0, 10_000, 5),
    runLength('spectrum', 1, 5_000, 6),
    runLength('reading', 0, 100_000, 7),
    runLength('reading', 1, 20_000, 8),
  ];
  const coverage = delay.reduce((sum, row) => sum + row.coverage / delay.length, 0);
  return Promise.resolve({ arl, delay, coverage });
}

function bump(x: number, centre: number): number {
  return Math.exp(-0.5 * ((x - centre) / 3) ** 2);
}
