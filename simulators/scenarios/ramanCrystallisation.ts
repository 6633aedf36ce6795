import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** Hits per frame on a camera at rest. */
const COSMIC_HITS = 0.02;

/** J after which nothing is left to bleach: without it, no scenario stands still. */
const BLEACHED = { dose: 1e6 };

/** A crystal does not turn back, and a laser is not refilled: no `return`, no `fault-refill`. */
export const CRYSTALLISATION_SCENARIOS = {
  steady: { ...COMMON.steady, start: BLEACHED },
  'drift-only': { ...COMMON['drift-only'], faults: { cosmicHits: COSMIC_HITS } },
  'drift-strong': { ...COMMON['drift-strong'], faults: { cosmicHits: 3 * COSMIC_HITS } },
  'event-slow': { ...COMMON['event-slow'], start: BLEACHED },
  'event-fast': { ...COMMON['event-fast'], start: BLEACHED },
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'Amorphous silicon crystallises over 300 frames while laser, focus and axis drift and cosmic rays strike.',
    faults: { cosmicHits: COSMIC_HITS },
  },
  damage: {
    ...COMMON.damage,
    summary: 'Five milliwatt heat the spot to 595 K: the laser crystallises it by dose, after an incubation dose.',
    start: { ...BLEACHED, power: 5 },
  },
  'fault-dead': { ...COMMON['fault-dead'], start: BLEACHED },
  'fault-hot': { ...COMMON['fault-hot'], start: BLEACHED },
  'fault-saturate': {
    ...COMMON['fault-saturate'],
    summary: 'The laser is eight times too strong for a camera of 8 bit.',
    start: BLEACHED,
    faults: { overexposure: 8 },
    detector: { ceiling: 255 },
  },
  'fault-drop': { ...COMMON['fault-drop'], start: BLEACHED },
  'fault-cosmic': { ...COMMON['fault-cosmic'], start: BLEACHED },
  'fault-trip': { ...COMMON['fault-trip'], start: BLEACHED },
  'null-move': COMMON['null-move'],
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
