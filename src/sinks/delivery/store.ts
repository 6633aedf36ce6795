/** Where items wait for their delivery. */
export interface Store<T> {
  /** Takes an item in; what finds no room, it or an older one, is lost and counted. */
  push(item: T): void;
  /** Items not yet delivered, those taken included. */
  waitingCount(): number;
  /** The next ones, at most `count`; none when none waits. They stay in the store until `settle`. */
  take(count: number): Promise<readonly T[]> | readonly T[];
  /** What was taken last is delivered. */
  settle(): void;
  /** How many of the items pushed up to now are not delivered yet, as time goes on. */
  follow(): () => number;
  /** Resolves when what was pushed is safe whatever becomes of this process; null when the store cannot promise that. */
  readonly secure: (() => Promise<void>) | null;
  /** What is lost since the last call. */
  takeLostCount(): number;
  /** Gives up what it cannot keep, counting it. Never rejects. */
  close(): Promise<void>;
}
