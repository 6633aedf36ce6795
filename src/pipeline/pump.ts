/** What the pump needs of a stream's door. */
export interface Drainable {
  readonly waitingCount: number;
  /** Time stamp of the oldest waiting frame. */
  readonly nextTimeUs: number;
  drainOne(): boolean;
}

export interface PumpOptions {
  /** Called after each frame has run through the whole graph: between two frames. */
  afterFrame(): void;
  /** Called when a frame's journey threw: the run ends. */
  fail(error: unknown): void;
  /** How long to work before letting the event loop read its sockets, milliseconds. */
  readonly budgetMs: number;
  /** A monotonic clock, milliseconds. */
  nowMs(): number;
}

export interface Pump {
  /** There is work. */
  wake(): void;
  stop(): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
}

/** Takes waiting frames one at a time, the earliest first, and yields to the event loop between turns. */
export function createPump(doors: readonly Drainable[], options: PumpOptions): Pump {
  let isScheduled = false;
  let isStopped = false;
  const idlers: (() => void)[] = [];

  const earliest = (): Drainable | undefined => {
    let best: Drainable | undefined;
    for (const door of doors)
      if (door.waitingCount > 0 && (best === undefined || door.nextTimeUs < best.nextTimeUs)) best = door;
    return best;
  };
  const turn = (): void => {
    isScheduled = false;
    const until = options.nowMs() + options.budgetMs;
    let door = earliest();
    while (door !== undefined && !isStopped) {
      try {
        door.drainOne();
        options.afterFrame();
      } catch (error) {
        isStopped = true;
        options.fail(error);
      }
      if (options.nowMs() >= until) break;
      door = earliest();
    }
    if (isStopped || earliest() === undefined) for (const resolve of idlers.splice(0)) resolve();
    else wake();
  };
  const wake = (): void => {
    if (isScheduled || isStopped) return;
    isScheduled = true;
    setImmediate(turn);
  };
  return {
    wake,
    stop() {
      isStopped = true;
      for (const resolve of idlers.splice(0)) resolve();
    },
    idle: () =>
      isStopped || (!isScheduled && earliest() === undefined)
        ? Promise.resolve()
        : new Promise((resolve) => idlers.push(resolve)),
  };
}
