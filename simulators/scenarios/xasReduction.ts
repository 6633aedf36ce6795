import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** One detector for all energies: no `fault-cosmic`. */
export const XAS_SCENARIOS = {
  steady: COMMON.steady,
  'drift-only': COMMON['drift-only'],
  'drift-strong': COMMON['drift-strong'],
  'event-slow': COMMON['event-slow'],
  'event-fast': COMMON['event-fast'],
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'NiO is reduced to nickel over 300 scans while monochromator, beam and pellet drift.',
  },
  heating: {
    summary: 'NiO is heated from 400 K by 3 K a minute: its EXAFS fades, its white line does not.',
    expected: 'quiet',
    nuisance: 1,
    start: { temperature: 400, heating: 0.05 },
  },
  damage: {
    ...COMMON.damage,
    summary: 'The beam reduces part of the oxide by dose alone, after an incubation dose.',
    start: { temperature: 300, metalAtEnd: 0.4 },
  },
  'fault-dead': { ...COMMON['fault-dead'], summary: 'One point of the scan reads nothing behind the sample.' },
  'fault-hot': { ...COMMON['fault-hot'], summary: 'One point of the scan reads too much, another flickers.' },
  'fault-saturate': {
    ...COMMON['fault-saturate'],
    summary: 'The beam is five times too strong for the amplifier behind the sample.',
    detector: { ceiling: 2_097_151 },
  },
  'fault-drop': COMMON['fault-drop'],
  'fault-trip': COMMON['fault-trip'],
  'fault-refill': COMMON['fault-refill'],
  'null-move': {
    ...COMMON['null-move'],
    summary: 'The stage moves to a fresh part of the pellet, of another thickness.',
  },
  return: { ...COMMON.return, summary: 'NiO is reduced over 60 scans, stays for 100 and is oxidised again.' },
} as const satisfies Record<string, Scenario>;
