/** How a sink's goods reach a place that may be away. */
export interface DeliveryOptions<T> {
  /** Items of one delivery, at most. */
  readonly batchSize: number;
  /** Longest wait of an item for its batch to fill, milliseconds. */
  readonly intervalMs: number;
  /** First and longest pause between attempts while the place is away, milliseconds; doubled each time, with jitter. */
  readonly retryMs: readonly [first: number, longest: number];
  /** What is said when it is away: 'InfluxDB unreachable'. */
  readonly trouble: string;
  /** What the items are called: 'points'. */
  readonly noun: string;
  /**
   * Delivers in order; rejects when the place is away, and is then called again with the same items. Called with none as a greeting.
   * A {@link PatienceError} is obeyed: no attempt before its time has passed.
   */
  deliver(batch: readonly T[]): Promise<void>;
}

/** The place asks for patience: HTTP 429 or 503 with `Retry-After`. */
export class PatienceError extends Error {
  override readonly name = 'PatienceError';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface DeliveryQueue<T> {
  push(item: T): void;
  /** Attempts to reach the place although nothing may wait: at the start, and after a connection was lost. */
  greet(): void;
  /** Items not yet delivered. */
  waitingCount(): number;
  /** Adds to what the next flush has to confess: items delivered to nowhere. */
  addLost(count: number): void;
  /**
   * Resolves when all that was pushed before is safe: on disk where there is a spool, else delivered; rejects, saying how many
   * wait or were lost since the last flush.
   */
  flush(timeoutMs: number): Promise<void>;
  /**
   * Tries for `timeoutMs` to deliver what waits. What is left stays in the spool for the next run; without one it is dropped and
   * counted as 'closed'. Never rejects; may be called again.
   */
  close(timeoutMs: number): Promise<void>;
}
