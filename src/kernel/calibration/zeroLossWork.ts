import { createPeakFit, type PeakFit } from '../peaks/peakFit.ts';
import { parameter } from '../peaks/peakModel.ts';

/** Room for the fit of the channels around the maximum. */
export interface ZeroLossWork {
  readonly halfWindow: number;
  readonly fit: PeakFit;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly variances: Float64Array;
  readonly mask: Uint8Array;
}

/** @param halfWindow - channels to each side of the maximum, >= 2. */
export function createZeroLossWork(halfWindow: number): ZeroLossWork {
  const size = 2 * halfWindow + 1;
  const x = new Float64Array(size);
  const free = { start: 0, low: -Infinity, high: Infinity };
  const parameters = [
    { name: 'centre', ...free },
    { name: 'width', ...free, start: 1, low: Number.MIN_VALUE },
  ];
  const lines = [{ shape: 'gaussian', weight: 1, parameters: [parameter(0), parameter(1)] }] as const;
  const fit = createPeakFit({ parameters, components: [{ name: 'zero loss', low: 0, high: Infinity, lines }] }, x);
  return {
    halfWindow,
    fit,
    x,
    y: new Float64Array(size),
    variances: new Float64Array(size),
    mask: new Uint8Array(size),
  };
}
