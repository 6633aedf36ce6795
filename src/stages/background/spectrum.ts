import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { noiseEstimate } from '../../kernel/change/noiseEstimate.ts';
import type { Frame } from '../../model/frame.ts';
import { ownVariances } from '../../model/scaleError.ts';
import type { BackgroundWork } from './work.ts';

/** The frame's mask and the channels the method leaves out. */
export function maskOf(frame: Frame, { method, mask }: BackgroundWork): Uint8Array | undefined {
  const { undefinedAt } = method;
  if (undefinedAt === undefined) return frame.mask;
  mask.set(undefinedAt);
  if (frame.mask !== undefined) for (let i = 0; i < mask.length; i++) mask[i]! |= frame.mask[i]!;
  return mask;
}

/** Values and variances of a frame, masked channels bridged; what has no variances is as noisy as it is rough. */
export function fillSpectrum(frame: Frame, { spectrum, roughness }: BackgroundWork): void {
  const { values, variances } = spectrum;
  bridgeMasked(frame.values, frame.mask, values);
  if (frame.layout.noise === 'poisson') {
    // max(y, 1) without a branch: of a count of zero the mean is taken to be one.
    for (let i = 0; i < values.length; i++) variances[i] = 0.5 * (values[i]! + 1 + Math.abs(values[i]! - 1));
  } else if (frame.variances !== undefined) bridgeMasked(ownVariances(frame, variances)!, frame.mask, variances);
  else {
    noiseEstimate(values, roughness, variances);
    for (let i = 0; i < values.length; i++) variances[i] = variances[i]! ** 2;
  }
}
