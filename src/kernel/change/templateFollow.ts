import { driftError, followDrift } from './driftTrack.ts';
import { fitFrame, layAll } from './templateFrame.ts';
import type { TemplateState, TemplateWork } from './templateMonitor.ts';

/** Takes what the frame itself says of its axis: only its changes matter, the rest is tracked. */
export function takeSaidShift(state: TemplateState, axisShift: number): void {
  state.drift.shift += axisShift - state.saidShift;
  state.saidShift = axisShift;
}

/** Lays directions anew where the tracked drift has left the one they were laid for. */
export function refresh(state: TemplateState, work: TemplateWork): void {
  const { drift, used } = state;
  const { options, reaches } = work;
  if (!work.ready) layAll(state, work);
  const isFar = options.drifts.some((name, k) => Math.abs(drift[name] - used[name]) > reaches[k]!);
  if (!isFar) return;
  for (const name of options.drifts) used[name] = drift[name];
  layAll(state, work);
}

/**
 * Follows an axis that has jumped: where one frame is certain that it lies further off than the first order holds, the
 * directions are laid there. A change of the sample that only looks like a shift does not settle, and is not followed.
 */
export function catchUp(
  state: TemplateState,
  work: TemplateWork,
  values: Float64Array,
  mask: Uint8Array | undefined,
): void {
  const k = work.options.drifts.indexOf('shift') + 1;
  if (k === 0) return;
  const before = state.used.shift;
  let step = jumpOf(work, k);
  for (let round = 0; step !== 0 && round < 4; round++) {
    state.used.shift += step;
    layAll(state, work);
    fitFrame(work, values, mask);
    const next = jumpOf(work, k);
    if (Math.abs(next) > 0.5 * Math.abs(step)) {
      state.used.shift = before;
      layAll(state, work);
      fitFrame(work, values, mask);
      return;
    }
    step = next;
  }
  if (state.used.shift !== before) state.drift.shift = state.used.shift;
}

/** Shift the fitted frame still lacks, when it is far and certain; else 0. At most two channels. */
function jumpOf({ directions, fit, reference: { pitch } }: TemplateWork, k: number): number {
  const gain = fit.coefficients[0]!;
  if (!(gain > 0)) return 0;
  const step = fit.coefficients[k]! / gain;
  if (Math.abs(step) < 0.3 * pitch || Math.abs(step) < 6 * driftError(directions, k, gain)) return 0;
  return Math.max(-2 * pitch, Math.min(2 * pitch, step));
}

/** Moves the tracked drift on. */
export function followFrame(state: TemplateState, work: TemplateWork): void {
  followDrift(state.drift, state.used, work.fit, work.options.drifts, work.gains);
}

/**
 * Masks the channels that have drifted beyond the ends of the reference: nothing is known of them.
 *
 * @param mask - [n] of the frame, or none; may be `out`.
 * @param out - [n] receives the mask when one is needed.
 * @returns a mask; undefined when all channels are known.
 */
export function hideEnds(
  state: TemplateState,
  { options: { x }, reference: { pitch } }: TemplateWork,
  mask: Uint8Array | undefined,
  out: Uint8Array,
): Uint8Array | undefined {
  const { shift } = state.used;
  const n = x.length;
  if (Math.abs(shift) < 0.05 * pitch) return mask;
  if (mask === undefined) out.fill(0);
  else if (mask !== out) out.set(mask);
  for (let i = 0; i < n && x[i]! + shift < x[0]!; i++) out[i] = 1;
  for (let i = n - 1; i >= 0 && x[i]! + shift > x[n - 1]!; i--) out[i] = 1;
  return out;
}
