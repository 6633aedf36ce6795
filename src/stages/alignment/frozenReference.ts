import { z } from 'zod';
import { createLearnedSpectrum, learnSpectrum } from '../../kernel/calibration/learnSpectrum.ts';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { MonitorError } from '../../model/error.ts';
import { hasSignal, type Frame } from '../../model/frame.ts';
import type { Layout } from '../../model/layout.ts';
import { parseReferenceSpectrum } from '../../model/referenceSpectrum.ts';

/** Settings of every stage that compares with one spectrum that never changes: a running mean would follow what is looked for. */
export const referenceSettings = {
  reference: z
    .string()
    .optional()
    .describe(
      'File of the reference: text, `position value` per line, or a baseline (operando calibrate --out); left out, it is learned.',
    ),
  learn: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Frames the reference is learned from, then it is frozen; more make it less noisy, drift blurs it.'),
};

/** What is known of the reference: plain data. */
export type ReferenceState = ReturnType<typeof createReferenceState>;

/** @param n - channels. */
export const createReferenceState = (n: number) => ({ ...createLearnedSpectrum(n), axisShift: 0 });

/**
 * The reference of the file; null when it is to be learned.
 *
 * @throws MonitorError naming the stage, when a frame is more than one spectrum, or nothing stands out of the reference; RangeError when the file does not cover the axis.
 */
export function givenReference(
  { id, layout }: { readonly id: string; readonly layout: Layout },
  bytes: Uint8Array | undefined,
): Float64Array | null {
  if (layout.axes.length !== 1)
    throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
  if (bytes === undefined) return null;
  const { values } = parseReferenceSpectrum(bytes, layout, 'reference');
  if (values.every((value) => value === values[0]))
    throw new MonitorError('STAGE', `the reference is ${values[0]} in every channel, expected a spectrum`, { id });
  return values;
}

/** Adds a frame to the reference that is being learned, unless there is nothing in it. @returns the fraction that is learned. */
export function addToReference(state: ReferenceState, frame: Frame, learn: number): number {
  if (hasSignal(frame)) {
    learnSpectrum(state, frame.values, { learn, exposureUs: frame.exposureUs, mask: frame.mask });
    state.axisShift += frame.axisShift / learn;
  }
  return state.learnedCount / learn;
}

/** The reference, with a line over channels that were masked while it was learned. */
export function frozenReference(given: Float64Array | null, { values, mask }: ReferenceState): Float64Array {
  return given ?? bridgeMasked(values, mask, new Float64Array(values.length));
}
