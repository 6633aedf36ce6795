import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { MonitorError } from '../../src/model/error.ts';
import type { Frame } from '../../src/model/frame.ts';
import { SIGNAL_TYPES } from '../../src/model/signal.ts';
import type { Sink } from '../../src/model/sink.ts';
import { assemble, type Graph } from '../../src/pipeline/assemble.ts';
import { createMeter } from '../../src/pipeline/measure.ts';
import rebin from '../../src/stages/reduce/rebin.ts';
import { channelLayout, testFrame } from '../support/frames.ts';

const layout = channelLayout(4);
const sinkOf = (write: Sink['write']): Sink => ({
  name: 'test',
  accepts: SIGNAL_TYPES,
  write,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

function play(graph: Omit<Graph, 'streams'>): { failures: unknown[]; meter: ReturnType<typeof createMeter> } {
  const frames = new Subject<Frame>();
  const failures: unknown[] = [];
  let clock = 0;
  const meter = createMeter(() => (clock += 1));
  assemble({ ...graph, streams: ['s'] }, { s: frames }, meter, (error) => failures.push(error));
  frames.next(testFrame(layout, 0, [1, 2, 3, 4]));
  frames.next(testFrame(layout, 1, [1, 2, 3, 4]));
  return { failures, meter };
}
const node = { id: 'half', from: ['s'], stage: rebin.create('half', { factor: 2 }), onError: 'stop' } as const;

describe('assemble', () => {
  it('shows a sink each frame before what is derived from it, and counts what passes each node', () => {
    const seen: string[] = [];
    const sink = sinkOf((signal, from) => void seen.push(`${from} ${signal.seq}`));
    const { failures, meter } = play({ nodes: [node], sinks: [{ id: 'log', from: ['half', 's'], sink }] });
    expect(seen).toEqual(['s 0', 'half 0', 's 1', 'half 1']);
    expect(meter.status()).toMatchObject([
      { id: 'half', kind: 'reduce.rebin', inCount: 2, outCount: 2, errorCount: 0 },
    ]);
    expect(failures).toEqual([]);
  });

  it('names the sink and the frame when a sink throws', () => {
    const sink = sinkOf(() => {
      throw new Error('broken');
    });
    const { failures } = play({ nodes: [], sinks: [{ id: 'log', from: ['s'], sink }] });
    expect(failures).toHaveLength(2);
    expect((failures[0] as MonitorError).place).toEqual({ id: 'log', stream: 's', seq: 0 });
  });
});
