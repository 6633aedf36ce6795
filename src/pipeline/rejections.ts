import type { Rejection } from '../model/adapter.ts';
import type { DropReason } from '../model/status.ts';

/** A rejected frame or packet kept for inspection. */
export interface KeptRejection {
  readonly reason: DropReason;
  readonly detail: string;
  /** Its first bytes. */
  readonly head: Uint8Array;
  readonly byteCount: number;
}

/** Counts what was dropped by reason and keeps the last few, bounded in number and size. */
export interface Rejections {
  readonly counts: Partial<Record<DropReason, number>>;
  readonly total: number;
  add(rejection: Rejection): void;
  kept(): readonly KeptRejection[];
}

export function createRejections(keep = 8, headBytes = 4096): Rejections {
  const counts: Partial<Record<DropReason, number>> = {};
  const kept: KeptRejection[] = [];
  let total = 0;
  return {
    counts,
    get total() {
      return total;
    },
    add({ reason, detail, bytes }) {
      counts[reason] = (counts[reason] ?? 0) + 1;
      total++;
      // Overflow is one sentence a thousand times; it must not push out what is worth looking at.
      if (reason === 'overflow') return;
      if (kept.length >= keep) kept.shift();
      kept.push({
        reason,
        detail,
        head: bytes?.slice(0, headBytes) ?? new Uint8Array(0),
        byteCount: bytes?.length ?? 0,
      });
    },
    kept: () => kept,
  };
}
