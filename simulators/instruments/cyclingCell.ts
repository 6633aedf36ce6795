import { createCyclingPattern } from '../forward/cyclingStream.ts';
import { IRON_PHOSPHATE_CELL, NICKEL_OXIDE_CELL, POLARISATION } from '../parts/cellPotential.ts';
import { startState } from '../parts/startState.ts';
import type { Sample } from './instrument.ts';

/** Where the cell starts unless the scenario says otherwise. */
const START = {
  /** 0: LiFePO4; 1: LiNiO2. */
  nickelOxide: 0,
  removed: 0.02,
  /** Where an event takes the electrode when nothing cycles the cell. */
  removedAtEnd: 0.8,
  /** Charges and discharges per hour; 0 = at rest. */
  cRate: 0,
  /** Fraction of the electrode that an event freezes as it was at its onset. */
  freezing: 0,
  strain: 0.0003,
};
const RANGES = {
  nickelOxide: [0, 1, '1'],
  removed: [0, 1, '1'],
  removedAtEnd: [0, 1, '1'],
  cRate: [0, 20, '/h'],
  freezing: [0, 1, '1'],
  strain: [0, 0.01, '1'],
} as const;
const CAPACITY_MAH = 3;
const RING_CURRENT_MA = 200;
const HOUR = 3600;
/** A charged cell is so much thicker, mm. */
const SWELLING_MM = 0.1;
/** How a fresh area differs: one standard deviation of electrolyte, of intensity and of position (mm). */
const AREA = { halo: 0.03, intensity: 0.05, closer: 0.02 };

/**
 * A battery electrode in the beam. At rest, an event moves it. On a cycler the potential follows the whole cell; the spot in the
 * beam follows too, unless it is damaged: then it lags by the progress of the damage.
 */
export function createCyclingCell(channels: number, start: Readonly<Record<string, number>>): Sample {
  const begin = startState(START, RANGES, start);
  const chemistry = begin.nickelOxide === 1 ? NICKEL_OXIDE_CELL : IRON_PHOSPHATE_CELL;
  const pattern = createCyclingPattern(channels);
  const now = {
    nickelOxide: begin.nickelOxide === 1 ? 1 : 0,
    removed: begin.removed,
    inactive: 0,
    inactiveRemoved: begin.removed,
    strain: begin.strain,
    zero: 0,
    closer: 0,
    halo: 1,
    /** Of the whole cell. */
    charge: begin.removed,
    potential: 0,
    current: 0,
  };
  let direction = 1;
  /** Charge at which the cycler first reversed. */
  let turnedAt: number | null = null;

  const cycle = (seconds: number): number => {
    const step = (direction * begin.cRate * seconds) / HOUR;
    now.charge = Math.min(1, Math.max(0, now.charge + step));
    now.potential = chemistry.potential(now.charge) + direction * POLARISATION;
    now.current = direction * begin.cRate * CAPACITY_MAH;
    const isAtEnd = direction > 0 ? now.potential >= chemistry.upper : now.potential <= chemistry.lower;
    if (isAtEnd) {
      direction = -direction;
      turnedAt ??= now.charge;
    }
    return step;
  };
  const move = (change: number, seconds: number): void => {
    const before = now.charge;
    now.charge = begin.removed + (begin.removedAtEnd - begin.removed) * change;
    now.removed = now.charge;
    now.current = ((now.charge - before) / seconds) * HOUR * CAPACITY_MAH;
    now.potential = chemistry.potential(now.charge) + Math.sign(now.current) * POLARISATION;
  };
  return {
    advance({ periodS, change, isDamaging, drift, axisShift, area }) {
      now.zero = drift.zero + axisShift;
      now.halo = 1 + drift.halo + AREA.halo * area[0];
      let progress = change;
      if (begin.cRate === 0) move(change, periodS);
      else {
        const step = cycle(periodS);
        now.removed = Math.min(1, Math.max(0, now.removed + step * (isDamaging ? 1 - change : 1)));
        if (begin.freezing > 0) now.inactive = begin.freezing * change;
        else if (!isDamaging) progress = turnedAt === null ? 0 : Math.min(1, Math.abs(now.charge - turnedAt));
        if (now.inactive === 0) now.inactiveRemoved = now.removed;
      }
      now.closer = drift.closer + SWELLING_MM * now.charge + AREA.closer * area[0];
      return progress;
    },
    mean({ liveS, beam, area }, out) {
      pattern.mean(now, liveS * beam * Math.max(0.1, 1 + AREA.intensity * area[1]), out);
    },
    slow({ beam }) {
      return [now.potential, now.current, (now.charge - begin.removed) * CAPACITY_MAH, RING_CURRENT_MA * beam];
    },
    state: () => now,
  };
}
