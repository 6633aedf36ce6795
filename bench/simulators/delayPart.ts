import { createSimulator } from '../../simulators/createSimulator.ts';
import { changeDetectors, loadExample, type Example } from './examples.ts';
import { eventCourse, oracleDelay, sinceBegun } from './eventOracle.ts';
import { INSTRUMENTS } from './instruments.ts';
import type { SimulatorBenchOptions } from './options.ts';
import { watch } from './watch.ts';

const SCENARIOS = ['event-fast', 'event-slow', 'event-in-drift'] as const;
const EVENT_AT_FRAME = 300;
/** Frames after the onset in which an event is found, or missed. */
const PATIENCE = 400;
const RUNS = 8;
const FULL_RUNS = 40;

/** How soon an example pipeline alarms after an event. */
export interface DelayRow {
  readonly instrument: string;
  readonly scenario: string;
  readonly runs: number;
  readonly found: number;
  readonly missed: number;
  /** Alarms before the event had begun at all. */
  readonly early: number;
  /** Frames from the first with more than 1 % of the change, that one included; at least 1. Over the events found. */
  readonly meanDelay: number | null;
  readonly medianDelay: number | null;
  readonly oracleDelay: number | null;
  readonly ratio: number | null;
  /** The same from the very onset: an oracle may be done with a slow event before 1 % of it has happened. */
  readonly fromOnset: {
    readonly meanDelay: number | null;
    readonly oracleDelay: number | null;
    readonly ratio: number | null;
  };
}

function measure(example: Example, scenario: string, runs: number, seed: number): DelayRow {
  const name = `${example.instrument}:${scenario}`;
  const instrument = INSTRUMENTS.find((each) => each.name === example.instrument)!;
  const channels = createSimulator(name).layout.size;
  const course = eventCourse(instrument, scenario, { channels, eventAtFrame: EVENT_AT_FRAME, frames: PATIENCE });
  const delays: number[] = [];
  let early = 0;
  for (let run = 0; run < runs; run++) {
    const frames = EVENT_AT_FRAME + PATIENCE;
    const { alarm } = watch(example, { scenario, seed: seed + run, frames, eventAtFrame: EVENT_AT_FRAME });
    if (alarm === null) continue;
    if (alarm.seq < EVENT_AT_FRAME) early++;
    else delays.push(alarm.seq - EVENT_AT_FRAME + 1);
  }
  const begun = delays.map((delay) => sinceBegun(course, delay)).sort((a, b) => a - b);
  const runLength = Math.min(...changeDetectors(example).map((each) => each.runLength));
  const oracle = oracleDelay(course, runLength);
  return {
    instrument: example.instrument,
    scenario,
    runs,
    found: delays.length,
    missed: runs - delays.length - early,
    early,
    ...against(begun, oracle === null ? null : sinceBegun(course, oracle)),
    medianDelay: begun[begun.length >> 1] ?? null,
    fromOnset: against(delays, oracle),
  };
}

function against(delays: readonly number[], oracle: number | null) {
  const meanDelay = delays.length === 0 ? null : delays.reduce((a, b) => a + b, 0) / delays.length;
  return { meanDelay, oracleDelay: oracle, ratio: meanDelay === null || oracle === null ? null : meanDelay / oracle };
}

/** How soon the example pipelines find the events, against an oracle that knows what will happen. */
export function delayPart(
  { instruments, isFull, seed }: SimulatorBenchOptions,
  say: (line: string) => void,
): { delays: readonly DelayRow[] } {
  const runs = isFull ? FULL_RUNS : RUNS;
  say(`\ndelay of the first alert, frames from the first with more than 1 % of the change; at the stated rate`);
  say(`  the oracle knows all spectra and the course of the event, and needs ln(frames between false alarms) nats`);
  say(
    '  instrument               scenario         found  missed  early    mean  median  oracle   ratio   from the onset: mean  oracle  ratio',
  );
  const delays = instruments.flatMap((name) => {
    const example = loadExample(name);
    return SCENARIOS.map((scenario) => {
      const row = measure(example, scenario, runs, seed);
      say(line(row));
      return row;
    });
  });
  return { delays };
}

function line(row: DelayRow): string {
  return [
    `  ${row.instrument.padEnd(24)}`,
    row.scenario.padEnd(15),
    String(row.found).padStart(6),
    String(row.missed).padStart(7),
    String(row.early).padStart(6),
    shown(row.meanDelay, 1).padStart(7),
    shown(row.medianDelay, 0).padStart(7),
    shown(row.oracleDelay, 0).padStart(7),
    shown(row.ratio, 2).padStart(7),
    shown(row.fromOnset.meanDelay, 1).padStart(22),
    shown(row.fromOnset.oracleDelay, 0).padStart(7),
    shown(row.fromOnset.ratio, 2).padStart(6),
  ].join(' ');
}

const shown = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));
