import { refusal } from '../refusal.ts';
import { PEAK_SHAPES, type PeakShapeName } from './peakShape.ts';

/** constant + the sum of factor times parameter: how a line parameter hangs on the parameters that are fitted. */
export interface Affine {
  readonly constant: number;
  readonly terms: readonly { readonly parameter: number; readonly factor: number }[];
}

/** A non-linear parameter: of position or of shape. */
export interface PeakParameter {
  readonly name: string;
  readonly start: number;
  /** Bounds; equal ones hold it fixed. */
  readonly low: number;
  readonly high: number;
}

/** One line of a component. */
export interface ModelLine {
  readonly shape: PeakShapeName;
  /** Its amplitude over that of the component: the fixed ratio of a multiplet. */
  readonly weight: number;
  /** In the order of the shape's parameters: centre, width, ... */
  readonly parameters: readonly Affine[];
}

/** Something whose height is fitted: lines that come and go together, or a power of (x - origin) / span. */
export interface ModelComponent {
  readonly name: string;
  /** Bounds of the amplitude. */
  readonly low: number;
  readonly high: number;
  readonly lines: readonly ModelLine[];
  /** Without lines: the background column ((x - origin) / span)^power. */
  readonly background?: { readonly power: number; readonly origin: number; readonly span: number };
}

/** A sum of components: linear in their amplitudes, not in the parameters of their lines. */
export interface PeakModel {
  readonly parameters: readonly PeakParameter[];
  readonly components: readonly ModelComponent[];
}

/** A parameter that hangs on nothing. */
export const constant = (value: number): Affine => ({ constant: value, terms: [] });

/** A fitted parameter itself, times a factor, plus a constant. */
export const parameter = (index: number, factor = 1, plus = 0): Affine => ({
  constant: plus,
  terms: [{ parameter: index, factor }],
});

/** The value of an affine expression. */
export function affineValue({ constant: value, terms }: Affine, parameters: Float64Array): number {
  let sum = value;
  for (const term of terms) sum += term.factor * parameters[term.parameter]!;
  return sum;
}

/**
 * Checks a model once, before it is fitted to many spectra.
 * @throws RangeError naming the parameter or component at fault: got and expected.
 */
export function checkPeakModel({ parameters, components }: PeakModel): void {
  for (const { name, start, low, high } of parameters)
    if (!(low <= start && start <= high))
      throw refusal('OutOfRange', `${name} starts at ${start}, expected within its bounds ${low} to ${high}`);
  if (components.length === 0) throw refusal('EmptyInput', 'the model has no component');
  for (const { name, low, high, lines, background } of components) {
    if (!(low < high)) throw refusal('OutOfRange', `the bounds of ${name} are ${low} and ${high}, expected low < high`);
    if (lines.length === 0 && background === undefined)
      throw refusal('EmptyInput', `${name} has no line and is no background`);
    for (const line of lines) {
      const expected = PEAK_SHAPES[line.shape].parameters.length;
      if (line.parameters.length !== expected)
        throw refusal(
          'LengthMismatch',
          `a ${line.shape} of ${name} has ${line.parameters.length} parameters, expected ${expected}`,
        );
    }
  }
}
