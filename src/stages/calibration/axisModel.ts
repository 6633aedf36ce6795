import { fitAxisPolynomial, polynomial } from '../../kernel/calibration/axisPolynomial.ts';
import { correctTwoTheta, fitPowderAxis } from '../../kernel/calibration/powderAxis.ts';
import { checkAxis, type Axis, type Layout } from '../../model/layout.ts';
import type { FoundLines } from './axisLines.ts';
import type { AxisSettings } from './axisSettings.ts';

/** A number of a calibration, as a reading will say it. */
export interface AxisNumber {
  readonly name: string;
  readonly value: number;
  readonly standardError: number;
  readonly unit: string;
}

/** A calibration: the coefficients that make the axis, and what is said of it. */
export interface FittedAxis {
  /** Of rising powers; of a diffractometer zero and displacement. */
  readonly coefficients: readonly number[];
  readonly numbers: readonly AxisNumber[];
}

const POLYNOMIAL = { offset: 0, linear: 1, quadratic: 2, cubic: 3 } as const;
const NAMES = ['offset', 'gain', 'c2', 'c3'];
const POWDER = { zero: 'zero', displacement: 'displacement', zeroAndDisplacement: 'both' } as const;

/** Fits the model of the settings to what was found. @throws RangeError of the fit. */
export function fitAxis(config: AxisSettings, found: FoundLines, unit: string): FittedAxis {
  const { model, radiusMm = 1 } = config;
  if (model in POWDER) {
    const fits = POWDER[model as keyof typeof POWDER];
    const fit = fitPowderAxis(found, { radius: radiusMm, fits });
    const error = (k: number): number => Math.sqrt(fit.covariance[k]!);
    const zero = { name: 'zero', value: fit.zero, standardError: error(0), unit };
    const displacement = { name: 'displacement', value: fit.displacement, standardError: error(3), unit: 'mm' };
    const numbers = [...(fits === 'displacement' ? [] : [zero]), ...(fits === 'zero' ? [] : [displacement])];
    return { coefficients: [fit.zero, fit.displacement], numbers: [...numbers, ...quality(found, fit, unit)] };
  }
  const fit = fitAxisPolynomial(found, POLYNOMIAL[model as keyof typeof POLYNOMIAL]);
  const size = fit.coefficients.length;
  const fitted = model === 'offset' ? 1 : size;
  const numbers = Array.from({ length: fitted }, (_, k) => ({
    name: NAMES[k]!,
    value: fit.coefficients[k]!,
    standardError: Math.sqrt(fit.covariance[k * size + k]!),
    unit: k === 0 ? unit : k === 1 ? '1' : `${unit}-${k - 1}`,
  }));
  return { coefficients: [...fit.coefficients], numbers: [...numbers, ...quality(found, fit, unit)] };
}

function quality(
  { positions }: FoundLines,
  fit: { readonly residuals: Float64Array; readonly chiSquare: number; readonly degreesOfFreedom: number },
  unit: string,
): AxisNumber[] {
  const residual = Math.sqrt(fit.residuals.reduce((sum, each) => sum + each * each, 0) / positions.length);
  const isTested = fit.degreesOfFreedom > 0;
  return [
    { name: 'lines', value: positions.length, standardError: NaN, unit: '1' },
    { name: 'residual', value: residual, standardError: NaN, unit },
    ...(isTested
      ? [{ name: 'misfit', value: fit.chiSquare / fit.degreesOfFreedom, standardError: NaN, unit: '1' }]
      : []),
  ];
}

/** Where a coordinate belongs. */
export function calibrated(config: AxisSettings, coefficients: ArrayLike<number>, x: number): number {
  const { model, radiusMm = 1, coefficients: given } = config;
  if (given === undefined && model in POWDER)
    return correctTwoTheta(x, { zero: coefficients[0]!, displacement: coefficients[1]! }, radiusMm);
  return polynomial(coefficients, x);
}

/** The same layout on the calibrated axis; nothing is resampled. @throws RangeError when the axis would not increase. */
export function calibratedLayout(config: AxisSettings, coefficients: ArrayLike<number>, layout: Layout): Layout {
  const [axis] = layout.axes as readonly [Axis];
  const moved = { ...axis, coordinates: axis.coordinates.map((each) => calibrated(config, coefficients, each)) };
  checkAxis(moved);
  return { ...layout, axes: [moved] };
}
