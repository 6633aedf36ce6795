/** How a sink's goods wait for a place that may be away. */
export interface DeliveryOptions<T> {
  /** Items that may wait; beyond it the oldest are dropped and counted as 'overflow'. */
  readonly capacity: number;
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
  /** Delivers in order; rejects when the place is away, and is then called again with the same items. Called with none as a greeting. */
  deliver(batch: readonly T[]): Promise<void>;
}

export interface DeliveryQueue<T> {
  push(item: T): void;
  /** Attempts to reach the place although nothing may wait: at the start, and after a connection was lost. */
  greet(): void;
  /** Items not yet delivered. */
  waitingCount(): number;
  /** Adds to what the next flush has to confess: items delivered to nowhere. */
  addLost(count: number): void;
  /** Resolves when all that was pushed before is delivered; rejects, saying how many wait or were lost since the last flush. */
  flush(timeoutMs: number): Promise<void>;
  /** Tries for `timeoutMs` to deliver what waits; what is left is dropped and counted as 'closed'. Never rejects; may be called again. */
  close(timeoutMs: number): Promise<void>;
}
