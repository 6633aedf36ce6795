import { fitted, layDirections, type AxisTrack, type ExpectedSpectrum, type Nuisance } from './expectedSpectrum.ts';
import { fitNuisance } from './nuisanceFit.ts';
import { prepareNuisanceFit } from './nuisanceGram.ts';

/**
 * Fits a spectrum; where the axis has jumped further than the first order holds, follows it and fits again.
 *
 * @param weigh - fills the weights for the directions as they are, and returns them.
 * @param ready - whether directions and weights are still those of the last call.
 */
export function fitExpected(
  expected: ExpectedSpectrum,
  values: Float64Array,
  frames: number,
  track: AxisTrack,
  weigh: () => Float64Array,
  ready: boolean,
): void {
  const { fit, pitch, x } = expected;
  const arm = 0.5 * pitch * Math.max(x.length - 1, 1);
  for (let round = 0; ; round++) {
    if (!ready || round > 0) {
      layDirections(expected, frames, track);
      const weights = weigh();
      prepareNuisanceFit(fit, weights);
      track.reach = reachOf(expected, weights);
    }
    fitNuisance(fit, values);
    if (round === 4) return;
    const shift = jump('shift', 1);
    const stretch = jump('stretch', arm);
    if (shift === 0 && stretch === 0) return;
    track.usedShift += shift;
    track.usedStretch += stretch;
    track.shift += shift;
    track.stretch += stretch;
  }

  /**
   * A step that is both beyond the first order and certain: 4 standard errors, more where a single count weighs so
   * much that chance is far from normal. At most 2 channels at once.
   */
  function jump(name: Nuisance, lever: number): number {
    const step = fitted(expected, name);
    if (Math.abs(step) * lever <= Math.max(track.reach, 0.05 * pitch)) return 0;
    const k = expected.ignore.indexOf(name) + 1;
    const gain = Math.abs(fit.coefficients[0]!);
    if (Math.abs(step) * gain <= 4 * (1 + fit.kicks[k]!) * fit.errors[k]!) return 0;
    return Math.min(Math.max(step, (-2 * pitch) / lever), (2 * pitch) / lever);
  }
}

/**
 * How far the axis may move for the first order to hold: where the second, d^2/2 times the second derivative, is
 * SECOND_ORDER standard deviations of the whole spectrum, but between 1/30 and 1/4 channel. What is not fitted may
 * only be off by 1/200.
 */
function reachOf({ ignore, fit, x, pitch }: ExpectedSpectrum, weights: Float64Array): number {
  if (ignore[0] !== 'shift') return 0.005 * pitch;
  const slope = fit.directions[1]!;
  let sum = 0;
  for (let i = 1; i < x.length - 1; i++) {
    const bend = (slope[i + 1]! - slope[i - 1]!) / (x[i + 1]! - x[i - 1]!);
    sum += bend * bend * weights[i]!;
  }
  return Math.min(Math.max(Math.sqrt((2 * SECOND_ORDER) / Math.sqrt(sum)), 0.03 * pitch), 0.25 * pitch);
}

const SECOND_ORDER = 0.15;
