import { explainError, MonitorError } from '../../model/error.ts';
import type { SinkSetting } from '../../model/sink.ts';
import { PatienceError } from './delivery.ts';
import type { DeliveryOptions, DeliveryQueue } from './delivery.ts';
import { createMemoryStore } from './memoryStore.ts';
import type { Store } from './store.ts';

/** Longest pause between attempts while somebody waits for the queue to empty, milliseconds. */
const HURRY_MS = 100;

/** A delivery whose items wait in memory. `capacity`: items that may wait; beyond it the oldest are dropped and counted as 'overflow'. */
export function createDeliveryQueue<T>(
  options: DeliveryOptions<T> & { readonly capacity: number },
  setting: SinkSetting,
): DeliveryQueue<T> {
  const batchSize = Math.max(1, Math.min(options.batchSize, Math.floor(options.capacity / 2)));
  const { countDropped } = setting;
  return createDelivery(
    { ...options, batchSize },
    createMemoryStore<T>({ capacity: options.capacity, batchSize, countDropped }),
    setting,
  );
}

/**
 * Carries what waits in a store to a place that may be away: one delivery at a time, repeated until it succeeds.
 * Never throws for the place; tells its state through `setting.report`.
 */
export function createDelivery<T>(
  options: DeliveryOptions<T>,
  store: Store<T>,
  setting: SinkSetting,
): DeliveryQueue<T> {
  const { batchSize } = options;
  let inFlight: readonly T[] = [];
  let lostCount = 0;
  let isGreeted = true;
  let isDue = false;
  let isClosed = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let awaySinceMs: number | null = null;
  let wakeUp: (() => void) | null = null;
  let closing: Promise<void> | null = null;
  const drains = new Set<() => void>();

  function pause(attempt: number, error: unknown): Promise<void> {
    const [first, longest] = options.retryMs;
    const full = Math.min(drains.size > 0 ? HURRY_MS : longest, first * 2 ** Math.min(attempt, 20));
    const jittered = full * (0.5 + 0.5 * Math.random());
    const waitMs = error instanceof PatienceError ? Math.max(jittered, error.retryAfterMs) : jittered;
    return new Promise((resolve) => {
      const alarm = setTimeout(() => wakeUp?.(), waitMs).unref();
      wakeUp = () => {
        clearTimeout(alarm);
        wakeUp = null;
        resolve();
      };
    });
  }

  function tellAway(error: unknown): void {
    awaySinceMs ??= Date.now();
    const since = new Date(awaySinceMs).toISOString().slice(0, 19) + 'Z';
    const detail = `${options.trouble} since ${since}, ${store.waitingCount()} ${options.noun} wait: ${explainError(error)}`;
    setting.report({ state: 'down', detail });
    for (const check of drains) check();
  }

  const isWanted = () => {
    if (inFlight.length > 0 || !isGreeted) return true;
    return store.waitingCount() >= (isDue || drains.size > 0 ? 1 : batchSize);
  };

  async function run(): Promise<void> {
    let attempt = 0;
    while (!isClosed && isWanted()) {
      if (inFlight.length === 0) {
        inFlight = await store.take(batchSize);
        if (store.waitingCount() === inFlight.length) isDue = false;
      }
      const isGreeting = !isGreeted;
      isGreeted = true;
      try {
        await options.deliver(inFlight);
        inFlight = [];
        store.settle();
        if (isGreeting || awaySinceMs !== null) setting.report({ state: 'ok', detail: '' });
        awaySinceMs = null;
        attempt = 0;
        for (const check of drains) check();
      } catch (error) {
        isGreeted = !isGreeting && isGreeted;
        tellAway(error);
        if (!isClosed) await pause(attempt++, error);
      }
    }
  }

  function start(): void {
    if (running !== null || isClosed) return;
    running = run().finally(() => {
      running = null;
      if (isWanted()) start();
      else if (store.waitingCount() > 0) arm();
    });
  }

  function arm(): void {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = null;
      isDue = true;
      start();
    }, options.intervalMs).unref();
  }

  /** @param waits - also while the place is away. */
  function drain(timeoutMs: number, waits: boolean): Promise<number> {
    const leftCount = store.follow();
    if (isClosed || leftCount() === 0) return Promise.resolve(leftCount());
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(alarm);
        drains.delete(check);
        resolve(leftCount());
      };
      const check = () => {
        if (isClosed || leftCount() === 0 || (!waits && awaySinceMs !== null)) finish();
      };
      const alarm = setTimeout(finish, timeoutMs);
      drains.add(check);
      wakeUp?.();
      start();
      check();
    });
  }

  async function end(timeoutMs: number): Promise<void> {
    // With a spool nobody has to wait for a place that is away.
    await drain(timeoutMs, store.secure === null);
    isClosed = true;
    if (timer !== null) clearTimeout(timer);
    wakeUp?.();
    await running;
    await store.close();
    inFlight = [];
  }

  return {
    push(item) {
      if (isClosed) {
        setting.countDropped('closed', 1);
        return;
      }
      store.push(item);
      if (running !== null) return;
      if (store.waitingCount() >= batchSize) start();
      else arm();
    },
    greet() {
      isGreeted = false;
      start();
    },
    waitingCount: store.waitingCount,
    addLost(count) {
      lostCount += count;
    },
    async flush(timeoutMs) {
      const left = store.secure === null ? await drain(timeoutMs, true) : await store.secure().then(() => 0);
      const lost = lostCount + store.takeLostCount();
      lostCount = 0;
      if (left + lost > 0)
        throw new MonitorError('SINK', `${left} ${options.noun} still wait, ${lost} were lost`, { id: setting.id });
    },
    close(timeoutMs) {
      closing ??= end(timeoutMs);
      return closing;
    },
  };
}
