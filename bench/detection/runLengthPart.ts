import type { DetectorChoice } from './detector.ts';
import { measureRunLength, type RunLengthPlan, type RunLengthRow } from './runLength.ts';
import { DRIFTS } from './streamDrift.ts';

export interface RunLengthReport {
  readonly plain: RunLengthRow[];
  readonly drift: RunLengthRow[];
}

/** Counts of spectra with few of them. */
const LOW = 0.04;

/** How often it is to be asked. In the default run, at one false alarm per 1000 frames alone. */
function plansOf(isFull: boolean): RunLengthPlan[] {
  const nominals = isFull ? [1000, 10_000] : [1000];
  return nominals.flatMap((nominal) => {
    // A drifting stream of 1700 frames sees a false alarm at 10 000 in every sixth.
    const many = isFull ? (nominal > 1000 ? 1300 : 650) : 15;
    const quiet = isFull ? 650 : 40;
    return [
      ...[1, LOW].map((scale) => ({ drift: 'none' as const, scale, nominal, baselines: quiet })),
      ...DRIFTS.filter((kind) => kind !== 'none').map((drift) => ({ drift, scale: 1, nominal, baselines: many })),
      { drift: 'all' as const, scale: LOW, nominal, baselines: many },
    ];
  });
}

/** Mean frames between false alarms, measured against configured, with and without drift. */
export function runLengthPart(
  choice: DetectorChoice,
  { isFull, seed }: { readonly isFull: boolean; readonly seed: number },
  say: (line: string) => void,
): RunLengthReport {
  say('\nframes between false alarms, every run with a spectrum and a baseline of its own (300 frames):');
  say('drift            counts   nominal   measured (s.e.)   nominal / measured   alarms    frames   baselines');
  const rows = plansOf(isFull).map((plan) => {
    const row = measureRunLength(choice, plan, seed);
    say(lineOf(row));
    return row;
  });
  return {
    plain: rows.filter(({ drift }) => drift === 'none'),
    drift: rows.filter(({ drift }) => drift !== 'none'),
  };
}

function lineOf({ drift, scale, nominal, measured, standardError, alarms, frames, baselines }: RunLengthRow): string {
  return [
    drift.padEnd(14),
    `x${scale}`.padStart(8),
    String(nominal).padStart(9),
    (measured === null ? 'none seen' : `${measured.toFixed(0)} (${standardError!.toFixed(0)})`).padStart(17),
    (measured === null ? '0' : (nominal / measured).toFixed(2)).padStart(20),
    String(alarms).padStart(8),
    String(frames).padStart(9),
    String(baselines).padStart(11),
  ].join(' ');
}
