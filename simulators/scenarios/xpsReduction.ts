import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** A laboratory source is not refilled: no `fault-refill`. */
const { 'fault-refill': _, ...LABORATORY } = COMMON;

export const REDUCTION_SCENARIOS = {
  ...LABORATORY,
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'Hydrogen reduces Ce4+ to Ce3+ over 300 frames while the sample charges and carbon settles.',
  },
  damage: {
    ...COMMON.damage,
    summary: 'The X-rays reduce Ce4+ to Ce3+ by dose alone, after an incubation dose; no gas.',
  },
  'fault-saturate': { ...COMMON['fault-saturate'], detector: { ceiling: 8191 } },
  redox: {
    summary: 'Hydrogen for 20 minutes, vacuum for 20, then oxygen: Ce3+ comes and goes, while everything drifts.',
    expected: 'alarm',
    nuisance: 1,
    event: { cause: 'chemistry', frames: 120, holdFrames: 120 },
  },
} as const satisfies Record<string, Scenario>;
