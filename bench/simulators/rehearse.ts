import { createSimulator } from '../../simulators/createSimulator.ts';
import type { Truth } from '../../simulators/simulator.ts';
import { createNodes } from '../../src/app/createNodes.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Sink } from '../../src/model/sink.ts';
import { assemble } from '../../src/pipeline/assemble.ts';
import { createIngress } from '../../src/pipeline/ingress.ts';
import { createMeter } from '../../src/pipeline/measure.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';
import type { Example } from './examples.ts';

export interface RehearsalOptions {
  readonly scenario: string;
  readonly seed: number;
  readonly eventAtFrame?: number;
  /** Hears of every signal of a stage; frames are lent. */
  hear(signal: Signal, from: string): void;
}

const CAPACITY = 16;

/**
 * Plays a scenario through the example of its instrument, as `operando run` does: the same door, graph and stages; no sinks,
 * no permit, and no waiting for the clock. Each call plays one frame and gives its truth.
 */
export function createRehearsal(example: Example, options: RehearsalOptions): () => Truth {
  const { instrument, loaded, plan, framesPerSecond } = example;
  const { scenario, seed, eventAtFrame, hear } = options;
  const simulator = createSimulator(`${instrument}:${scenario}`, { framesPerSecond, seed, eventAtFrame });
  const fail = (error: unknown): never => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  const ingress = createIngress({
    stream: simulator.stream,
    capacity: CAPACITY,
    overflow: 'fail',
    slowSignals: createSlowSignals(),
    framePeriodUs: simulator.framePeriodUs,
    latestUs: () => Infinity,
    resumeAfter: null,
    wake: () => undefined,
    fail,
    report: () => undefined,
  });
  const listener: Sink = {
    name: 'listener',
    accepts: ['reading', 'detection', 'alert'],
    write: hear,
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const nodes = createNodes(plan, loaded, null);
  assemble(
    {
      streams: plan.streams.map(({ id }) => id),
      nodes,
      sinks: [{ id: 'listener', from: nodes.map(({ id }) => id), sink: listener }],
    },
    { [simulator.stream]: ingress.frames$ },
    createMeter(() => 0),
    fail,
  );
  return () => {
    const { frame, slow, deliveryCount, truth } = simulator.next();
    for (const sample of slow) ingress.next(sample);
    for (let copy = 0; copy < deliveryCount; copy++) ingress.next(frame);
    while (ingress.drainOne());
    return truth;
  };
}
