import { explainError, MonitorError } from '../../model/error.ts';
import type { SinkSetting } from '../../model/sink.ts';
import type { DeliveryOptions, DeliveryQueue } from './delivery.ts';

/** Longest pause between attempts while somebody waits for the queue to empty, milliseconds. */
const HURRY_MS = 100;

/**
 * A bounded queue in front of a place that may be away: one delivery at a time, in order, repeated until it succeeds.
 * Never throws for the place; tells its state through `setting.report`.
 */
export function createDeliveryQueue<T>(options: DeliveryOptions<T>, setting: SinkSetting): DeliveryQueue<T> {
  const batchSize = Math.max(1, Math.min(options.batchSize, Math.floor(options.capacity / 2)));
  const room = Math.max(1, options.capacity - batchSize);
  let waiting: T[] = [];
  let head = 0;
  let inFlight: readonly T[] = [];
  let pushedCount = 0;
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

  const waitingCount = () => waiting.length - head + inFlight.length;

  /** Leaves the oldest behind; the array is cut now and then, so that this costs little per item. */
  function advance(count: number): void {
    head += count;
    if (head < waiting.length && head < room) return;
    waiting = waiting.slice(head);
    head = 0;
  }

  function take(): readonly T[] {
    const batch = waiting.slice(head, head + batchSize);
    advance(batch.length);
    if (waiting.length === head) isDue = false;
    return batch;
  }

  function pause(attempt: number): Promise<void> {
    const [first, longest] = options.retryMs;
    const full = Math.min(drains.size > 0 ? HURRY_MS : longest, first * 2 ** Math.min(attempt, 20));
    return new Promise((resolve) => {
      const alarm = setTimeout(() => wakeUp?.(), full * (0.5 + 0.5 * Math.random())).unref();
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
    const detail = `${options.trouble} since ${since}, ${waitingCount()} ${options.noun} wait: ${explainError(error)}`;
    setting.report({ state: 'down', detail });
  }

  const isWanted = () =>
    inFlight.length > 0 || !isGreeted || waiting.length - head >= (isDue || drains.size > 0 ? 1 : batchSize);

  async function run(): Promise<void> {
    let attempt = 0;
    while (!isClosed && isWanted()) {
      if (inFlight.length === 0) inFlight = take();
      const isGreeting = !isGreeted;
      isGreeted = true;
      try {
        await options.deliver(inFlight);
        inFlight = [];
        if (isGreeting || awaySinceMs !== null) setting.report({ state: 'ok', detail: '' });
        awaySinceMs = null;
        attempt = 0;
        for (const check of drains) check();
      } catch (error) {
        isGreeted = !isGreeting && isGreeted;
        tellAway(error);
        if (!isClosed) await pause(attempt++);
      }
    }
  }

  function start(): void {
    if (running !== null || isClosed) return;
    running = run().finally(() => {
      running = null;
      if (isWanted()) start();
      else if (waitingCount() > 0) arm();
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

  function drain(timeoutMs: number): Promise<number> {
    const target = pushedCount;
    const leftCount = () => Math.max(0, target - (pushedCount - waitingCount()));
    if (isClosed || leftCount() === 0) return Promise.resolve(leftCount());
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(alarm);
        drains.delete(check);
        resolve(leftCount());
      };
      const check = () => {
        if (isClosed || leftCount() === 0) finish();
      };
      const alarm = setTimeout(finish, timeoutMs);
      drains.add(check);
      wakeUp?.();
      start();
    });
  }

  async function end(timeoutMs: number): Promise<void> {
    await drain(timeoutMs);
    isClosed = true;
    if (timer !== null) clearTimeout(timer);
    wakeUp?.();
    await running;
    const left = waitingCount();
    if (left > 0) setting.countDropped('closed', left);
    waiting = [];
    head = 0;
    inFlight = [];
  }

  return {
    push(item) {
      if (isClosed) {
        setting.countDropped('closed', 1);
        return;
      }
      if (waiting.length - head >= room) {
        advance(1);
        lostCount++;
        setting.countDropped('overflow', 1);
      }
      waiting.push(item);
      pushedCount++;
      if (running !== null) return;
      if (waiting.length - head >= batchSize) start();
      else arm();
    },
    greet() {
      isGreeted = false;
      start();
    },
    waitingCount,
    addLost(count) {
      lostCount += count;
    },
    async flush(timeoutMs) {
      const left = await drain(timeoutMs);
      const lost = lostCount;
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
