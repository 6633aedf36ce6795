import { createWindowAnchors, startWindow, type WindowAnchors } from './windowAnchors.ts';

/**
 * Cumulated scores and the windows over them. The clock counts reference frames: a frame of twice the counts is two.
 * Plain data, bounded.
 */
export type TemplateSums = {
  anchors: WindowAnchors;
  /** Reference frames' worth of counts so far, learning included. */
  clock: number;
  /** [T] scores summed since learning began. */
  sums: Float64Array;
  /** [capacity] clock and time in us at each window's start, by row. */
  clocks: Float64Array;
  times: Float64Array;
  /** [capacity * T] `sums` at each window's start, by row. */
  starts: Float64Array;
  /** [capacity] what each window last gave, by row: the most of any template, and of several together. */
  single: Float64Array;
  several: Float64Array;
  /** [capacity] the template that gave the most, counted from 1, with the sign of the change. */
  winners: Float64Array;
  /** The template that was furthest from what was expected in the last frame, as in `winners`; 0 when none was too far. */
  strangest: number;
};

/** The baseline before a change that persists; clock 0 when there is none. */
export type HeldBaseline = {
  clock: number;
  /** [T] */
  sums: Float64Array;
  /** The longest window that judges the change, frames, and whether it grows with it. */
  longest: number;
  grows: boolean;
  /** The most evidence so far, nats. */
  most: number;
  /** When it began: the best guess, and about 95 %. */
  onsetUs: number;
  fromUs: number;
  toUs: number;
};

export function createTemplateSums(templates: number, memory: number): TemplateSums {
  const anchors = createWindowAnchors(memory);
  const capacity = anchors.starts.length;
  return {
    anchors,
    clock: 0,
    sums: new Float64Array(templates),
    clocks: new Float64Array(capacity),
    times: new Float64Array(capacity),
    starts: new Float64Array(capacity * templates),
    single: new Float64Array(capacity),
    several: new Float64Array(capacity),
    winners: new Float64Array(capacity),
    strangest: 0,
  };
}

/** Starts a window before the frame at `timeUs`. */
export function openWindow(state: TemplateSums, timeUs: number, memory: number): void {
  const row = startWindow(state.anchors, memory);
  state.clocks[row] = state.clock;
  state.times[row] = timeUs;
  state.starts.set(state.sums, row * state.sums.length);
  state.single[row] = 0;
  state.several[row] = 0;
  state.winners[row] = 0;
}

/** Forgets all windows; the sums stay. */
export function resetWindows({ anchors }: TemplateSums, memory: number): void {
  const fresh = createWindowAnchors(memory);
  anchors.count = 0;
  anchors.frame = 0;
  anchors.starts.set(fresh.starts);
  anchors.rows.set(fresh.rows);
}

/** No change that persists. */
export function createHeldBaseline(templates: number): HeldBaseline {
  const sums = new Float64Array(templates);
  return { clock: 0, sums, longest: 0, grows: false, most: 0, onsetUs: 0, fromUs: 0, toUs: 0 };
}
