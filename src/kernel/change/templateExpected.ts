import type { TemplateState, TemplateWork } from './templateMonitor.ts';

/**
 * What was expected of the frame just judged: the reference with its gain and drift.
 *
 * @param values - [n] receives the expectation.
 * @param variances - [n] receives the variance of frame minus expectation, that of the reference included.
 */
export function expectedFrame(
  { frames }: TemplateState,
  { fit, reference, variances: known, scan, options }: TemplateWork,
  values: Float64Array,
  variances: Float64Array,
): void {
  const { coefficients } = fit;
  const { directions } = reference;
  const isCounts = options.noise === 'counts';
  const gain = Math.max(coefficients[0]!, 0);
  const both = scan.dispersion * (1 + 1 / Math.max(frames, 1));
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let k = 0; k < coefficients.length; k++) sum += coefficients[k]! * directions[k]![i]!;
    values[i] = sum;
    variances[i] = both * (isCounts ? gain * known[i]! : known[i]!);
  }
}
