import { arctanStepColumns } from './arctanStep.ts';
import { doniachSunjicColumns } from './doniachSunjic.ts';
import {
  gaussianColumns,
  lorentzianColumns,
  pseudoVoigtColumns,
  splitPseudoVoigtColumns,
  type LineColumns,
} from './lineColumns.ts';
import { voigtColumns } from './voigt.ts';

/** How a line of a peak model is computed, and from what. */
export interface PeakShape {
  /** Names of its parameters, in their order; the first is the centre, the second a width. */
  readonly parameters: readonly string[];
  /**
   * Computes the line and its derivatives.
   * @param x - [n] channel centres.
   * @param p - the parameters.
   * @param out - overwritten.
   */
  readonly fill: (x: Float64Array, p: Float64Array, out: LineColumns) => void;
}

/** The shapes a peak may have; of area 1, except the step (height 1) and the Doniach-Sunjic line. */
export const PEAK_SHAPES = {
  gaussian: { parameters: ['centre', 'width'], fill: gaussianColumns },
  lorentzian: { parameters: ['centre', 'width'], fill: lorentzianColumns },
  pseudoVoigt: { parameters: ['centre', 'width', 'mixing'], fill: pseudoVoigtColumns },
  voigt: { parameters: ['centre', 'width', 'lorentzianWidth'], fill: voigtColumns },
  asymmetric: { parameters: ['centre', 'width', 'mixing', 'asymmetry'], fill: splitPseudoVoigtColumns },
  doniachSunjic: { parameters: ['centre', 'width', 'asymmetry'], fill: doniachSunjicColumns },
  step: { parameters: ['centre', 'width'], fill: arctanStepColumns },
} as const satisfies Readonly<Record<string, PeakShape>>;

export type PeakShapeName = keyof typeof PEAK_SHAPES;
