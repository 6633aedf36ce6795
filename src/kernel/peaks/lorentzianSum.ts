import type { UniformAxis } from './uniformAxis.ts';

/** Draws many Lorentzians on one axis, four to a division, which is most of their cost. */
export interface LorentzianSum {
  /**
   * Takes one up; it need not be in `out` before `finish`.
   * @param area in the unit of the spectrum times the unit of the axis
   * @param centre in the unit of the axis; may lie outside
   * @param width full width at half maximum, > 0
   */
  add(area: number, centre: number, width: number): void;
  /** Adds what has not been added yet. */
  finish(): void;
}

const TOGETHER = 4;

/** @param out [n] added to, channel i at `axis.start + i * axis.step` */
export function createLorentzianSum(axis: UniformAxis, out: Float64Array): LorentzianSum {
  const numerators = new Float64Array(TOGETHER);
  const offsets = new Float64Array(TOGETHER);
  const quarters = new Float64Array(TOGETHER).fill(1);
  let count = 0;
  const flush = (): void => {
    addFour(numerators, offsets, quarters, axis.step, out);
    numerators.fill(0);
    count = 0;
  };
  return {
    add(area, centre, width) {
      numerators[count] = (area * width) / (2 * Math.PI);
      offsets[count] = axis.start - centre;
      quarters[count] = 0.25 * width * width;
      count++;
      if (count === TOGETHER) flush();
    },
    finish() {
      if (count > 0) flush();
    },
  };
}

function addFour(
  numerators: Float64Array,
  offsets: Float64Array,
  quarters: Float64Array,
  step: number,
  out: Float64Array,
): void {
  // Taken out one by one: an iterator costs more than the drawing on a coarse grid.
  const n0 = numerators[0];
  const n1 = numerators[1];
  const n2 = numerators[2];
  const n3 = numerators[3];
  const x0 = offsets[0];
  const x1 = offsets[1];
  const x2 = offsets[2];
  const x3 = offsets[3];
  const w0 = quarters[0];
  const w1 = quarters[1];
  const w2 = quarters[2];
  const w3 = quarters[3];
  for (let i = 0; i < out.length; i++) {
    const x = i * step;
    const q0 = (x0 + x) * (x0 + x) + w0;
    const q1 = (x1 + x) * (x1 + x) + w1;
    const q2 = (x2 + x) * (x2 + x) + w2;
    const q3 = (x3 + x) * (x3 + x) + w3;
    const q01 = q0 * q1;
    const q23 = q2 * q3;
    out[i] += ((n0 * q1 + n1 * q0) * q23 + (n2 * q3 + n3 * q2) * q01) / (q01 * q23);
  }
}
