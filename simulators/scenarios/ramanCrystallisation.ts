import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** A crystal does not turn back, and a laser is not refilled: no `return`, no `fault-refill`. */
const { 'fault-refill': _refill, return: _return, ...LASER } = COMMON;
/** Hits per frame on a camera at rest. */
const COSMIC_HITS = 0.02;

export const CRYSTALLISATION_SCENARIOS = {
  ...LASER,
  'drift-only': { ...COMMON['drift-only'], faults: { cosmicHits: COSMIC_HITS } },
  'drift-strong': { ...COMMON['drift-strong'], faults: { cosmicHits: 3 * COSMIC_HITS } },
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'Amorphous silicon crystallises over 300 frames while laser, focus and axis drift and cosmic rays strike.',
    faults: { cosmicHits: COSMIC_HITS },
  },
  damage: {
    ...COMMON.damage,
    summary: 'Five milliwatt heat the spot to 595 K: the laser crystallises it by dose, after an incubation dose.',
    start: { power: 5 },
  },
  'fault-saturate': { ...COMMON['fault-saturate'], detector: { ceiling: 1023 } },
  anneal: {
    summary: 'The stage is heated by 0.5 K/s: crystals nucleate and grow near 900 K, the line shifts and widens.',
    expected: 'alarm',
    nuisance: 1,
    start: { stage: 780, heating: 0.5, kinetics: 1, dose: 50 },
    event: { cause: 'chemistry', frames: 1 },
  },
  camera: {
    summary: 'As event-in-drift, read by a camera: 4 electrons of read noise, variances beside the counts.',
    expected: 'alarm',
    nuisance: 1,
    event: { cause: 'chemistry', frames: 300 },
    faults: { cosmicHits: COSMIC_HITS },
    detector: { readNoise: 4 },
  },
} as const satisfies Record<string, Scenario>;
