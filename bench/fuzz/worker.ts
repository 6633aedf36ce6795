// Feeds one codec or reader with mutated inputs; says where it is, so that a watchdog can tell a hang.
import { mkdtempSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { codecs } from '../../adapters/registry.ts';
import { readers } from '../../adapters/readers/registry.ts';
import { readHead } from '../../adapters/files/readHead.ts';
import { MonitorError } from '../../src/model/error.ts';
import type { FrameOutlet } from '../../src/model/adapter.ts';
import type { ReaderDefinition } from '../../src/model/reader.ts';
import { fileSeeds, packetSeeds, type Seed } from './corpus.ts';
import { hdf5Seeds } from './hdf5Seeds.ts';
import { createChance, mutate } from './mutate.ts';

/** What the worker is told. */
export interface FuzzTask {
  readonly target: string;
  readonly from: number;
  readonly count: number;
  readonly seed: number;
  readonly dataFolder: string;
  /** [index of the input, its start in ms since the worker's origin]. */
  readonly progress: Float64Array;
}

/** What it says, once per crash and at the end. */
export type FuzzMessage =
  | { readonly crash: { readonly input: number; readonly error: string; readonly path: string } }
  | { readonly done: { readonly recognised: number; readonly frames: number; readonly refused: number } };

const MOST_FRAMES = 40;
const MOST_SERIES = 8;
const RECEIVED_US = 1_767_225_600_000_000;
const task = workerData as FuzzTask;
const say = (message: FuzzMessage): void => parentPort!.postMessage(message);
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'operando-fuzz-'));
const tally = { recognised: 0, frames: 0, refused: 0 };

const reader = readers.find(({ name }) => `reader ${name}` === task.target);
const feed = reader === undefined ? codecFeed(task.target) : readerFeed(reader);
const seeds =
  reader === undefined
    ? packetSeeds()
    : await seedsOf(reader, [...fileSeeds(task.dataFolder), ...(await hdf5Seeds(folder))]);

for (let input = task.from; input < task.count; input++) {
  const chance = createChance(task.seed * 1_000_003 + input);
  const pick = (): Seed => seeds[Math.floor(chance() * seeds.length)]!;
  const { bytes, extension } = pick();
  const mutated = mutate(bytes, pick().bytes, chance);
  task.progress[1] = performance.now() + performance.timeOrigin;
  task.progress[0] = input;
  try {
    await feed(mutated, extension);
  } catch (error) {
    const path = join(tmpdir(), `operando-fuzz-${task.target.replace(' ', '-')}-${input}.${extension}`);
    writeFileSync(path, mutated);
    say({
      crash: {
        input,
        error: error instanceof Error ? (error.stack ?? error.message).slice(0, 400) : String(error),
        path,
      },
    });
  }
}
rmSync(folder, { recursive: true, force: true });
say({ done: tally });

function codecFeed(target: string) {
  const definition = codecs.find(({ name }) => `codec ${name}` === target)!;
  const setting = {
    stream: 'xrd',
    noise: undefined,
    framePeriodUs: null,
    resolvePath: (path: string) => path,
    resumeAfter: null,
  };
  const open = () => definition.create(definition.config.parse(definition.example) as never, setting);
  const outlet: FrameOutlet = {
    next: () => void tally.frames++,
    reject: () => void tally.refused++,
    room: () => null,
    report: () => undefined,
  };
  // A frame is understood only after its layout, an image only after its start.
  const begin = () => {
    const made = open();
    for (const { bytes } of packetSeeds())
      made.decode({ channel: 'frames/xrd', bytes, receivedUs: RECEIVED_US }, outlet);
    return made;
  };
  let codec = begin();
  let count = 0;
  return (bytes: Uint8Array): void => {
    // What one packet left behind meets the next; now and then it begins anew.
    if (++count % 100 === 0) codec = begin();
    const half = bytes.length >> 1;
    const parts = count % 8 === 0 ? [bytes.subarray(half)] : undefined;
    codec.decode(
      {
        channel: 'frames/xrd',
        bytes: parts === undefined ? bytes : bytes.subarray(0, half),
        parts,
        receivedUs: RECEIVED_US,
      },
      outlet,
    );
  };
}

function readerFeed(definition: ReaderDefinition) {
  return async (bytes: Uint8Array, extension: string): Promise<void> => {
    const path = join(folder, `input.${extension}`);
    writeFileSync(path, bytes);
    try {
      const head = await readHead(path).catch(() => null);
      if (head !== null && definition.recognise(head) !== null) tally.recognised++;
      const contents = await definition.open({ path });
      try {
        for (const series of contents.series.slice(0, MOST_SERIES)) {
          let left = MOST_FRAMES;
          for await (const frame of series.frames(0)) {
            if (!('fault' in frame) && frame.values.length !== frame.layout.size)
              throw new Error('values do not fit the layout');
            tally.frames++;
            if (--left === 0) break;
          }
        }
      } finally {
        contents.close();
      }
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      tally.refused++;
    }
  };
}

/** Mostly what the reader takes for its own; some of everything else. */
async function seedsOf(definition: ReaderDefinition, all: readonly Seed[]): Promise<Seed[]> {
  const own: Seed[] = [];
  for (const seed of all) {
    const path = join(folder, `seed.${seed.extension}`);
    writeFileSync(path, seed.bytes);
    if (definition.recognise(await readHead(path)) !== null) own.push(seed);
  }
  const others = all.filter((seed) => !own.includes(seed));
  const repeats = own.length === 0 ? 0 : Math.ceil((4 * others.length) / own.length);
  return [...others, ...Array.from({ length: repeats }, () => own).flat()];
}
