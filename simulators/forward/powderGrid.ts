import { addPseudoVoigt } from '../../src/kernel/peaks/addPseudoVoigt.ts';
import { lorentzian } from '../../src/kernel/peaks/lineshapes.ts';
import { createCoarseGrid, spread } from './coarseGrid.ts';
import { powderPeaks } from './powderPeaks.ts';
import type { Cell, DiffractionSetting, Powder } from './powderPeaks.ts';
import type { FineGrid } from './scatteredShape.ts';

/** Peaks this far outside the grid reach it with a smooth tail only, degrees. */
const FAR = 0.5;
/** 25 times finer than the nearest far peak is away: interpolation errs by 1e-5 of the tail. */
const TAIL_SPACING = 0.02;

/** One mole of a powder on a fine grid, redrawn when one of its inputs has changed. */
export interface PowderGrid {
  /** Intensity per degree [points]; lent until the next call. */
  at(cell: Cell, strain: number, closer: number): Float64Array;
}

export function createPowderGrid(powder: Powder, grid: FineGrid, setting: DiffractionSetting): PowderGrid {
  const values = new Float64Array(grid.points);
  const tails = createCoarseGrid(grid, grid.points, TAIL_SPACING);
  const end = grid.start + grid.step * (grid.points - 1);
  const drawn = new Float64Array(5).fill(NaN);
  const draw = (area: number, centre: number, width: number, eta: number): void => {
    if (centre > grid.start - FAR && centre < end + FAR) {
      addPseudoVoigt(grid, area, centre, width, eta, values);
      return;
    }
    const { axis, values: nodes } = tails;
    for (let i = 0; i < nodes.length; i++)
      nodes[i] += area * eta * lorentzian(axis.start + i * axis.step, centre, width);
  };
  return {
    at(cell, strain, closer) {
      const { a, b, c } = cell;
      const isSame = drawn[0] === a && drawn[1] === b && drawn[2] === c && drawn[3] === strain && drawn[4] === closer;
      if (isSame) return values;
      drawn[0] = a;
      drawn[1] = b;
      drawn[2] = c;
      drawn[3] = strain;
      drawn[4] = closer;
      values.fill(0);
      tails.values.fill(0);
      powderPeaks(powder, cell, strain, closer, setting, draw);
      spread(tails, values);
      return values;
    },
  };
}
