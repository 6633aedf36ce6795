import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

export const EELS_SCENARIOS = {
  ...COMMON,
  damage: {
    ...COMMON.damage,
    summary: 'Fe3+ is reduced by dose alone, after an incubation dose, while intensity and energy drift.',
    drifts: {
      intensity: { ratePerHour: -0.1, wander: { sigma: 0.005, tauS: 1 } },
      shift: { wander: { sigma: 0.15, tauS: 300 } },
    },
  },
} as const satisfies Record<string, Scenario>;
