import { ALUMINIUM } from '../../src/kernel/tables/aluminiumReflections.ts';
import { IRON_PHOSPHATE, LITHIUM_IRON_PHOSPHATE } from '../../src/kernel/tables/ironPhosphateReflections.ts';
import { cubicAt } from './coarseGrid.ts';
import {
  cellBackground,
  CYCLING_SETTING,
  cyclingAxis,
  DEFAULT_STEP,
  delithiatedCell,
  ELECTRODE_SCALE,
  FOIL_SCALE,
  ironPhosphateMoles,
  POWDERS,
} from './cyclingPattern.ts';
import type { CyclingState } from './cyclingPattern.ts';
import { createPowderGrid } from './powderGrid.ts';
import type { PowderGrid } from './powderGrid.ts';
import type { FineGrid } from './scatteredShape.ts';

/** A forward model that remembers the pattern of each phase until one of its non-linear inputs changes. */
export interface CyclingPattern {
  /** Expected counts [channels] of an exposure of `seconds` at full beam. */
  mean(state: CyclingState, seconds: number, out: Float64Array): void;
}

const MARGIN = 0.06;
const WINDOW = 1024 * DEFAULT_STEP;
/** A 14th of the narrowest peak. */
const FINE_STEP = DEFAULT_STEP / 4;
const GRID: FineGrid = {
  start: cyclingAxis(1024).start - MARGIN,
  step: FINE_STEP,
  points: Math.ceil((WINDOW + 2 * MARGIN) / FINE_STEP) + 4,
};
/** Peaks are drawn with the sample at multiples of this, mm; in between they move, and would widen by 3e-5. */
const CLOSER_NODE = 0.05;

/** Diffraction of a cycling cell for a stream: within 1e-4 of the maximum of `cyclingPatternMean` for shifts within 0.05 degrees. */
export function createCyclingPattern(channels: number): CyclingPattern {
  const axis = cyclingAxis(channels);
  const { fixed, halo } = cellBackground(axis, channels);
  const grids = new Map<keyof typeof POWDERS | 'inactive', PowderGrid>();
  const gridOf = (name: keyof typeof POWDERS | 'inactive'): PowderGrid => {
    const known = grids.get(name);
    if (known !== undefined) return known;
    const made = createPowderGrid(POWDERS[name === 'inactive' ? 'nickelOxide' : name], GRID, CYCLING_SETTING);
    grids.set(name, made);
    return made;
  };
  const mixed = new Float64Array(GRID.points);
  const add = (pattern: Float64Array, scale: number): void => {
    for (let i = 0; i < mixed.length; i++) mixed[i] += scale * pattern[i];
  };
  const drawn = new Float64Array(6).fill(NaN);
  const mix = (state: CyclingState, node: number): void => {
    const { nickelOxide, strain, inactive, removed, inactiveRemoved } = state;
    const isSame =
      drawn[0] === nickelOxide &&
      drawn[1] === strain &&
      drawn[2] === inactive &&
      drawn[3] === removed &&
      drawn[4] === inactiveRemoved &&
      drawn[5] === node;
    if (isSame) return;
    drawn[0] = nickelOxide;
    drawn[1] = strain;
    drawn[2] = inactive;
    drawn[3] = removed;
    drawn[4] = inactiveRemoved;
    drawn[5] = node;
    mixed.fill(0);
    add(gridOf('foil').at(ALUMINIUM, 0, node), FOIL_SCALE);
    if (nickelOxide === 1) {
      add(gridOf('nickelOxide').at(delithiatedCell(removed), strain, node), ELECTRODE_SCALE * (1 - inactive));
      if (inactive === 0) return;
      add(gridOf('inactive').at(delithiatedCell(inactiveRemoved), strain, node), ELECTRODE_SCALE * inactive);
      return;
    }
    const moles = ironPhosphateMoles(state);
    add(gridOf('lithiated').at(LITHIUM_IRON_PHOSPHATE, strain, node), ELECTRODE_SCALE * (1 - moles));
    if (moles > 0) add(gridOf('delithiated').at(IRON_PHOSPHATE, strain, node), ELECTRODE_SCALE * moles);
  };
  /** Degrees a peak moves back per mm. */
  const leverage = Float64Array.from({ length: channels }, (_, i) => {
    const twoTheta = ((axis.start + i * axis.step) * Math.PI) / 180;
    return (Math.sin(2 * twoTheta) / (2 * CYCLING_SETTING.distanceMm)) * (180 / Math.PI);
  });
  return {
    mean(state, seconds, out) {
      const node = Math.round(state.closer / CLOSER_NODE) * CLOSER_NODE;
      const beyond = state.closer - node;
      mix(state, node);
      const first = (axis.start - state.zero - GRID.start) / GRID.step;
      const stride = axis.step / GRID.step;
      const scale = seconds * axis.step;
      for (let i = 0; i < out.length; i++) {
        const position = first + i * stride + (beyond / GRID.step) * leverage[i];
        const left = Math.min(GRID.points - 3, Math.max(1, Math.floor(position)));
        out[i] = seconds * (fixed[i] + state.halo * halo[i]) + scale * cubicAt(mixed, left, position - left);
      }
    },
  };
}
