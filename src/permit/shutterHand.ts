import { explainError } from '../model/error.ts';
import type { ShutterState } from '../model/permit.ts';
import type { ShutterDevice } from '../model/shutter.ts';

/** Drives one device again and again, and looks at it; never waits behind a call that hangs. */
export interface ShutterHand {
  /** What it was last told to hold. */
  readonly driven: 'open' | 'closed';
  /** Seen closed after a closing, with no opening since. */
  readonly isSettled: boolean;
  /** What the device last complained of; empty when it does not. */
  readonly trouble: string;
  /** What was last seen; 'unknown' when that is too long ago. */
  observed(nowMs: number): ShutterState;
  /** Holds it open or closed. To be called every few tens of milliseconds; calls that are not due yet are left out. */
  hold(state: 'open' | 'closed'): void;
}

export interface ShutterHandOptions {
  readonly device: ShutterDevice;
  nowMs(): number;
  /** Called when the device answered. */
  answered(): void;
}

/** From look to look, while there is something to see. */
const READ_MS = 200;
/** From look to look and from closing to closing, once it is settled. */
const REST_MS = 1000;
/** A call of the device that takes longer is not waited for any more. */
export const HUNG_MS = 1000;
/** What was seen longer ago is not known any more. */
const STALE_MS = REST_MS + 2 * HUNG_MS;
/** Closings, and looks, under way at a device that does not answer. */
const MOST_UNDER_WAY = 4;

export function createShutterHand({ device, nowMs, answered }: ShutterHandOptions): ShutterHand {
  let driven: 'open' | 'closed' = 'closed';
  let observed: ShutterState = 'unknown';
  let observedMs = -Infinity;
  let trouble = '';
  /** Counts beginnings and ends of openings: what was seen before the last of them proves nothing. */
  let moves = 0;
  let closedAt = -1;
  let settledAt = -1;
  let isOpening = false;
  let closings = 0;
  let closingMs = -Infinity;
  let looks = 0;
  let lookMs = -Infinity;
  let isLookDue = false;

  const see = (state: ShutterState): void => {
    observed = state;
    observedMs = nowMs();
    if (state !== 'closed') settledAt = -1;
  };
  /** Whether the device obeyed. */
  const drive = async (state: 'open' | 'closed'): Promise<boolean> => {
    try {
      await device.drive(state);
      trouble = '';
      return true;
    } catch (error) {
      trouble = `it could not be driven ${state}: ${explainError(error)}`;
      if (!device.isReadBack) see('unknown');
      return false;
    }
  };
  const open = async (isFirst: boolean): Promise<void> => {
    isOpening = true;
    moves++;
    const isDone = await drive('open');
    isOpening = false;
    moves++;
    if (isDone && !device.isReadBack && driven === 'open') see('open');
    // An opening that ends late may have undone a closing.
    if (driven === 'closed') void close();
    else if (isFirst) void look();
  };
  const close = async (): Promise<void> => {
    if (closings >= MOST_UNDER_WAY) return;
    closingMs = nowMs();
    closings++;
    const begunAt = moves;
    const isProof = !isOpening;
    const isDone = await drive('closed');
    closings--;
    closedAt = isDone && isProof ? begunAt : -1;
    if (!isDone) settledAt = -1;
    if (isDone && !device.isReadBack && driven === 'closed') see('closed');
    void look();
  };
  const look = async (): Promise<void> => {
    if (looks > 0 && (nowMs() - lookMs < HUNG_MS || looks >= MOST_UNDER_WAY)) {
      isLookDue = true;
      return;
    }
    const beganMs = nowMs();
    const isProof = closedAt === moves;
    lookMs = beganMs;
    looks++;
    isLookDue = false;
    try {
      const state = device.isReadBack ? await device.read() : observed;
      // A look that was given up on tells of the past.
      if (beganMs === lookMs) {
        if (device.isReadBack) see(state);
        if (isProof && closedAt === moves && observed === 'closed') settledAt = moves;
      }
    } catch (error) {
      trouble = `it could not be read: ${explainError(error)}`;
      see('unknown');
    }
    looks--;
    answered();
    if (isLookDue) void look();
  };
  const isSettled = (): boolean => settledAt === moves;
  return {
    get driven() {
      return driven;
    },
    get isSettled() {
      return isSettled();
    },
    get trouble() {
      return trouble;
    },
    observed: (atMs) => (atMs - observedMs > STALE_MS ? 'unknown' : observed),
    hold(state) {
      const isChanged = state !== driven;
      driven = state;
      const atMs = nowMs();
      if (state === 'open') {
        if (!isOpening && closings === 0) void open(isChanged);
      } else {
        const everyMs = isSettled() ? REST_MS : closings > 0 ? HUNG_MS : 0;
        if (isChanged || atMs - closingMs >= everyMs) void close();
      }
      if (atMs - lookMs >= (isSettled() ? REST_MS : READ_MS)) void look();
    },
  };
}
