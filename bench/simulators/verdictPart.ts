import { listScenarios } from '../../simulators/createSimulator.ts';
import { isFault } from '../../src/model/fault.ts';
import { changeDetectors, loadExample } from './examples.ts';
import type { SimulatorBenchOptions } from './options.ts';
import { createRehearsal } from './rehearse.ts';

const EVENT_AT_FRAME = 300;
const FRAMES = 800;

/** What the example of an instrument says about one of its scenarios. */
export interface VerdictRow {
  readonly instrument: string;
  readonly scenario: string;
  readonly expected: string;
  /** Alerts of a change raised; and the first few: frame and what was named. */
  readonly alerts: number;
  readonly first: readonly string[];
  /** Kinds of fault named. */
  readonly faults: readonly string[];
}

/** Plays every scenario once, and lists what was said. */
export function verdictPart(
  { instruments, seed }: SimulatorBenchOptions,
  say: (line: string) => void,
): { verdicts: readonly VerdictRow[] } {
  say(`\nwhat the examples say, one run of ${FRAMES} frames each, event or fault from frame ${EVENT_AT_FRAME} on`);
  const entries = listScenarios().filter(
    ({ instrument, example }) => instrument === example && instruments.includes(instrument),
  );
  const verdicts = entries.map(({ name, instrument, expected }) => {
    const scenario = name.split(':')[1]!;
    const example = loadExample(instrument);
    const detectors = new Set(changeDetectors(example).map(({ id }) => id));
    const first: string[] = [];
    const faults = new Set<string>();
    let alerts = 0;
    const play = createRehearsal(example, {
      scenario,
      seed,
      eventAtFrame: EVENT_AT_FRAME,
      hear(signal) {
        if (signal.type !== 'alert' || signal.phase !== 'raised') return;
        if (isFault(signal.template)) faults.add(signal.template);
        else if (signal.evidence.some((id) => detectors.has(id))) {
          alerts++;
          if (first.length < 4) first.push(`${signal.seq} ${signal.template ?? ''}`.trim());
        }
      },
    });
    for (let k = 0; k < FRAMES; k++) play();
    const row: VerdictRow = { instrument, scenario, expected, alerts, first, faults: [...faults] };
    say(
      `  ${name.padEnd(40)} expected ${expected.padEnd(18)} alerts ${alerts}${alerts > 0 ? ` (${first.join('; ')})` : ''}${faults.size > 0 ? `, faults: ${row.faults.join(', ')}` : ''}`,
    );
    return row;
  });
  return { verdicts };
}
