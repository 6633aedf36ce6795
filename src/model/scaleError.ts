import type { Frame, MutableFrame } from './frame.ts';
import { frameVariances } from './frameVariances.ts';

/**
 * Variances of the channels each for itself: those of the frame without what the channels share by `Frame.scaleError`.
 *
 * @param scratch - [layout.size] overwritten.
 * @returns [layout.size], in the unit of the values squared; undefined when nothing is known.
 */
export function ownVariances(
  frame: Pick<Frame, 'variances' | 'values' | 'layout' | 'scaleError'>,
  scratch: Float64Array,
): Float64Array | undefined {
  const { values, scaleError } = frame;
  const variances = frameVariances(frame, scratch);
  if (variances === undefined || scaleError === 0) return variances;
  const common = scaleError * scaleError;
  for (let i = 0; i < scratch.length; i++) scratch[i] = Math.max(0, variances[i] - common * values[i] * values[i]);
  return scratch;
}

/** Adds what its channels share by `scaleError` to the variances of a frame that hold those of each for itself. */
export function addScaleError({ values, variances, scaleError }: MutableFrame): void {
  if (variances === undefined || scaleError === 0) return;
  const common = scaleError * scaleError;
  for (let i = 0; i < variances.length; i++) variances[i] += common * values[i] * values[i];
}
