import type { TemplateState, TemplateWork } from './templateMonitor.ts';

/**
 * Adds what the frame just fitted says of the dispersion: squared residuals against what the model expects of them.
 *
 * @param frames - frames summed in it; matters when the values are not counts.
 * @param share - of the reference's own noise in the residual, against that of the frame: negative when the frame is
 *   part of the reference.
 */
export function addDispersion(
  dispersion: TemplateState['dispersion'],
  work: TemplateWork,
  frames: number,
  share: number,
): void {
  const { clean, fit, reference, variances, directions } = work;
  const { coefficients } = fit;
  const isCounts = work.options.noise === 'counts';
  const n = clean.length;
  const gain = Math.max(coefficients[0]!, 0);
  let squares = 0;
  let expected = 0;
  let expected2 = 0;
  for (let i = 0; i < n; i++) {
    let model = 0;
    for (let k = 0; k < coefficients.length; k++) model += coefficients[k]! * reference.directions[k]![i]!;
    const off = clean[i]! - model;
    const variance = isCounts ? gain * variances[i]! : frames * variances[i]!;
    squares += off * off;
    expected += variance;
    expected2 += variance * variance;
  }
  if (!(expected > 0)) return;
  const free = (expected * expected) / expected2;
  if (free <= 2 * directions.nuisances) return;
  dispersion.squares += squares;
  dispersion.expected += expected * (1 + share) * (1 - directions.nuisances / n);
  dispersion.free += free;
}

/** Variance over that of the model, with its standard error; 1 +- Infinity before anything is known. */
export function dispersionOf({ squares, expected, free }: TemplateState['dispersion']): {
  value: number;
  error: number;
} {
  if (!(expected > 0)) return { value: 1, error: Infinity };
  return { value: squares / expected, error: Math.sqrt(2 / free) };
}

/** What the likelihood is divided by: the dispersion where it is certainly more than 1. */
export function appliedDispersion(dispersion: TemplateState['dispersion']): number {
  const { value, error } = dispersionOf(dispersion);
  return value > 1 + 4 * error ? value : 1;
}
