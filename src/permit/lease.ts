import type { PermitMessage } from '../model/permit.ts';

/** Why a message changed nothing. */
export const REFUSALS = ['oldEpoch', 'oldSequence', 'lapsed', 'staleAnswer'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What became of a message. */
export type Verdict = 'opened' | 'renewed' | 'closed' | Refusal;

export interface LeaseOptions {
  /** Random per start of the receiver: no challenge of an earlier start is ever answered again. */
  readonly boot: string;
  /** The longest lease that is given, whatever a message asks for, milliseconds. */
  readonly maxTtlMs: number;
  /** Backup timer: the longest time open in one epoch, milliseconds. */
  readonly maxOpenMs: number;
}

/**
 * The receiver's account of the beam permit. All times are milliseconds of one monotonic clock of the receiver; the
 * clock of the monitor plays no part.
 *
 * An epoch is lapsed after a lease that ran out, a 'closed' message or the backup timer: only a higher one opens again.
 * A refused message changes nothing.
 */
export interface Lease {
  /** The highest epoch accepted; 0 before the first. */
  readonly epoch: number;
  /** Why it is closed; empty while open. */
  readonly reason: string;
  /** When the present lease, or the backup timer, ends; null while closed. */
  readonly endsMs: number | null;
  readonly refused: Readonly<Record<Refusal, number>>;
  /** Judges a message, after what the time has done. */
  take(message: PermitMessage, nowMs: number): Verdict;
  /** What the shutter has to be at this time. To be asked before every drive: a stopped process wakes up in the past. */
  tick(nowMs: number): 'open' | 'closed';
  /** A new challenge, for the next report. An answer to it is good for one lease time from now. */
  challenge(nowMs: number): string;
  /** Ends the epoch from this side. */
  close(reason: string): void;
}

/** Challenges remembered; who asks for more within one lease time shortens the leases, never lengthens them. */
const MEMORY = 256;

/** A lease that nobody has given yet: closed. */
export function createLease({ boot, maxTtlMs, maxOpenMs }: LeaseOptions): Lease {
  const issuedMs = new Float64Array(MEMORY).fill(-Infinity);
  const refused: Record<Refusal, number> = { oldEpoch: 0, oldSequence: 0, lapsed: 0, staleAnswer: 0 };
  let count = 0;
  let epoch = 0;
  let lastSeq = 0;
  let isOpen = false;
  let reason = 'not armed since the receiver started';
  let openedMs = 0;
  let leaseEndMs = 0;
  let latestMs = -Infinity;

  const timerEndMs = (): number => openedMs + maxOpenMs;
  const shut = (why: string): void => {
    isOpen = false;
    reason = why;
  };
  /** Never backwards, so that what has run out stays so. */
  const advance = (nowMs: number): number => {
    latestMs = Math.max(latestMs, nowMs);
    if (isOpen && latestMs >= timerEndMs()) shut(`backup timer: open for ${maxOpenMs / 1000} s, the longest allowed`);
    else if (isOpen && latestMs >= leaseEndMs) shut('the lease ran out without a renewal');
    return latestMs;
  };
  /** When the challenge was made; -Infinity for one that is forgotten, not of this start, or never made. */
  const issueOf = (challenge: string): number => {
    const number = challenge.startsWith(`${boot}.`) ? Number(challenge.slice(boot.length + 1)) : NaN;
    const isKnown = Number.isInteger(number) && number >= 1 && number <= count && number > count - MEMORY;
    return isKnown && challenge === `${boot}.${number}` ? (issuedMs[number % MEMORY] ?? -Infinity) : -Infinity;
  };
  const refuse = (why: Refusal): Refusal => {
    refused[why]++;
    return why;
  };

  return {
    get epoch() {
      return epoch;
    },
    get reason() {
      return reason;
    },
    get endsMs() {
      return isOpen ? Math.min(leaseEndMs, timerEndMs()) : null;
    },
    get refused() {
      return refused;
    },
    take(message, time) {
      const nowMs = advance(time);
      if (message.epoch < epoch) return refuse('oldEpoch');
      const isNew = message.epoch > epoch;
      if (message.state === 'closed') {
        // In any order: an epoch that was closed once never opens again.
        if (isNew || isOpen) shut(message.reason === '' ? 'closed by the monitor' : message.reason);
        epoch = message.epoch;
        return 'closed';
      }
      if (!isNew && !isOpen) return refuse('lapsed');
      if (!isNew && message.seq <= lastSeq) return refuse('oldSequence');
      const endMs = issueOf(message.answers) + Math.min(message.ttlMs, maxTtlMs);
      if (!(nowMs < endMs)) return refuse('staleAnswer');
      lastSeq = message.seq;
      if (!isNew) {
        leaseEndMs = Math.max(leaseEndMs, endMs);
        return 'renewed';
      }
      epoch = message.epoch;
      openedMs = nowMs;
      leaseEndMs = endMs;
      isOpen = true;
      reason = '';
      return 'opened';
    },
    tick(nowMs) {
      advance(nowMs);
      return isOpen ? 'open' : 'closed';
    },
    challenge(nowMs) {
      count++;
      issuedMs[count % MEMORY] = Math.max(latestMs, nowMs);
      return `${boot}.${count}`;
    },
    close(why) {
      if (isOpen) shut(why);
    },
  };
}
