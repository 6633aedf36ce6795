import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryChannel } from '../../adapters/memoryChannel.ts';
import { createSimulator } from '../../simulators/createSimulator.ts';
import { startMonitor, type Monitor } from '../../src/app/createMonitor.ts';
import { listener } from '../../src/app/listener.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { AcceptRequest } from '../../src/model/operatorCommand.ts';
import type { Signal } from '../../src/model/signal.ts';
import { encodeFrameCbor, encodeLayoutCbor } from '../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { until } from '../support/servers.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-desk-'))));
afterAll(() => rm(folder, { recursive: true }));

const LEARN = 30;
/** Two streams whose clocks lie an hour apart. */
const STREAMS = { first: 0, second: 3600e6 } as const;
const pipeline = (channel: string, checkpoint: string): string => `version: 1
streams:
  first: { transport: { use: memory, with: { channel: ${channel}-first } }, codec: { use: cbor }, noise: poisson, framePeriodMs: 100 }
  second: { transport: { use: memory, with: { channel: ${channel}-second } }, codec: { use: cbor }, noise: poisson, framePeriodMs: 100 }
pipeline:
  - { id: one, from: first, use: change.step, with: { learn: ${LEARN} } }
  - { id: two, from: second, use: change.poissonCusum, with: { learn: ${LEARN} } }
  - { id: call, from: [one, two], use: alert.hysteresis, with: { group: stream } }
checkpoint: { file: ${checkpoint}, everyFrames: 100000 }
`;

interface Bench {
  readonly monitor: Monitor;
  /** Sends frames `from` to `to` of both streams, one after the other, and waits until they are done with. */
  send(from: number, to: number): Promise<void>;
  readonly signals: Signal[];
  end(): Promise<void>;
}

const simulators = Object.entries(STREAMS).map(([stream, offsetUs]) => {
  const simulator = createSimulator('xrd-heating:event-fast', {
    seed: 3,
    channels: 64,
    eventAtFrame: 60,
    stream,
    startUs: 1_767_225_600e6 + offsetUs,
  });
  const frames = Array.from({ length: 240 }, () => structuredClone(simulator.next().frame));
  return { stream, layout: simulator.layout, frames };
});

async function benchOf(name: string, checkpoint: string, mode: 'live' | 'replay' = 'live'): Promise<Bench> {
  const loaded = parseConfig(pipeline(name, checkpoint), { path: join(folder, 'run.yaml'), env: {} });
  const signals: Signal[] = [];
  const monitor = await startMonitor(loaded, planGraph(loaded.config), {
    mode,
    speed: Infinity,
    startFresh: false,
    keepsCheckpoints: true,
    listeners: [
      listener('ear', (signal) => {
        if (signal.type !== 'frame') signals.push(structuredClone(signal));
      }),
    ],
    onLinkChange: () => undefined,
  });
  const wires = simulators.map(({ stream, layout, frames }) => ({
    stream,
    layout,
    frames,
    wire: memoryChannel(`${name}-${stream}`),
    id: layoutIdOf(layout),
  }));
  await until('both wires are listened to', () => wires.every(({ wire }) => wire.listenerCount > 0));
  for (const { stream, layout, wire } of wires) wire.send('layouts', encodeLayoutCbor(layout, stream));
  const processed = () => monitor.status().streams.reduce((sum, { processedCount }) => sum + processedCount, 0);
  return {
    monitor,
    signals,
    async send(from, to) {
      const before = processed();
      for (let k = from; k < to; k++)
        for (const { wire, frames, id } of wires) wire.send('frames', encodeFrameCbor(frames[k]!, id));
      await until('the frames are done with', () => processed() - before === 2 * (to - from));
    },
    async end() {
      for (const { wire } of wires) wire.end();
      await monitor.done;
    },
  };
}

const request = (id: string): AcceptRequest => ({ id, by: 'mk', via: 'page' });
const named = (signals: readonly Signal[], name: string) =>
  signals.flatMap((signal) =>
    signal.type === 'reading' && signal.name === name ? [[signal.stage, signal.seq, signal.value] as const] : [],
  );

describe('an operator who accepts a new state', () => {
  it('is heard by every stream with its next frame, on its own clock, once per id', async () => {
    const bench = await benchOf('heard', 'heard.checkpoint');
    expect(await bench.monitor.accept(request('early'))).toMatchObject({ isDone: false, detail: /No frame/ });
    await bench.send(0, 100);
    const answers = await Promise.all([bench.monitor.accept(request('a')), bench.monitor.accept(request('a'))]);
    expect(answers).toEqual([answers[0], answers[0]]);
    expect(answers[0]).toMatchObject({ id: 'a', isDone: true });
    await bench.send(100, 110);
    expect(await bench.monitor.accept(request('a'))).toEqual(answers[0]);
    await bench.send(110, 150);
    expect(named(bench.signals, 'accepted')).toEqual([
      ['one', 100, 1],
      ['two', 100, 1],
    ]);
    const alerts = bench.signals.filter(({ type }) => type === 'alert');
    expect(alerts.filter(({ stream, seq }) => stream === 'first' && seq === 100)).toMatchObject([
      { phase: 'cleared', message: expect.stringMatching(/^New state accepted as the reference after /) as string },
    ]);
    expect(
      bench.signals.filter(({ type, seq, stream }) => type === 'detection' && seq >= 100 && stream === 'first'),
    ).toEqual([]);
    expect(bench.monitor.acts()).toMatchObject([{ id: 'a', by: 'mk', via: 'page', count: 1 }]);
    await bench.end();
    expect(await bench.monitor.accept(request('late'))).toMatchObject({ isDone: false, detail: /has ended/ });
  });

  it('is confirmed when it would survive the process, and known again by who takes over', async () => {
    const first = await benchOf('taken', 'taken.checkpoint');
    await first.send(0, 100);
    await first.monitor.accept(request('a'));
    const kept = await readFile(join(folder, 'taken.checkpoint'));
    await first.send(100, 200);
    const wanted = first.signals.filter(({ seq }) => seq >= 100);
    await first.end();

    // As after a kill: what was on disk when the act was confirmed is all that is left.
    await writeFile(join(folder, 'taken.checkpoint'), kept);
    const second = await benchOf('taken', 'taken.checkpoint');
    await second.send(100, 200);
    expect(second.signals).toEqual(wanted);
    expect(named(second.signals, 'accepted')).toHaveLength(2);
    await second.monitor.accept(request('a'));
    await second.send(200, 210);
    expect(named(second.signals, 'accepted')).toHaveLength(2);
    await second.monitor.accept(request('b'));
    await second.send(210, 220);
    expect(named(second.signals, 'accepted').slice(2)).toEqual([
      ['one', 210, 2],
      ['two', 210, 2],
    ]);
    await second.end();
  });

  it('is not obeyed in a replay', async () => {
    const bench = await benchOf('replayed', 'replayed.checkpoint', 'replay');
    await bench.monitor
      .accept(request('a'))
      .then((answer) => expect(answer).toMatchObject({ isDone: false, detail: /replay/ }));
    await bench.end();
  });
});
