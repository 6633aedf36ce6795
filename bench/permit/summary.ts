import { FAULTS, type Fault } from './trio/faults.ts';
import type { TrialOutcome } from './trio/runTrials.ts';

/** The value below which such a share of the values lies, by nearest rank; null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export interface FaultSummary {
  readonly trials: number;
  readonly failOpen: number;
  /** The fault was over before a lease was, and nothing is claimed of when it closed. */
  readonly borne: number;
  /** From the last valid renewal to closed. */
  readonly lapseMs: { readonly p50: number | null; readonly max: number | null };
  /** From the fault to closed. */
  readonly stopMs: { readonly p50: number | null; readonly max: number | null };
}

export interface TrialsSummary {
  readonly trials: number;
  readonly failOpen: number;
  /** Trials that could not be held: the beam could not be armed, a process did not start. */
  readonly troubles: readonly string[];
  readonly lapseMs: { readonly p50: number | null; readonly max: number | null };
  readonly faults: Partial<Record<Fault, FaultSummary>>;
}

const spread = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return { p50: rounded(quantile(known, 0.5)), max: rounded(quantile(known, 1)) };
};

export const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);

export function summarise(outcomes: readonly TrialOutcome[]): TrialsSummary {
  const faults: TrialsSummary['faults'] = {};
  for (const fault of FAULTS) {
    const of = outcomes.filter((outcome) => outcome.fault === fault && outcome.trouble === '');
    if (of.length === 0) continue;
    faults[fault] = {
      trials: of.length,
      failOpen: of.filter(({ isFailOpen }) => isFailOpen).length,
      borne: of.filter(({ isBorne }) => isBorne).length,
      lapseMs: spread(of.map(({ lapseMs }) => lapseMs)),
      stopMs: spread(of.map(({ stopMs }) => stopMs)),
    };
  }
  return {
    trials: outcomes.filter(({ trouble }) => trouble === '').length,
    failOpen: outcomes.filter(({ isFailOpen }) => isFailOpen).length,
    troubles: outcomes.filter(({ trouble }) => trouble !== '').map(({ fault, trouble }) => `${fault}: ${trouble}`),
    lapseMs: spread(outcomes.map(({ lapseMs }) => lapseMs)),
    faults,
  };
}

/** The rows of the table, by fault. */
export function faultRows({ faults }: TrialsSummary): string[] {
  const text = (value: number | null): string => (value === null ? '-' : value.toFixed(0)).padStart(7);
  const head = `${'fault'.padEnd(18)} ${'trials'.padStart(7)} ${'failOpen'.padStart(9)} ${'borne'.padStart(6)}   lapse p50     max   stop p50     max`;
  const rows = Object.entries(faults).map(
    ([fault, { trials, failOpen, borne, lapseMs, stopMs }]) =>
      `${fault.padEnd(18)} ${String(trials).padStart(7)} ${String(failOpen).padStart(9)} ${String(borne).padStart(6)}     ${text(lapseMs.p50)} ${text(lapseMs.max)}    ${text(stopMs.p50)} ${text(stopMs.max)}`,
  );
  return [head, ...rows];
}
