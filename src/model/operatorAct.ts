import type { Frame } from './frame.ts';
import { makeReading, type FrameHeader } from './makeReading.ts';
import type { Reading } from './signal.ts';

/**
 * The slow signal an operator's acceptance of the present state as the new reference rides on; it counts the acts. So
 * it comes with the frames, is recorded with them, and a replay learns anew at the same frame.
 */
export const OPERATOR_ACCEPT = 'operator.accept';

/** Name of the reading by which a detector says that it obeyed: its value is that of the signal. */
export const ACCEPTED = 'accepted';

/** Whether a slow signal is an act of an operator, and no measurement. */
export const isOperatorAct = (name: string): boolean => name.startsWith('operator.');

/**
 * Whether the operator has accepted a new state since the frame before. Who gets true forgets baseline and evidence, learns
 * anew from this frame on, and emits {@link acceptedReading}, by which open alerts are cleared.
 *
 * A value that is absent or lower than before (a clock that ran backwards) is no act.
 *
 * @param state - of the stage; `accepted` is -1 before any act, and changed in place.
 */
export function acceptedAnew(state: { accepted: number }, { context }: Pick<Frame, 'context'>): boolean {
  const value = context[OPERATOR_ACCEPT];
  if (value === undefined || !(value > state.accepted)) return false;
  state.accepted = value;
  return true;
}

/** That the detector `stage` has forgotten its baseline, because the operator accepted the state of this frame. */
export function acceptedReading(frame: Frame, stage: string, { accepted }: { accepted: number }): Reading {
  return makeReading(frame, stage, { name: ACCEPTED, value: accepted, unit: '1', quality: 'valid' });
}

/** How much of its baseline a detector has learned, 0..1; emitted with every frame while it learns. */
export function learningReading(frame: FrameHeader, stage: string, fraction: number): Reading {
  return makeReading(frame, stage, { name: 'learning', value: fraction, unit: '1', quality: 'valid' });
}
