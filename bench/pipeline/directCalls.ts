import type { Frame } from '../../src/model/frame.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Sink } from '../../src/model/sink.ts';
import type { GraphNode } from '../../src/pipeline/assemble.ts';

/** The same graph without RxJS: each node calls the next. The baseline of the pipeline. */
export function directCalls(
  nodes: readonly GraphNode[],
  sinks: readonly { readonly from: string; readonly sink: Sink }[],
): (frame: Frame) => void {
  const deliver = (id: string, signal: Signal): void => {
    for (const { from, sink } of sinks) if (from === id && sink.accepts.includes(signal.type)) sink.write(signal, id);
    for (const taker of takers.get(id) ?? []) if (taker.node.stage.inputs.includes(signal.type)) taker.run(signal);
  };
  const runners = nodes.map((node) => {
    const emit = (signal: Signal): void => deliver(node.id, signal);
    return { node, run: (signal: Signal) => node.stage.process(signal, emit) };
  });
  const takers = new Map<string, typeof runners>();
  for (const runner of runners) for (const id of runner.node.from) takers.set(id, [...(takers.get(id) ?? []), runner]);
  return (frame) => deliver(frame.stream, frame);
}
