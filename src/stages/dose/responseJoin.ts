import { advanceDamage, observeDamage, resetDamage } from '../../kernel/dose/damage/damageAccount.ts';
import { holdDamage } from '../../kernel/dose/damage/holdDamage.ts';
import type { ResponseState } from './responseState.ts';
import type { ResponseWork } from './responseWork.ts';

/** Shorter frames are taken several at a time. */
const SHORT_US = 1000;
/** A dose that falls by less is rounding. */
const ROUNDING = 1e-9;

/** Opens the account of another frame; what is known of it so far is nothing. */
export function openPending({ pending }: ResponseState, stream: string, seq: number, timeUs: number): void {
  pending.stream = stream;
  pending.seq = seq;
  pending.timeUs = timeUs;
  pending.isDone = pending.hasFrame = pending.hasLesson = false;
  pending.dose = pending.ofFrame = pending.next = pending.generation = -1;
}

/**
 * Whether all has come that will: the dose of the next frame, which is said last, and the frame, if any of the dose was
 * its own.
 */
export function isComplete({ pending, dose }: ResponseState): boolean {
  if (pending.next < 0) return false;
  return pending.hasFrame || (pending.ofFrame >= 0 ? pending.ofFrame === 0 : pending.dose <= dose);
}

/**
 * Forgets what is known of the area when the dose tells of a fresh one.
 *
 * @returns whether it did.
 */
export function freshen(state: ResponseState, work: ResponseWork): boolean {
  const { pending } = state;
  if (pending.dose < 0) return false;
  const isFresh =
    pending.dose < state.dose * (1 - ROUNDING) ||
    (pending.generation >= 0 && state.generation >= 0 && pending.generation !== state.generation);
  if (isFresh) forget(state, work);
  if (pending.generation >= 0) state.generation = pending.generation;
  return isFresh;
}

/**
 * Takes the dose of the frame, what was delivered unseen before it, and what the frame says.
 *
 * @returns whether it was taken, and not held for the next.
 */
export function takePending(state: ResponseState, work: ResponseWork): boolean {
  const { pending, damage } = state;
  const { median } = work;
  if (pending.dose < 0) return false;
  const grown = Math.max(0, pending.dose - state.dose);
  const own = Math.min(grown, pending.ofFrame >= 0 ? pending.ofFrame : grown);
  const unseen = grown - own > ROUNDING * pending.dose ? grown - own : 0;
  state.dose = Math.max(state.dose, pending.dose);
  advanceDamage(damage, work.damage, unseen / median, state.rate);
  if (!(own > 0)) return true;
  if (pending.hasFrame) state.exposureUs = pending.exposureUs;
  state.rate = own / (state.exposureUs > 0 ? state.exposureUs : 1);
  const isMeasured = pending.hasFrame && pending.variance < Infinity;
  const variance = isMeasured ? pending.variance : Infinity;
  if (isMeasured) {
    state.information += 1 / variance;
    state.measuredDose += own;
  }
  if (state.exposureUs > 0 && state.exposureUs < SHORT_US)
    return holdDamage(damage, work.damage, own / median, state.rate, pending.fraction, variance);
  observeDamage(damage, work.damage, own / median, state.rate, pending.fraction, variance);
  return true;
}

/** A fresh area: the prior again, and nothing learned. */
function forget(state: ResponseState, work: ResponseWork): void {
  const { reference, direction } = state;
  resetDamage(state.damage, work.damage);
  state.dose = 0;
  state.isStopped = state.isDamaged = false;
  state.expected = 0;
  state.information = state.measuredDose = state.referenceInformation = 0;
  reference.isKnown = false;
  reference.frames = reference.dose = reference.a = reference.total = 0;
  reference.sum.fill(0);
  reference.variance.fill(0);
  direction.frames = direction.weight = direction.dose = direction.square = direction.cosine = 0;
  direction.sum.fill(0);
  direction.cross.fill(0);
  if (work.intact === null || work.damaged === null) work.spectral = null;
}
