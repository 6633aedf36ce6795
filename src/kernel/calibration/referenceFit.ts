import { fitPeaks } from '../peaks/fitPeaks.ts';
import { createPeakFit, type PeakFit } from '../peaks/peakFit.ts';
import { parameter } from '../peaks/peakModel.ts';
import { fittedAmplitude, fittedPosition } from '../peaks/peakReport.ts';

export interface ReferenceWindow {
  /** Where the line is expected to be found, axis units. */
  readonly expected: number;
  /** Half width of the part of the axis that is fitted. */
  readonly window: number;
  /** Full width at half maximum expected. */
  readonly width: number;
  readonly feature: 'peak' | 'edge';
}

/** Standard deviations that a line must rise above its background to be taken for found. */
const LEAST_SIGNIFICANCE = 4;

/**
 * Makes the fit of one reference line: a pseudo-Voigt on a straight line, or an arctan step on a constant.
 *
 * @param x - [n] centres of the channels of its window.
 */
export function createReferenceFit(x: Float64Array, { expected, window, width, feature }: ReferenceWindow): PeakFit {
  const isPeak = feature === 'peak';
  const bounds = { low: Math.max(expected - window, x[0]!), high: Math.min(expected + window, x[x.length - 1]!) };
  const parameters = [
    { name: 'centre', start: Math.min(Math.max(expected, bounds.low), bounds.high), ...bounds },
    { name: 'width', start: width, low: width / 8, high: 8 * width },
    ...(isPeak ? [{ name: 'mixing', start: 0.3, low: 0, high: 1 }] : []),
  ];
  const lines = [
    { shape: isPeak ? 'pseudoVoigt' : 'step', weight: 1, parameters: parameters.map((_, j) => parameter(j)) },
  ] as const;
  const powers = isPeak ? [0, 1] : [0];
  const background = powers.map((power) => ({
    name: `background ${power}`,
    low: -Infinity,
    high: Infinity,
    lines: [],
    background: { power, origin: expected, span: window },
  }));
  return createPeakFit(
    { parameters, components: [{ name: 'line', low: isPeak ? 0 : -Infinity, high: Infinity, lines }, ...background] },
    x,
  );
}

/** A reference line as it was found. */
export interface FoundLine {
  /** Axis units. */
  readonly position: number;
  readonly standardError: number;
}

/**
 * Finds a reference line in its window. The fit begins at the highest channel (of an edge, at the expected place).
 *
 * @param fit - from `createReferenceFit`.
 * @param values - [n] of the window.
 * @param variances - [n] > 0 where not masked; null for counts.
 * @param mask - [n], 1 = do not use.
 * @returns null when there is no line to be seen, or it leads out of the window.
 * @throws RangeError of `fitPeaks`.
 */
export function findReferenceLine(
  fit: PeakFit,
  values: Float64Array,
  variances: Float64Array | null,
  mask: Uint8Array,
): FoundLine | null {
  const { columns, parameters } = fit;
  const { x, model } = columns;
  const isPeak = model.components[0]!.lines[0]!.shape === 'pseudoVoigt';
  const [centre] = model.parameters;
  for (const [j, { start }] of model.parameters.entries()) parameters[j] = start;
  let top = -1;
  for (let i = 0; i < x.length; i++) {
    const isInside = mask[i] === 0 && x[i]! >= centre!.low && x[i]! <= centre!.high;
    if (isInside && (top < 0 || values[i]! > values[top]!)) top = i;
  }
  if (isPeak && top >= 0) parameters[0] = x[top]!;
  fit.amplitudes.fill(0);
  fitPeaks(fit, values, { variances, mask, warm: true });
  const position = fittedPosition(fit, 0);
  const amplitude = fittedAmplitude(fit, 0);
  const isThere = Math.abs(amplitude.value) > LEAST_SIGNIFICANCE * amplitude.standardError;
  if (!fit.converged || !position.isFree || !isThere) return null;
  return { position: position.value, standardError: position.standardError };
}
