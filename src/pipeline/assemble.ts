import { Subject, filter, merge, type Observable, type Subscription } from 'rxjs';
import { MonitorError } from '../model/error.ts';
import type { Frame } from '../model/frame.ts';
import type { Signal, SignalType } from '../model/signal.ts';
import type { Sink } from '../model/sink.ts';
import type { Stage } from '../model/stage.ts';
import type { Meter } from './measure.ts';
import { throughStage, type OnError } from './throughStage.ts';

export interface GraphNode {
  readonly id: string;
  /** Ids of streams and nodes, each listed before. */
  readonly from: readonly string[];
  readonly stage: Stage;
  readonly onError: OnError;
}

export interface GraphSink {
  readonly id: string;
  readonly from: readonly string[];
  readonly sink: Sink;
}

/** A checked graph: nodes in topological order. */
export interface Graph {
  readonly streams: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly sinks: readonly GraphSink[];
}

export interface Assembly {
  /** Ends all subscriptions. */
  readonly subscriptions: readonly Subscription[];
}

/**
 * Wires a graph. Everything is synchronous: a frame has run through the whole graph when `next` returns.
 *
 * Sinks are subscribed before the stages, so that a sink sees a frame before what was derived from it.
 *
 * @param sources - the frames of each stream.
 * @param fail - called when a stage with `onError: stop` fails; the graph must then be stopped.
 */
export function assemble(
  graph: Graph,
  sources: Readonly<Record<string, Observable<Frame>>>,
  meter: Meter,
  fail: (error: unknown) => void,
): Assembly {
  const outputs = new Map<string, Observable<Signal>>();
  const subscriptions: Subscription[] = [];
  const nodes = graph.nodes.map((node) => ({ ...node, out$: new Subject<Signal>() }));
  for (const stream of graph.streams) {
    const source = sources[stream];
    if (source === undefined) throw new RangeError(`no frames for stream ${stream}`);
    outputs.set(stream, source);
  }
  for (const { id, out$ } of nodes) outputs.set(id, out$);
  const outputOf = (id: string): Observable<Signal> => {
    const output = outputs.get(id);
    if (output === undefined) throw new RangeError(`nothing is called ${id}`);
    return output;
  };

  for (const { id, from, sink } of graph.sinks) {
    const accepts = new Set<SignalType>(sink.accepts);
    for (const giver of from)
      subscriptions.push(
        outputOf(giver).subscribe({
          next(signal) {
            if (!accepts.has(signal.type)) return;
            try {
              sink.write(signal, giver);
            } catch (cause) {
              // Thrown on, RxJS would raise it outside of everything, and the process would end without a word.
              const place = { id, stream: signal.stream, seq: signal.seq };
              fail(new MonitorError('SINK', `could not take a ${signal.type}`, place, { cause }));
            }
          },
          error: fail,
        }),
      );
  }
  for (const { id, from, stage, onError, out$ } of nodes) {
    const takes = new Set<SignalType>(stage.inputs);
    const input$ = merge(...from.map(outputOf)).pipe(filter((signal) => takes.has(signal.type)));
    subscriptions.push(
      input$.pipe(throughStage(stage, { onError, meter: meter.node(id, stage.kind) })).subscribe({
        next: (signal) => out$.next(signal),
        error: fail,
      }),
    );
  }
  return { subscriptions };
}
