import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** No storage ring and no camera: no `fault-refill`, no `fault-cosmic`. */
export const EDX_SCENARIOS = {
  steady: COMMON.steady,
  'drift-only': COMMON['drift-only'],
  'drift-strong': COMMON['drift-strong'],
  'event-slow': COMMON['event-slow'],
  'event-fast': COMMON['event-fast'],
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'Chromium replaces iron over 300 frames while energy scale and current drift and carbon settles.',
  },
  'new-element': {
    summary: 'Titanium, 3 % by mass, comes into the beam over 100 frames, while everything drifts.',
    expected: 'alarm',
    nuisance: 1,
    event: { cause: 'chemistry', frames: 100 },
    start: { ironAtEnd: 0.67, chromiumAtEnd: 0.19, nickelAtEnd: 0.11, titaniumAtEnd: 0.03 },
  },
  damage: {
    ...COMMON.damage,
    summary: 'Chromium leaves the area in the beam by dose alone, after an incubation dose.',
    start: { ironAtEnd: 0.78, chromiumAtEnd: 0.1, nickelAtEnd: 0.12 },
  },
  'fault-dead': {
    ...COMMON['fault-dead'],
    summary: 'A code of the pulse processor is missing: a channel stays empty.',
  },
  'fault-hot': {
    ...COMMON['fault-hot'],
    summary: 'Electronic noise fills one channel, another flickers.',
  },
  'fault-saturate': {
    ...COMMON['fault-saturate'],
    summary: 'Five times the current: dead time, pile-up, and channels that are full.',
    detector: { ceiling: 2047 },
  },
  'fault-drop': COMMON['fault-drop'],
  'fault-trip': { ...COMMON['fault-trip'], summary: 'The emission trips and comes back.' },
  'null-move': { ...COMMON['null-move'], summary: 'The stage moves to a fresh area of another thickness.' },
  return: COMMON.return,
  map: {
    summary:
      'A map of 1024 x 1024 pixels, 5 ms each: two solid solutions in bands, no rare phase, while everything drifts.',
    expected: 'quiet',
    nuisance: 1,
    example: 'edx-map',
    scan: { rarePixels: 0 },
  },
  'map-rare-phase': {
    summary:
      'The map with titanium carbide in two of its pixels, one of them the pixel of the event, while everything drifts.',
    expected: 'alarm',
    nuisance: 1,
    example: 'edx-map',
    scan: { rarePixels: 2 },
  },
} as const satisfies Record<string, Scenario>;
