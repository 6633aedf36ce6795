import { countInterval } from '../../src/kernel/threshold/countInterval.ts';
import { changeDetectors, loadExample, type Example } from './examples.ts';
import type { SimulatorBenchOptions } from './options.ts';
import { watch } from './watch.ts';

/** Of one run: some hours of the experiment, as long as its drift is meant for. */
const RUN_FRAMES = 2000;
const RUNS = { stated: 4, denser: 3 };
const FULL_RUNS = { stated: 55, denser: 55 };
/** A stated rate is rarer than a bench can wait for: the same pipeline, its detectors of a change told once in so many frames. */
const DENSER_FRAMES = 2000;

/** How often an example pipeline alarmed without a reason. */
export interface FalseAlarmRow {
  readonly instrument: string;
  readonly scenario: string;
  /** Mean frames between false alarms that the detectors of the pipeline state, together. */
  readonly nominalFrames: number;
  /** As in the example, or denser. */
  readonly rate: 'stated' | 'denser';
  readonly runs: number;
  /** Watched until the first alarm of each run, learning left out. */
  readonly frames: number;
  readonly alarms: number;
  /** Per 100 000 frames: measured, its interval at 95 %, and nominal. */
  readonly perHundredThousand: number;
  readonly interval: readonly [low: number, high: number];
  readonly nominal: number;
  /** Whether the interval reaches down to the nominal rate. */
  readonly isKept: boolean;
  /** Alerts of the detector in frames in which nothing was wrong with it. */
  readonly faultAlarms: number;
}

const PER = 1e5;

function measure(example: Example, scenario: string, rate: FalseAlarmRow['rate'], runs: number, seed: number) {
  let [frames, alarms, faultAlarms] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const watched = watch(example, { scenario, seed: seed + run, frames: RUN_FRAMES });
    frames += watched.frames;
    faultAlarms += watched.faultAlarms;
    if (watched.alarm !== null) alarms++;
  }
  const nominalPerFrame = changeDetectors(example).reduce((sum, { runLength }) => sum + 1 / runLength, 0);
  const scale = PER / frames;
  const [low, high] = countInterval(alarms, 0.95);
  const nominal = PER * nominalPerFrame;
  const row: FalseAlarmRow = {
    instrument: example.instrument,
    scenario,
    nominalFrames: Math.round(1 / nominalPerFrame),
    rate,
    runs,
    frames,
    alarms,
    perHundredThousand: alarms * scale,
    interval: [low * scale, high * scale],
    nominal,
    isKept: low * scale <= nominal,
    faultAlarms,
  };
  return row;
}

/** How often the example pipelines alarm when nothing happens, at the rate they state and at one that can be counted. */
export function falseAlarmPart(
  { instruments, isFull, seed }: SimulatorBenchOptions,
  say: (line: string) => void,
): { falseAlarms: readonly FalseAlarmRow[] } {
  const runs = isFull ? FULL_RUNS : RUNS;
  say(
    `\nfalse alarms of the example pipelines, per 100 000 frames; runs of ${RUN_FRAMES} frames, each to its first alarm`,
  );
  say(
    `  stated: as in the example; denser: the same pipeline, each detector of a change told once in ${DENSER_FRAMES} frames`,
  );
  say(
    '  instrument               scenario     rate     frames  alarms  measured [95 %]            nominal   fault alerts',
  );
  const falseAlarms = instruments.flatMap((instrument) =>
    (['stated', 'denser'] as const).flatMap((rate) => {
      const example = loadExample(instrument, rate === 'denser' ? DENSER_FRAMES : null);
      return ['steady', 'drift-only'].map((scenario) => {
        const row = measure(example, scenario, rate, runs[rate], seed);
        say(line(row));
        return row;
      });
    }),
  );
  return { falseAlarms };
}

function line(row: FalseAlarmRow): string {
  const [low, high] = row.interval;
  const measured = `${row.perHundredThousand.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`;
  return [
    `  ${row.instrument.padEnd(24)}`,
    row.scenario.padEnd(12),
    row.rate.padEnd(6),
    String(row.frames).padStart(8),
    String(row.alarms).padStart(7),
    ` ${measured.padEnd(24)}`,
    row.nominal.toFixed(2).padStart(9),
    String(row.faultAlarms).padStart(8),
    row.isKept ? '' : '  more than stated',
  ].join(' ');
}
