import type { Scenario } from './scenario.ts';

/** Scenarios that mean the same on every instrument; each takes those that are meaningful and adds its own start. */
export const COMMON = {
  steady: { summary: 'Nothing changes; counting statistics alone.', expected: 'quiet', nuisance: 0 },
  'drift-only': { summary: 'Every nuisance at its usual size, no event.', expected: 'quiet', nuisance: 1 },
  'drift-strong': {
    summary: 'Every nuisance three times as large, no event.',
    expected: 'calibrationWarning',
    nuisance: 3,
  },
  'event-slow': {
    summary: 'The sample changes over 300 frames, without drift.',
    expected: 'alarm',
    nuisance: 0,
    event: { cause: 'chemistry', frames: 300 },
  },
  'event-fast': {
    summary: 'The sample changes within 5 frames, without drift.',
    expected: 'alarm',
    nuisance: 0,
    event: { cause: 'chemistry', frames: 5 },
  },
  'event-in-drift': {
    summary: 'The sample changes over 300 frames while everything drifts.',
    expected: 'alarm',
    nuisance: 1,
    event: { cause: 'chemistry', frames: 300 },
  },
  damage: {
    summary: 'The beam changes the sample, by dose alone.',
    expected: 'damage',
    nuisance: 0,
    event: { cause: 'beam' },
  },
  'fault-dead': { summary: 'A channel dies.', expected: 'fault', nuisance: 0, faults: { isDead: true } },
  'fault-hot': {
    summary: 'One channel grows hot, another flickers.',
    expected: 'fault',
    nuisance: 0,
    faults: { isHot: true, isFlickering: true },
  },
  'fault-saturate': {
    summary: 'The beam is five times too strong for the detector.',
    expected: 'fault',
    nuisance: 0,
    faults: { overexposure: 5 },
  },
  'fault-drop': {
    summary: 'Frames are lost, sent twice, dated wrongly or torn.',
    expected: 'fault',
    nuisance: 0,
    faults: { transfer: { lost: 0.05, twice: 0.03, late: 0.02, torn: 0.02 } },
  },
  'fault-cosmic': {
    summary: 'Cosmic rays strike every few frames.',
    expected: 'fault',
    nuisance: 0,
    faults: { cosmicHits: 0.2 },
  },
  'fault-trip': { summary: 'The beam trips and comes back.', expected: 'fault', nuisance: 0, faults: { tripS: 120 } },
  'fault-refill': {
    summary: 'A decaying beam is refilled, then topped up.',
    expected: 'fault',
    nuisance: 0,
    faults: { isRefilled: true },
  },
  'null-move': {
    summary: 'The stage moves to a fresh area of another thickness and texture.',
    expected: 'quiet',
    nuisance: 0,
    isMoving: true,
  },
  return: {
    summary: 'The sample changes over 60 frames, stays for 100 and changes back.',
    expected: 'alarm',
    nuisance: 0,
    event: { cause: 'chemistry', frames: 60, holdFrames: 100 },
  },
} as const satisfies Record<string, Scenario>;
