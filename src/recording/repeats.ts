import { isRecordedSignal, type RecordedItem } from './item.ts';

/** A place in a stream. */
export interface StreamPlace {
  readonly seq: number;
  readonly timeUs: number;
}

/** Tells what was recorded before: a monitor that was killed records the frames since its checkpoint again. */
export interface RepeatFilter {
  /** To be told before the items of a segment, by its place in the list. */
  enterSegment(place: number): void;
  /** Frames are known by number and time; a signal by what says what of which frame, and the how manieth it is. */
  isRepeat(item: RecordedItem): boolean;
}

interface StreamState {
  /** Frame that reading began with. */
  first: StreamPlace;
  /** Last frame since the last restart. */
  last: StreamPlace;
  /** Last frame of all. */
  furthest: StreamPlace;
  /** How often a signal was seen before the last restart, and since. */
  before: Map<string, number>;
  since: Map<string, number>;
}

const NOWHERE: StreamPlace = { seq: -Infinity, timeUs: -Infinity };
const isAtMost = (a: StreamPlace, b: StreamPlace): boolean => a.seq <= b.seq && a.timeUs <= b.timeUs;

/**
 * Remembers only the signals of frames that a later segment goes back to.
 * @param starts - by segment and stream, its first frame.
 */
export function createRepeatFilter(starts: readonly ReadonlyMap<string, StreamPlace>[]): RepeatFilter {
  const laterStarts = earliestAfter(starts);
  const states = new Map<string, StreamState>();
  let later: ReadonlyMap<string, StreamPlace> = new Map();

  const stateOf = (stream: string): StreamState => {
    let state = states.get(stream);
    if (state === undefined) {
      state = { first: NOWHERE, last: NOWHERE, furthest: NOWHERE, before: new Map(), since: new Map() };
      states.set(stream, state);
    }
    return state;
  };
  const comesAgain = (stream: string, place: StreamPlace): boolean => {
    const start = later.get(stream);
    return start !== undefined && isAtMost(start, place);
  };
  const isRepeatedFrame = (state: StreamState, stream: string, { seq, timeUs }: StreamPlace): boolean => {
    const place = { seq, timeUs };
    if (isAtMost(place, state.last)) {
      for (const [key, count] of state.since) state.before.set(key, Math.max(count, state.before.get(key) ?? 0));
      state.since.clear();
    }
    state.last = place;
    if (isAtMost(place, state.furthest)) return true;
    if (state.furthest === NOWHERE) state.first = place;
    state.furthest = place;
    if (!comesAgain(stream, place)) {
      state.before.clear();
      state.since.clear();
    }
    return false;
  };

  return {
    enterSegment(place) {
      later = laterStarts[place]!;
    },
    isRepeat(item) {
      if (item.type !== 'frame' && !isRecordedSignal(item)) return false;
      const state = stateOf(item.stream);
      if (item.type === 'frame') return isRepeatedFrame(state, item.stream, item);
      // A restart may go back to before the frame that was asked for.
      if (item.seq < state.first.seq && item.timeUs < state.first.timeUs) return true;
      if (state.before.size === 0 && !comesAgain(item.stream, item)) return false;
      const name = item.type === 'reading' ? item.name : item.type === 'alert' ? item.id : '';
      const key = JSON.stringify([item.seq, item.timeUs, item.from, item.type, name]);
      const count = 1 + (state.since.get(key) ?? 0);
      state.since.set(key, count);
      return count <= (state.before.get(key) ?? 0);
    },
  };
}

/** By segment and stream, the smallest number and time that a later segment begins with. */
function earliestAfter(starts: readonly ReadonlyMap<string, StreamPlace>[]): ReadonlyMap<string, StreamPlace>[] {
  const result: ReadonlyMap<string, StreamPlace>[] = [];
  let earliest: ReadonlyMap<string, StreamPlace> = new Map();
  for (const start of starts.toReversed()) {
    result.push(earliest);
    const next = new Map(earliest);
    for (const [stream, { seq, timeUs }] of start) {
      const known = next.get(stream);
      next.set(stream, {
        seq: Math.min(seq, known?.seq ?? Infinity),
        timeUs: Math.min(timeUs, known?.timeUs ?? Infinity),
      });
    }
    earliest = next;
  }
  return result.reverse();
}
