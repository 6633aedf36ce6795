import { describe, expect, it } from 'vitest';
import { faultRows, quantile, summarise } from '../../../bench/permit/summary.ts';
import { parsePermitOptions } from '../../../bench/permit/options.ts';
import type { TrialOutcome } from '../../../bench/permit/trio/runTrials.ts';

const outcome = (more: Partial<TrialOutcome>): TrialOutcome => ({
  fault: 'monitorKilled',
  isFailOpen: false,
  isBorne: false,
  lapseMs: null,
  stopMs: null,
  trouble: '',
  ...more,
});

describe('the summary of the trials of the permit', () => {
  it('takes quantiles by nearest rank: the 99.9th of few values is the largest', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([7], 0.999)).toBe(7);
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(quantile([3, 1, 2, 4], 0.999)).toBe(4);
  });

  it('counts by fault, and tells apart what failed open from what could not be held', () => {
    const summary = summarise([
      outcome({ lapseMs: 400, stopMs: 300 }),
      outcome({ lapseMs: 500, stopMs: 350, isFailOpen: true }),
      outcome({ isBorne: true }),
      outcome({ fault: 'diskFull', trouble: 'the beam could not be armed' }),
    ]);
    expect(summary).toMatchObject({ trials: 3, failOpen: 1, lapseMs: { p50: 400, max: 500 } });
    expect(summary.troubles).toEqual(['diskFull: the beam could not be armed']);
    expect(summary.faults).toEqual({
      monitorKilled: {
        trials: 3,
        failOpen: 1,
        borne: 1,
        lapseMs: { p50: 400, max: 500 },
        stopMs: { p50: 300, max: 350 },
      },
    });
    expect(faultRows(summary)).toHaveLength(2);
  });

  it('refuses options it does not know', () => {
    expect(parsePermitOptions([])).toMatchObject({ trials: 210, simulated: 10_000, seed: 1 });
    expect(() => parsePermitOptions(['--trials', 'many'])).toThrow(/--trials many: expected a whole number/);
    expect(() => parsePermitOptions(['--only', 'all'])).toThrow(/expected some of simulation/);
  });
});
