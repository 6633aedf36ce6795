import type { TemplateState, TemplateWork } from './templateMonitor.ts';

/**
 * Adds what the frame just fitted says of the dispersion: squared residuals against what the model expects of them.
 *
 * @param frames - frames summed in it; matters when the values are not counts.
 * @param share - of the reference's own noise in the residual, against that of the frame: negative when the frame is
 *   part of the reference.
 * @param mask - [n] channels that say nothing.
 */
export function addDispersion(
  dispersion: TemplateState['dispersion'],
  work: TemplateWork,
  frames: number,
  share: number,
  mask: Uint8Array | undefined,
): void {
  const { clean, fit, reference, variances } = work;
  const { inverse, nuisances: K } = work.directions;
  const { coefficients } = fit;
  const isCounts = work.options.noise === 'counts';
  const n = clean.length;
  const gain = Math.max(coefficients[0]!, 0);
  let squares = 0;
  let expected = 0;
  let scatter = 0;
  let own = 0;
  let own2 = 0;
  let fitted = 0;
  for (let i = 0; i < n; i++) {
    if (mask !== undefined && mask[i] !== 0) continue;
    let model = 0;
    for (let k = 0; k < K; k++) model += coefficients[k]! * reference.directions[k]![i]!;
    // The fit takes most where lines are: its share is counted channel by channel.
    for (let k = 0; k < K; k++)
      for (let l = 0; l < K; l++)
        fitted += inverse[k * K + l]! * reference.directions[k]![i]! * reference.directions[l]![i]!;
    const off = clean[i]! - model;
    const variance = isCounts ? gain * variances[i]! : frames * variances[i]!;
    squares += off * off;
    expected += variance;
    // Squares of few counts scatter more than those of normal numbers.
    scatter += variance * variance + (isCounts ? 0.5 * variance : 0);
    own += variances[i]!;
    own2 += variances[i]! * variances[i]!;
  }
  if (!(expected > 0) || own * own <= 2 * K * own2) return;
  dispersion.squares += squares;
  dispersion.expected += expected * (1 + share) * Math.max(1 - fitted / own, 0);
  dispersion.free += (expected * expected) / scatter;
}

/** Variance over that of the model, with its standard error; 1 +- Infinity before anything is known. */
export function dispersionOf({ squares, expected, free }: TemplateState['dispersion']): {
  value: number;
  error: number;
} {
  if (!(expected > 0)) return { value: 1, error: Infinity };
  const value = squares / expected;
  return { value, error: value * Math.sqrt(2 / free) };
}

/** What the likelihood is divided by: the dispersion where it is certainly more than 1. */
export function appliedDispersion(dispersion: TemplateState['dispersion']): number {
  const { value, error } = dispersionOf(dispersion);
  return value > 1 + 4 * error ? value : 1;
}
