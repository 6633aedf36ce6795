import type { Rejection } from '../model/adapter.ts';
import type { StreamPosition } from '../model/checkpoint.ts';
import type { Frame } from '../model/frame.ts';
import { createArrivalHistory } from './arrivalHistory.ts';

/** How the frames of a stream follow each other: what is missing, twice, late, or begins anew. */
export interface ArrivalOrder {
  /** Why a frame cannot follow those before, or null. */
  refusal(frame: Frame): Rejection | null;
  /** A frame was refused for what it is, not for its place: it is not lost, and its exposure was delivered. */
  noteRefused(frame: Frame): void;
  /** Takes a frame that was not refused for the last one. What it returns is valid until the next call. */
  follow(frame: Frame): Readonly<Following>;
  /** Begins behind a frame that was processed before a restart of the monitor. */
  resume(after: StreamPosition, exposureUs: number): void;
}

/** What lies between a frame and the one before it. */
export interface Following {
  /** Frames that never came. */
  lostCount: number;
  /** Exposure delivered since that no frame shows, microseconds. */
  unseenUs: number;
  /** The counter of the source began anew. */
  isRestart: boolean;
  /** It is earlier than a frame before it. */
  isBackwards: boolean;
  /** From frame to frame, microseconds; null when frames are missing between, or time does not pass. */
  periodUs: number | null;
}

/** So many frames in a row that come in their own order, but not in that of the stream, are a source that was restarted with its clock set back. */
const RESTART_FRAMES = 3;
/** Counters of 16, 31 and 32 bits end here. */
const COUNTER_ENDS = [2 ** 16, 2 ** 31, 2 ** 32];
/** A counter that begins anew so close to its end has come to its end, frames. */
const NEAR_END = 64;

export function createArrivalOrder(): ArrivalOrder {
  const history = createArrivalHistory();
  const last = { seq: -1, timeUs: -Infinity, exposureUs: 0, latestUs: -Infinity, isFirst: true };
  const refused = { count: 0, exposureUs: 0 };
  const stray = { count: 0, seq: -1, timeUs: -Infinity, exposureUs: 0 };
  const following: Following = { lostCount: 0, unseenUs: 0, isRestart: false, isBackwards: false, periodUs: null };

  const isRestartAfterAll = ({ seq, timeUs, exposureUs }: Frame): boolean => {
    const isNext = stray.count > 0 && seq >= stray.seq && timeUs > stray.timeUs;
    if (!isNext) stray.count = stray.exposureUs = 0;
    stray.count++;
    stray.seq = seq;
    stray.timeUs = timeUs;
    if (stray.count >= RESTART_FRAMES) return true;
    stray.exposureUs += exposureUs;
    return false;
  };
  const remember = (seq: number, timeUs: number, exposureUs: number): void => {
    last.seq = seq;
    last.timeUs = timeUs;
    last.exposureUs = exposureUs;
    last.latestUs = Math.max(last.latestUs, timeUs);
    last.isFirst = false;
    refused.count = refused.exposureUs = 0;
    stray.count = stray.exposureUs = 0;
    history.add(seq, timeUs);
  };

  return {
    refusal(frame) {
      const { seq, timeUs } = frame;
      if (last.isFirst || seq > last.seq) return null;
      const place = history.placeOf(seq, timeUs);
      if (place === 'known') return { reason: 'duplicate', detail: `frame ${seq} came twice` };
      // A source that counts each measurement from 0, or does not count at all: the next exposure begins when the last is over.
      if (seq === last.seq && timeUs > last.timeUs && timeUs >= last.timeUs + last.exposureUs) return null;
      if (seq < last.seq && timeUs > last.timeUs) return null;
      if (place === 'foreign' && isRestartAfterAll(frame)) return null;
      return seq === last.seq
        ? { reason: 'duplicate', detail: `frame ${seq} came twice, with another time` }
        : { reason: 'outOfOrder', detail: `frame ${seq} came after frame ${last.seq}` };
    },
    noteRefused({ seq, exposureUs }) {
      if (last.isFirst || !(exposureUs >= 0 && exposureUs < Infinity)) return;
      if (seq > last.seq) refused.count++;
      refused.exposureUs += exposureUs;
    },
    follow(frame) {
      const { seq, timeUs, exposureUs } = frame;
      following.isRestart = !last.isFirst && seq <= last.seq;
      following.isBackwards = !last.isFirst && timeUs < last.latestUs;
      const missing = last.isFirst ? 0 : following.isRestart ? missingAtEnd(last.seq, seq) : seq - last.seq - 1;
      following.lostCount = Math.max(0, missing - refused.count);
      following.unseenUs = Math.max(unseenBetween(frame, missing), refused.exposureUs);
      if (following.isRestart) following.unseenUs += stray.exposureUs;
      const stepUs = timeUs - last.timeUs;
      following.periodUs = !last.isFirst && missing === 0 && !following.isRestart && stepUs > 0 ? stepUs : null;
      if (following.isRestart) history.clear();
      remember(seq, timeUs, exposureUs);
      return following;
    },
    resume(after, exposureUs) {
      remember(after.seq, after.timeUs, exposureUs);
    },
  };

  /** Exposure of frames that are missing: never more than fits between, unless the clock does not tell what fits. */
  function unseenBetween({ timeUs }: Frame, missing: number): number {
    if (missing === 0) return 0;
    const between = timeUs - last.timeUs - last.exposureUs;
    return Math.min(missing * last.exposureUs, timeUs <= last.timeUs ? Infinity : Math.max(0, between));
  }
}

/** Frames missing where a counter of a fixed number of bits has passed its end; 0 where it just began anew. */
function missingAtEnd(before: number, seq: number): number {
  for (const end of COUNTER_ENDS) {
    const missing = end - 1 - before + seq;
    if (before < end && missing <= NEAR_END) return missing;
  }
  return 0;
}
