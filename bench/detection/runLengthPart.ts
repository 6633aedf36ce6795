import type { DetectorChoice } from './detector.ts';
import { measureRunLength, runLengthFrom, type RunLengthPlan, type RunLengthRow } from './runLength.ts';
import { DRIFTS } from './streamDrift.ts';

export interface RunLengthReport {
  readonly plain: RunLengthRow[];
  readonly drift: RunLengthRow[];
  /** All kinds of drift taken together, by nominal run length. */
  readonly overDrifts: Omit<RunLengthRow, 'drift' | 'scale'>[];
}

/** Counts of spectra with few of them. */
const LOW = 0.04;

/** Baselines per kind: enough for an order of magnitude; in full, for 400 alarms without drift and as many over the drifts. */
const BASELINES = { quiet: 40, drifting: 15 } as const;
const FULL_BASELINES = { quiet: 650, drifting: 400 } as const;

function plansOf(isFull: boolean): RunLengthPlan[] {
  const { quiet, drifting } = isFull ? FULL_BASELINES : BASELINES;
  const drifts = DRIFTS.filter((kind) => kind !== 'none');
  return (isFull ? [1000, 10_000] : [1000]).flatMap((nominal) => [
    ...[1, LOW].map((scale): RunLengthPlan => ({ drift: 'none', scale, nominal, baselines: quiet })),
    ...drifts.map((drift): RunLengthPlan => ({ drift, scale: 1, nominal, baselines: drifting })),
    { drift: 'all', scale: LOW, nominal, baselines: drifting },
  ]);
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
  const drift = rows.filter((row) => row.drift !== 'none');
  const overDrifts = [...new Set(drift.map(({ nominal }) => nominal))].map((nominal) =>
    together(
      nominal,
      drift.filter((row) => row.nominal === nominal),
    ),
  );
  for (const { nominal, measured, alarms } of overDrifts)
    say(
      `all drifts at ${nominal}: ${measured === null ? 'no alarm' : `nominal / measured ${(nominal / measured).toFixed(2)}`} (${alarms} alarms)`,
    );
  return { plain: rows.filter((row) => row.drift === 'none'), drift, overDrifts };
}

function together(nominal: number, rows: readonly RunLengthRow[]): RunLengthReport['overDrifts'][number] {
  const sum = (key: 'alarms' | 'frames' | 'baselines'): number => rows.reduce((total, row) => total + row[key], 0);
  const alarms = sum('alarms');
  return {
    nominal,
    ...runLengthFrom(sum('frames'), alarms),
    alarms,
    frames: sum('frames'),
    baselines: sum('baselines'),
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
