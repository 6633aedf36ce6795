import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cbor from '../../adapters/codecs/cbor.ts';
import type { Codec, Packet } from '../../src/model/adapter.ts';
import type { Sink } from '../../src/model/sink.ts';
import { assemble } from '../../src/pipeline/assemble.ts';
import { createIngress, type Ingress } from '../../src/pipeline/ingress.ts';
import { createMeter } from '../../src/pipeline/measure.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';
import recording from '../../src/sinks/recording.ts';
import { createNodes, defaultPlan } from './defaultPipeline.ts';
import { directCalls } from './directCalls.ts';
import { createPacketSource, type PacketSource } from './packets.ts';

/** Of the recording on disk: the oldest part makes room, so that a long run does not fill the disk. */
const RECORDING_MB = 200;

/** The measured pipeline with its source and its recording. */
export interface Rig {
  readonly packets: PacketSource;
  readonly codec: Codec;
  readonly ingress: Ingress;
  /** One packet, from the wire to the last signal. */
  take(packet: Packet): void;
  /** Lets the recording write. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export function createCodec(): Codec {
  const setting = {
    stream: 'xrd',
    noise: 'poisson',
    framePeriodUs: 1000,
    resolvePath: (path: string) => path,
    resumeAfter: null,
  } as const;
  return cbor.create(cbor.config.parse({}), setting);
}

function createDoor(): Ingress {
  return createIngress({
    stream: 'xrd',
    capacity: 64,
    overflow: 'sum',
    slowSignals: createSlowSignals(),
    framePeriodUs: 1000,
    latestUs: () => Infinity,
    resumeAfter: null,
    wake: () => undefined,
    fail: (error) => {
      throw error;
    },
    report: () => undefined,
  });
}

function createRecorder(): { sink: Sink; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'operando-bench-'));
  const settings = recording.config.parse({
    directory,
    maxMegabytes: RECORDING_MB,
    whenFull: 'dropOldest',
    segmentMegabytes: RECORDING_MB / 8,
    sync: 'close',
  });
  const sink = recording.create(settings, {
    id: 'record',
    run: 'bench',
    instrument: 'bench',
    modality: 'XRD',
    resolvePath: (path) => path,
    report({ state, detail }) {
      if (state === 'down') throw new Error(detail);
    },
    countDropped: (reason, count) => {
      throw new Error(`the recording dropped ${count} (${reason})`);
    },
  });
  return { sink, remove: () => rmSync(directory, { recursive: true }) };
}

/** @param path - through RxJS as the monitor does, or by direct calls. */
export function createRig(channels: number, path: 'rxjs' | 'direct'): Rig {
  const packets = createPacketSource(channels);
  const codec = createCodec();
  const ingress = createDoor();
  const { sink, remove } = createRecorder();
  const nodes = createNodes(defaultPlan());
  const recorded = ['xrd', ...nodes.map(({ id }) => id)];
  if (path === 'rxjs') {
    const graph = { streams: ['xrd'], nodes, sinks: [{ id: 'record', from: recorded, sink }] };
    assemble(
      graph,
      { xrd: ingress.frames$ },
      createMeter(() => performance.now() * 1000),
      (error) => {
        throw error;
      },
    );
  } else {
    const run = directCalls(
      nodes,
      recorded.map((from) => ({ from, sink })),
    );
    ingress.frames$.subscribe(run);
  }
  codec.decode(packets.layoutPacket, ingress);
  return {
    packets,
    codec,
    ingress,
    take(packet) {
      codec.decode(packet, ingress);
      ingress.drainOne();
    },
    settle: () => sink.flush(),
    async close() {
      await sink.close();
      remove();
    },
  };
}
