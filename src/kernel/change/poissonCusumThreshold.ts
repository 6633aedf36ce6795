import { refusal } from '../refusal.ts';
import { poissonCusumArl } from './poissonCusumArl.ts';

/**
 * Average run length of a CUSUM on one or both sides of a rate; a fall is watched with 1 / ratio.
 *
 * Two sides together: 1 / L = 1 / L(rise) + 1 / L(fall), as one side is at zero when the other is high.
 *
 * @param sides - which sides are watched.
 * @returns frames; see {@link poissonCusumArl} for the other arguments.
 * @see Van Dobben de Bruyn, Cumulative Sum Tests, Griffin, London (1968).
 */
export function poissonCusumSidesArl(
  rate: number,
  ratio: number,
  threshold: number,
  sides: 'up' | 'down' | 'both',
): number {
  const rise = sides === 'down' ? Infinity : poissonCusumArl(rate, ratio, threshold);
  const fall = sides === 'up' ? Infinity : poissonCusumArl(rate, 1 / ratio, threshold);
  return 1 / (1 / rise + 1 / fall);
}

/**
 * The threshold at which quiet data raise one false alarm in `runLength` frames: ln L grows by about one per unit of threshold.
 *
 * @param runLength - frames, > 1.
 * @returns threshold in units of the log-likelihood ratio; the run length is met within 0.5 %, or exceeded where the counts are so few
 * that it moves in steps.
 * @throws RangeError when the run length is not above 1, or beyond 1e12.
 */
export function poissonCusumThreshold(
  rate: number,
  ratio: number,
  runLength: number,
  sides: 'up' | 'down' | 'both',
): number {
  if (!(runLength > 1 && runLength <= 1e12))
    throw refusal('OutOfRange', `runLength is ${runLength}, expected 1 to 1e12 frames`);
  let low = 0;
  let high = Math.log(runLength) + 1;
  for (let k = 0; poissonCusumSidesArl(rate, ratio, high, sides) < runLength; k++) {
    if (k === 40) throw refusal('OutOfRange', `no threshold below ${high} gives ${runLength} frames`);
    low = high;
    high += 2;
  }
  while (high - low > 1e-3) {
    const middle = 0.5 * (low + high);
    const length = poissonCusumSidesArl(rate, ratio, middle, sides);
    if (length < runLength) low = middle;
    else high = middle;
    if (length >= runLength && length < 1.005 * runLength) break;
  }
  return high;
}
