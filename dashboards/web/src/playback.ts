import type { Model } from './model.ts';
import type { View } from './view.ts';

/** Times faster than recorded; the last is as fast as it can be followed. */
export const SPEEDS = [1, 4, 16, Infinity] as const;
/** At the highest speed all rows pass in so long, s, ... */
const WHOLE_SECONDS = 4;
/** ... but never slower than so many rows per second. */
const LEAST_ROWS_PER_SECOND = 60;
/** The page stood still for longer: what would have passed meanwhile is not skipped, ms. */
const MOST_GAP_MS = 500;

/** Looking back: the cursor among the rows that are held, by steps or by itself. */
export interface Playback {
  readonly isPlaying: boolean;
  readonly speed: (typeof SPEEDS)[number];
  /** Plays from the cursor, from the oldest row at the live edge, or pauses. */
  toggle(nowMs: number): void;
  setSpeed(speed: number, nowMs: number): void;
  step(rows: number): void;
  /** By event time, s. */
  stepSeconds(seconds: number): void;
  /** The row that was being taken at a moment, microseconds since 1970. */
  goTo(timeUs: number): void;
  goLive(): void;
  /** Moves the cursor on; says whether there is more to come. */
  tick(nowMs: number): boolean;
}

export function createPlayback(model: Model, view: View): Playback {
  let isPlaying = false;
  let speed: Playback['speed'] = 1;
  let tickMs = 0;
  /** Position among the rows, with the part of the row that has passed. */
  let position = 0;

  function place(row: number, isForward: boolean): void {
    const { rows } = model;
    if (rows === null || rows.next === rows.first) return;
    const held = Math.max(rows.first, Math.floor(row));
    const isAtEdge = held >= rows.next - 1 && isForward;
    view.cursorRow = isAtEdge ? null : Math.min(held, rows.next - 1);
  }
  function stop(): void {
    isPlaying = false;
  }
  function advance(seconds: number): void {
    const { rows } = model;
    if (rows === null) return;
    if (speed === Infinity) {
      position += seconds * Math.max(LEAST_ROWS_PER_SECOND, (rows.next - rows.first) / WHOLE_SECONDS);
      return;
    }
    const row = Math.floor(position);
    const startUs = rows.startUs(row);
    const nextUs = row + 1 < rows.next ? rows.startUs(row + 1) : rows.endUs(row);
    const nowUs = startUs + (position - row) * (nextUs - startUs);
    // Where a clock ran back there is no time to pass: the row is stepped over.
    position = Math.max(position + 1e-6, rows.positionOf(nowUs + seconds * 1e6 * speed));
  }
  return {
    get isPlaying() {
      return isPlaying;
    },
    get speed() {
      return speed;
    },
    toggle(nowMs) {
      const { rows } = model;
      if (isPlaying || rows === null || rows.next === rows.first) return stop();
      position = view.cursorRow ?? rows.first;
      place(position, false);
      tickMs = nowMs;
      isPlaying = true;
    },
    setSpeed(next, nowMs) {
      speed = SPEEDS.find((known) => known === next) ?? 1;
      tickMs = nowMs;
    },
    step(count) {
      stop();
      if (model.rows !== null) place((view.cursorRow ?? model.rows.next - 1) + count, count > 0);
    },
    stepSeconds(seconds) {
      const { rows } = model;
      stop();
      if (rows === null || rows.next === rows.first) return;
      const from = view.cursorRow ?? rows.next - 1;
      const to = rows.positionOf(rows.startUs(from) + seconds * 1e6);
      place(to, seconds > 0);
    },
    goTo(timeUs) {
      stop();
      if (model.rows !== null) place(model.rows.positionOf(timeUs), false);
    },
    goLive() {
      stop();
      view.cursorRow = null;
    },
    tick(nowMs) {
      if (!isPlaying) return false;
      const { rows } = model;
      if (rows === null || view.cursorRow === null) stop();
      else {
        // Somebody clicked elsewhere, or the row is no longer held.
        if (Math.floor(position) !== view.cursorRow) position = view.cursorRow;
        advance(Math.min(MOST_GAP_MS, nowMs - tickMs) / 1000);
        place(position, true);
        if (view.cursorRow === null) stop();
      }
      tickMs = nowMs;
      return isPlaying;
    },
  };
}
