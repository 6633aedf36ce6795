import { countBuffers } from '../test/laws/allocations.ts';
import { createCodec, createRig, type Rig } from './pipeline/rig.ts';
import { createPacketSource } from './pipeline/packets.ts';

const CHANNELS = [256, 1024, 4096];
/** Channel count at which memory is measured. */
const MEMORY_CHANNELS = 1024;
const BLOCK = 500;
const WARM_BLOCKS = 6;
const BLOCKS = 20;
const isFull = process.argv.includes('--full');
const isJson = process.argv.includes('--json');

const say = (line: string): void => {
  if (!isJson) console.log(line);
};

/** Times of single frames, microseconds. */
async function latencies(rig: Rig, blocks: number): Promise<Float64Array> {
  const timesUs = new Float64Array(blocks * BLOCK);
  for (let block = 0; block < blocks; block++) {
    const packets = rig.packets.next(BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      const startUs = performance.now() * 1000;
      rig.take(packets[i]!);
      timesUs[block * BLOCK + i] = performance.now() * 1000 - startUs;
    }
    await rig.settle();
  }
  return timesUs;
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const quantile = (sorted: Float64Array, p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!;
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Frames per second of decoding alone. */
function decodeRate(channels: number): number {
  const source = createPacketSource(channels);
  const codec = createCodec();
  let count = 0;
  const outlet = { next: () => void count++, reject: () => undefined, room: () => null, report: () => undefined };
  codec.decode(source.layoutPacket, outlet);
  let seconds = 0;
  for (let block = 0; block < WARM_BLOCKS + BLOCKS; block++) {
    const packets = source.next(BLOCK);
    const startMs = performance.now();
    for (const packet of packets) codec.decode(packet, outlet);
    if (block >= WARM_BLOCKS) seconds += (performance.now() - startMs) / 1000;
  }
  if (count !== (WARM_BLOCKS + BLOCKS) * BLOCK) throw new Error(`${count} frames were decoded`);
  return (BLOCKS * BLOCK) / seconds;
}

async function measure(channels: number) {
  const rxjs = createRig(channels, 'rxjs');
  const direct = createRig(channels, 'direct');
  await latencies(rxjs, WARM_BLOCKS);
  await latencies(direct, WARM_BLOCKS);
  // Turn and turn about, so that a busy machine slows both.
  const parts: Float64Array[] = [];
  let directUs = 0;
  for (let block = 0; block < BLOCKS; block++) {
    parts.push(await latencies(rxjs, 1));
    directUs += sum(await latencies(direct, 1));
  }
  const timesUs = Float64Array.from(parts.flatMap((part) => [...part]));
  const rxjsUs = sum(timesUs);
  const packets = rxjs.packets.next(BLOCK);
  rxjs.take(packets[0]!);
  const decoding = countBuffers(() =>
    packets
      .slice(1)
      .forEach((packet) => rxjs.codec.decode(packet, { ...rxjs.ingress, next: () => undefined, room: () => null })),
  );
  await rxjs.settle();
  const more = rxjs.packets.next(BLOCK);
  rxjs.take(more[0]!);
  const whole = countBuffers(() => more.slice(1).forEach((packet) => rxjs.take(packet)));
  timesUs.sort();
  await rxjs.close();
  await direct.close();
  return {
    framesPerSecond: Math.round((1e6 * timesUs.length) / rxjsUs),
    decodeFramesPerSecond: Math.round(decodeRate(channels)),
    latencyUs: {
      p50: round(quantile(timesUs, 0.5)),
      p99: round(quantile(timesUs, 0.99)),
      max: round(quantile(timesUs, 1)),
    },
    buffersPerFrame: round((whole - decoding) / (BLOCK - 1), 3),
    rxjsRatio: round(rxjsUs / directUs, 2),
  };
}

/** Resident memory after 1e5 (and, in full, 1e6) frames, MiB. */
async function residentMemory(): Promise<number[]> {
  const rig = createRig(MEMORY_CHANNELS, 'rxjs');
  const marks = isFull ? [1e5, 1e6] : [1e5];
  const result: number[] = [];
  let done = 0;
  for (const mark of marks) {
    for (; done < mark; done += BLOCK) {
      for (const packet of rig.packets.next(BLOCK)) rig.take(packet);
      await rig.settle();
      if (done % 50_000 === 0 && !isJson) process.stderr.write(`\r${done} of ${marks[marks.length - 1]} frames `);
    }
    globalThis.gc?.();
    result.push(round(process.memoryUsage().rss / 2 ** 20));
  }
  if (!isJson) process.stderr.write('\r');
  await rig.close();
  return result;
}

const byChannels: Record<string, Awaited<ReturnType<typeof measure>>> = {};
say('channels   frames/s   decode/s   p50 us   p99 us   max us   buffers/frame   RxJS / direct');
for (const channels of CHANNELS) {
  const row = await measure(channels);
  byChannels[channels] = row;
  const { latencyUs } = row;
  say(
    [
      String(channels).padStart(8),
      String(row.framesPerSecond).padStart(10),
      String(row.decodeFramesPerSecond).padStart(10),
      String(latencyUs.p50).padStart(8),
      String(latencyUs.p99).padStart(8),
      String(latencyUs.max).padStart(8),
      String(row.buffersPerFrame).padStart(15),
      String(row.rxjsRatio).padStart(15),
    ].join(' '),
  );
}
const rssMiB = await residentMemory();
say(
  `resident memory at 1024 channels: ${rssMiB[0]} MiB after 1e5 frames${isFull ? `, ${rssMiB[1]} MiB after 1e6` : ' (--full goes on to 1e6)'}`,
);
if (isJson)
  console.log(JSON.stringify({ ...byChannels, [MEMORY_CHANNELS]: { ...byChannels[MEMORY_CHANNELS], rssMiB } }));
