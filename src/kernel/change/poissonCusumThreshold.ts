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

/** Longest run length a threshold can be found for, frames: longer than any experiment. */
export const LONGEST_RUN = 1e12;
/** Above the logarithm of any run length that can be asked for, and then some. */
const HIGHEST = 80;

/**
 * The threshold at which quiet data raise one false alarm in `runLength` frames: ln L grows by about one per unit of threshold.
 *
 * @param runLength - frames, > 1.
 * @returns threshold in units of the log-likelihood ratio; the run length is met within 0.5 %, or exceeded where the counts are so few
 * that it moves in steps.
 * @throws RangeError when the run length is not above 1, or beyond {@link LONGEST_RUN}.
 */
export function poissonCusumThreshold(
  rate: number,
  ratio: number,
  runLength: number,
  sides: 'up' | 'down' | 'both',
): number {
  if (!(runLength > 1 && runLength <= LONGEST_RUN))
    throw refusal('OutOfRange', `runLength is ${runLength}, expected 1 to 1e12 frames`);
  let low = 0;
  let high = Infinity;
  let tried = Math.log(runLength);
  for (let k = 1; high - low > 1e-3; k++) {
    if (tried > HIGHEST) throw refusal('OutOfRange', `no threshold below ${HIGHEST} gives ${runLength} frames`);
    const length = poissonCusumSidesArl(rate, ratio, tried, sides);
    if (length < runLength) low = tried;
    else high = tried;
    if (length >= runLength && length < 1.005 * runLength) break;
    const better = tried + Math.log((1.0025 * runLength) / length);
    const isInside = better > low && better < high;
    // Where the length moves in steps the slope says nothing: every third time the interval is halved.
    tried = (isInside && k % 3 !== 0) || high === Infinity ? Math.max(better, low + 1e-2) : 0.5 * (low + high);
  }
  return high;
}
