import type { DropReason } from '../model/status.ts';

/** Bytes that cannot be used, with the reason they are counted under. Never leaves the codec: it becomes a rejection. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly reason: DropReason;
  constructor(reason: DropReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
