import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

const NICKEL_OXIDE = { nickelOxide: 1, strain: 0.0012 };

/** A cell at rest, unless said otherwise: LiFePO4 with a trace of FePO4. */
export const CYCLING_SCENARIOS = {
  ...COMMON,
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'A cell at rest begins to charge: FePO4 grows from LiFePO4 over 300 frames, while everything drifts.',
  },
  damage: {
    ...COMMON.damage,
    summary: 'LiFePO4 on charge: the spot in the beam falls behind the cell, by dose alone, after an incubation dose.',
    start: { removed: 0.2, cRate: 1 },
  },
  'fault-saturate': { ...COMMON['fault-saturate'], detector: { ceiling: 16383 } },
  collapse: {
    summary: 'LiNiO2 at rest, charged to 0.7, loses more lithium over 300 frames: H2 becomes H3, c collapses.',
    expected: 'alarm',
    nuisance: 1,
    start: { ...NICKEL_OXIDE, removed: 0.7, removedAtEnd: 0.85 },
    event: { cause: 'chemistry', frames: 300 },
  },
  'cycle-phosphate': {
    summary: 'LiFePO4 charged and discharged at 3C: its phases follow the charge and turn back at the cut-off.',
    expected: 'alarm',
    nuisance: 1,
    start: { removed: 0.7, cRate: 3 },
    event: { cause: 'chemistry', frames: 1 },
  },
  'cycle-nickelate': {
    summary:
      'LiNiO2 charged and discharged at 3C: the cell breathes, c collapses near 4.2 V, all turns back at the cut-off.',
    expected: 'alarm',
    nuisance: 1,
    start: { ...NICKEL_OXIDE, removed: 0.5, cRate: 3 },
    event: { cause: 'chemistry', frames: 1 },
  },
  inactive: {
    summary: 'LiNiO2 on charge: over 300 frames a third of the electrode loses contact and stays as it is.',
    expected: 'alarm',
    nuisance: 1,
    start: { ...NICKEL_OXIDE, removed: 0.2, cRate: 1, freezing: 0.33 },
    event: { cause: 'chemistry', frames: 300 },
  },
} as const satisfies Record<string, Scenario>;
