/**
 * The starts of the windows that are looked at: every frame back to 8, every second back to 16, every fourth back to 32
 * and so on, so that no change is more than an eighth older than some window, and a window of a thousand frames costs
 * as much as one of eight. Plain data, bounded.
 */
export type WindowAnchors = {
  /** Frames taken. */
  frame: number;
  count: number;
  /** [capacity] frame at which each window starts, oldest first. */
  starts: Float64Array;
  /** [capacity] row of the cumulated sums that belongs to it. */
  rows: Float64Array;
};

/** Windows per doubling of the length. */
const PER_OCTAVE = 4;
/** Ages up to which every frame starts a window. */
const FINE = 2 * PER_OCTAVE;

/** Most windows for a longest window of `memory` frames. */
export function anchorCapacity(memory: number): number {
  return FINE + 2 + (PER_OCTAVE + 1) * Math.max(1, Math.ceil(Math.log2(Math.max(memory, FINE) / FINE)) + 1);
}

export function createWindowAnchors(memory: number): WindowAnchors {
  const capacity = anchorCapacity(memory);
  return { frame: 0, count: 0, starts: new Float64Array(capacity), rows: new Float64Array(capacity) };
}

/** The spacing of window starts of an age, a power of 2. */
export function anchorSpacing(age: number): number {
  let spacing = 1;
  while (age >= FINE * spacing) spacing *= 2;
  return spacing;
}

/**
 * Starts a window at the present frame, and lets go of those that are no longer needed.
 *
 * @param memory - longest window, frames.
 * @returns the row that is free for the new window's sums.
 */
export function startWindow(anchors: WindowAnchors, memory: number): number {
  const { starts, rows, frame } = anchors;
  let kept = 0;
  for (let a = 0; a < anchors.count; a++) {
    const age = frame - starts[a]!;
    const row = rows[a]!;
    if (age > memory || starts[a]! % anchorSpacing(age) !== 0) continue;
    starts[kept] = starts[a]!;
    rows[kept] = row;
    kept++;
  }
  let row = 0;
  while (isUsed(rows, kept, row)) row++;
  starts[kept] = frame;
  rows[kept] = row;
  anchors.count = kept + 1;
  return row;
}

function isUsed(rows: ArrayLike<number>, count: number, row: number): boolean {
  for (let a = 0; a < count; a++) if (rows[a] === row) return true;
  return false;
}
