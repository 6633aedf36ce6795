import type { NodeStatus } from '../model/status.ts';

interface Counter {
  readonly id: string;
  readonly kind: string;
  inCount: number;
  outCount: number;
  totalUs: number;
  errorCount: number;
}

/** Counts and times the nodes of a graph from outside; a node's time does not include the nodes behind it. */
export interface Meter {
  /** A counter for one node. */
  node(id: string, kind: string): NodeMeter;
  status(): readonly NodeStatus[];
}

export interface NodeMeter {
  enter(): void;
  leave(): void;
  emitted(): void;
  failed(): void;
}

/** @param nowUs - a monotonic clock in microseconds. */
export function createMeter(nowUs: () => number): Meter {
  const counters: Counter[] = [];
  // Nodes nest, because a signal runs through the whole graph in one call: the clock goes to whoever is innermost.
  const stack: Counter[] = [];
  let sinceUs = 0;
  const charge = (): void => {
    const now = nowUs();
    const running = stack[stack.length - 1];
    if (running !== undefined) running.totalUs += now - sinceUs;
    sinceUs = now;
  };
  return {
    node(id, kind) {
      const counter: Counter = { id, kind, inCount: 0, outCount: 0, totalUs: 0, errorCount: 0 };
      counters.push(counter);
      return {
        enter() {
          charge();
          stack.push(counter);
          counter.inCount++;
        },
        leave() {
          charge();
          stack.pop();
        },
        emitted() {
          counter.outCount++;
        },
        failed() {
          counter.errorCount++;
        },
      };
    },
    status: () => counters.map((counter) => ({ ...counter })),
  };
}
