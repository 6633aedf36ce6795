import { COMMON } from './common.ts';
import type { Scenario } from './scenario.ts';

/** Heating slow enough that the lattice moves by a fraction of a channel in an hour of the experiment, K/s. */
const SLOW_HEATING = 0.003;

/** Rutile does not turn back and lab X-rays do no harm: no `return`, no `damage`. */
export const XRD_SCENARIOS = {
  steady: COMMON.steady,
  'drift-only': { ...COMMON['drift-only'], start: { heating: SLOW_HEATING } },
  'drift-strong': { ...COMMON['drift-strong'], start: { heating: 3 * SLOW_HEATING } },
  'event-slow': COMMON['event-slow'],
  'event-fast': COMMON['event-fast'],
  'event-in-drift': {
    ...COMMON['event-in-drift'],
    summary: 'Rutile grows from anatase over 300 frames, on heating, while intensity and 2theta drift.',
    start: { heating: SLOW_HEATING },
    drifts: {
      intensity: { ratePerHour: -0.06, sine: { amplitude: 0.03, periodS: 2400 }, wander: { sigma: 0.005, tauS: 600 } },
      // Grains of a powder at rest: a wandering texture would be a change of the sample, and should alarm.
      texture: { wander: { sigma: 0.005, tauS: 7200 } },
      zero: { ratePerHour: 0.02, sine: { amplitude: 0.015, periodS: 3000 }, wander: { sigma: 0.003, tauS: 3600 } },
    },
  },
  ramp: {
    summary: 'From amorphous over anatase to rutile by kinetics, heated by 0.5 K/s; the lattice expands.',
    expected: 'alarm',
    nuisance: 1,
    start: { temperature: 550, heating: 0.5, amorphous: 1, anatase: 0, anataseSize: 10, strain: 0.001, kinetics: 1 },
    event: { cause: 'chemistry', frames: 1 },
  },
  'fault-dead': COMMON['fault-dead'],
  'fault-hot': COMMON['fault-hot'],
  'fault-saturate': { ...COMMON['fault-saturate'], detector: { ceiling: 1023, deadFraction: 1e-4 } },
  'fault-drop': COMMON['fault-drop'],
  'fault-cosmic': COMMON['fault-cosmic'],
  'fault-trip': COMMON['fault-trip'],
  'fault-refill': COMMON['fault-refill'],
  'null-move': COMMON['null-move'],
} as const satisfies Record<string, Scenario>;
