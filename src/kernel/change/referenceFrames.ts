import { readWarped, slopeAlong } from './axisShift.ts';

/** Which frames make the reference and which are judged. */
export interface ReferenceOptions {
  /** 'learned': the first `frames` that do not look changed, then fixed; 'previous': the `frames` before the window. */
  readonly kind: 'learned' | 'previous';
  readonly frames: number;
  /** Frames left out between reference and window ('previous' only). */
  readonly gap: number;
  /** Frames on the "now" side. */
  readonly window: number;
  /** [n] coordinates of the channels. */
  readonly x: Float64Array;
  /** Coordinate about which a stretch turns. */
  readonly centre: number;
}

/** The frames remembered and their sums. Plain data; bounded. */
export type ReferenceFrames = {
  /** [capacity * n] the last frames as they came; empty when none need remembering. */
  history: Float64Array;
  /** [capacity * 4] of each: shift, stretch, exposure in us, time in us. */
  headers: Float64Array;
  /** Frames taken so far. */
  taken: number;
  /** [n] sum of the last `window` frames. */
  now: Float64Array;
  nowExposureUs: number;
  /** Start of the first of them. */
  nowFromUs: number;
  /** [n] sum of the reference frames, on the true axis. */
  reference: Float64Array;
  referenceCount: number;
  referenceExposureUs: number;
};

/** Room to bring a frame onto the true axis. */
export interface AlignWorkspace {
  readonly frame: Float64Array;
  readonly slopes: Float64Array;
  readonly aligned: Float64Array;
}

export function createAlignWorkspace(n: number): AlignWorkspace {
  return { frame: new Float64Array(n), slopes: new Float64Array(n), aligned: new Float64Array(n) };
}

export function createReferenceFrames({ kind, frames, gap, window, x }: ReferenceOptions): ReferenceFrames {
  const n = x.length;
  const capacity = kind === 'previous' ? window + gap + frames : window > 1 ? window : 0;
  return {
    history: new Float64Array(capacity * n),
    headers: new Float64Array(capacity * 4),
    taken: 0,
    now: new Float64Array(n),
    nowExposureUs: 0,
    nowFromUs: 0,
    reference: new Float64Array(n),
    referenceCount: 0,
    referenceExposureUs: 0,
  };
}

/** What is known of a frame beside its values. */
export interface FrameHeader {
  shift: number;
  stretch: number;
  exposureUs: number;
  timeUs: number;
}

/**
 * Takes a frame in: the window moves on, and of a sliding reference the frames behind it too. The sums are formed
 * anew from the remembered frames, so that no rounding gathers.
 *
 * @returns whether the window is full, and of a sliding reference the reference too.
 */
export function takeFrame(
  state: ReferenceFrames,
  values: Float64Array,
  header: FrameHeader,
  options: ReferenceOptions,
  work: AlignWorkspace,
): boolean {
  const { kind, frames, gap, window } = options;
  const n = values.length;
  state.taken++;
  const capacity = state.headers.length / 4;
  if (capacity === 0) {
    state.now.set(values);
    state.nowExposureUs = header.exposureUs;
    state.nowFromUs = header.timeUs;
    return true;
  }
  const slot = (state.taken - 1) % capacity;
  state.history.set(values, slot * n);
  state.headers[slot * 4] = header.shift;
  state.headers[slot * 4 + 1] = header.stretch;
  state.headers[slot * 4 + 2] = header.exposureUs;
  state.headers[slot * 4 + 3] = header.timeUs;
  if (state.taken < (kind === 'previous' ? capacity : window)) return false;
  state.now.fill(0);
  state.nowExposureUs = 0;
  for (let k = window - 1; k >= 0; k--) addTo(state.now, state.history, slotOf(k) * n);
  for (let k = 0; k < window; k++) state.nowExposureUs += state.headers[slotOf(k) * 4 + 2]!;
  state.nowFromUs = state.headers[slotOf(window - 1) * 4 + 3]!;
  if (kind === 'learned') return true;
  state.reference.fill(0);
  state.referenceCount = 0;
  state.referenceExposureUs = 0;
  for (let k = window + gap + frames - 1; k >= window + gap; k--) {
    const at = slotOf(k);
    for (let i = 0; i < n; i++) work.frame[i] = state.history[at * n + i]!;
    const { headers } = state;
    addReference(
      state,
      work.frame,
      { shift: headers[at * 4]!, stretch: headers[at * 4 + 1]!, exposureUs: headers[at * 4 + 2]! },
      options,
      work,
    );
  }
  return true;

  function slotOf(age: number): number {
    return (state.taken - 1 - age) % capacity;
  }
}

/** Adds a frame to the reference, on the true axis. */
export function addReference(
  state: ReferenceFrames,
  values: Float64Array,
  header: Omit<FrameHeader, 'timeUs'>,
  { x, centre }: ReferenceOptions,
  work: AlignWorkspace,
): void {
  if (header.shift === 0 && header.stretch === 0) addTo(state.reference, values, 0);
  else {
    slopeAlong(values, x, work.slopes);
    const back = { shift: -header.shift, stretch: -header.stretch, centre };
    addTo(state.reference, readWarped(values, work.slopes, x, back, work.aligned), 0);
  }
  state.referenceCount++;
  state.referenceExposureUs += header.exposureUs;
}

function addTo(sum: Float64Array, values: Float64Array, from: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[from + i]!;
}
