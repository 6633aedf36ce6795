import type { Direction } from './link.ts';

/** A permit that was passed on to the receiver. */
export interface PassedPermit {
  readonly atMs: number;
  readonly epoch: number;
  readonly seq: number;
  readonly state: 'open' | 'closed';
}

/** What went over the link of the receiver: the renewals that held the shutter open. */
export interface Renewals {
  see(direction: Direction, text: string, atMs: number): void;
  /** The last permit that opened or renewed before a time: not said before, and answering a challenge of less than a lease ago. */
  lastValidBefore(timeMs: number): PassedPermit | null;
  /** Permits as they were sent, for those who repeat them. */
  readonly texts: readonly string[];
}

const KEPT = 400;

export function createRenewals(leaseMs: number): Renewals {
  const challenges = new Map<string, number>();
  const valid: PassedPermit[] = [];
  const texts: string[] = [];
  let highest = { epoch: 0, seq: 0 };
  const keep = <T>(list: T[], item: T): void => {
    list.push(item);
    if (list.length > KEPT) list.shift();
  };
  return {
    texts,
    see(direction, text, atMs) {
      if (direction === 'toBroker') {
        for (const [, challenge] of text.matchAll(/"challenge":"([^"]+)"/g)) challenges.set(challenge!, atMs);
        return;
      }
      for (const [permit] of text.matchAll(/\{"run":[^{}]*"answers":"[^"]*"\}/g)) {
        keep(texts, permit);
        const { epoch, seq, state, answers } = JSON.parse(permit) as PassedPermit & { answers: string };
        const isNew = epoch > highest.epoch || (epoch === highest.epoch && seq > highest.seq);
        if (isNew) highest = { epoch, seq };
        const madeMs = challenges.get(answers) ?? -Infinity;
        if (isNew && state === 'open' && atMs - madeMs < leaseMs) keep(valid, { atMs, epoch, seq, state });
      }
    },
    lastValidBefore: (timeMs) => valid.findLast(({ atMs }) => atMs <= timeMs) ?? null,
  };
}
