import type { ResponseState, Spectrum } from './responseState.ts';
import type { ResponseWork } from './responseWork.ts';

/** Keeps what a frame could teach, in case it turns out to be the first of a fresh area. */
function keepLesson({ pending }: ResponseState, size: number): void {
  if (pending.lesson.length !== size) {
    pending.lesson = new Float64Array(size);
    pending.lessonVariance = new Float64Array(size);
  }
  pending.hasLesson = true;
}

/** Keeps a spectrum; one with masked channels teaches nothing. */
export function keepSpectrum(state: ResponseState, { values, variances, mask }: Spectrum): void {
  if (mask?.includes(1) === true) return;
  keepLesson(state, values.length);
  const { lesson, lessonVariance } = state.pending;
  lesson.set(values);
  for (let i = 0; i < values.length; i++) lessonVariance[i] = variances?.[i] ?? Math.max(values[i]!, 0);
}

/** Keeps the counts of window A, and of both. */
export function keepShare(state: ResponseState, a: number, total: number): void {
  keepLesson(state, 2);
  state.pending.lesson[0] = a;
  state.pending.lesson[1] = total;
}

/** Adds the kept spectrum to the intact one of the area. */
export function learnSpectrum({ reference, pending, damage }: ResponseState): void {
  if (!pending.hasLesson) return;
  const { lesson, lessonVariance } = pending;
  if (reference.sum.length !== lesson.length) {
    reference.sum = new Float64Array(lesson.length);
    reference.variance = new Float64Array(lesson.length);
    reference.frames = 0;
  }
  for (let i = 0; i < lesson.length; i++) {
    reference.sum[i]! += lesson[i]!;
    reference.variance[i]! += lessonVariance[i]!;
  }
  reference.frames++;
  reference.dose = damage.clocks[0]!;
}

/** Adds the kept counts of the windows to those of the area. */
export function learnShare({ reference, pending: { lesson, hasLesson } }: ResponseState): void {
  if (!hasLesson) return;
  reference.a += lesson[0]!;
  reference.total += lesson[1]!;
  reference.frames++;
}

/** The frame belongs to an area that begins with it: it is no measure of that one's damage, but its reference begins with it. */
export function relearn(state: ResponseState, { config }: ResponseWork): void {
  if (config.windows === undefined ? config.intact !== undefined : config.windows.intactShare !== undefined) return;
  state.pending.fraction = 0;
  state.pending.variance = Infinity;
  if (config.windows === undefined) learnSpectrum(state);
  else learnShare(state);
}
