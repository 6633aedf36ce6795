import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

export const EELS_SCENARIOS = {
  ...COMMON,
  damage: {
    ...COMMON.damage,
    summary: 'Fe3+ is reduced by dose alone, after an incubation dose, while intensity and energy drift.',
    // A fresh gain reference: a staler one shows as a pattern of derivatives when the spectrum shifts.
    detector: { fixedPattern: 5e-4 },
    drifts: {
      intensity: { ratePerHour: -0.1, wander: { sigma: 0.005, tauS: 1 } },
      shift: { wander: { sigma: 0.15, tauS: 300 } },
    },
  },
  camera: {
    summary: 'As event-in-drift, read by an integrating camera: 4 counts of read noise, variances beside the counts.',
    expected: 'alarm',
    nuisance: 1,
    event: { cause: 'chemistry', frames: 300 },
    detector: { readNoise: 4 },
  },
} as const satisfies Record<string, Scenario>;
