import { countBuffers } from '../test/laws/allocations.ts';
import { stageDefinitions, type AnyStage } from '../src/config/definitions.ts';
import { createFrames, takenBy } from './stages/signals.ts';

const CHANNELS = [256, 1024, 4096];
/** Frames before anything is measured: reference learned, code compiled. */
const WARM_FRAMES = 2000;
const BLOCK = 100;
const BLOCKS = 20;

interface Measured {
  /** Best block, microseconds per frame: on a busy machine the others tell of their neighbours. */
  readonly usPerFrame: number;
  readonly buffersPerFrame: number;
}

function measure(definition: AnyStage, channels: number): Measured {
  const frames = createFrames(channels, definition.noise?.accepts[0] ?? 'poisson');
  const stage = definition.create('bench', definition.example, { framePeriodUs: 1000 });
  const run = (count: number): number => {
    const signals = Array.from({ length: count }, () => takenBy(stage, frames.next()));
    const startMs = performance.now();
    for (const ofFrame of signals) for (const signal of ofFrame) stage.process(signal, () => undefined);
    return (performance.now() - startMs) * 1000;
  };
  for (let done = 0; done < WARM_FRAMES; done += BLOCK) run(BLOCK);
  let best = Infinity;
  for (let block = 0; block < BLOCKS; block++) best = Math.min(best, run(BLOCK) / BLOCK);
  const signals = Array.from({ length: BLOCK }, () => takenBy(stage, frames.next()));
  const buffers = countBuffers(() => {
    for (const ofFrame of signals) for (const signal of ofFrame) stage.process(signal, () => undefined);
  });
  return { usPerFrame: Number(best.toFixed(2)), buffersPerFrame: buffers / BLOCK };
}

const isJson = process.argv.includes('--json');
const result: Record<string, Record<string, Measured>> = {};
if (!isJson)
  console.log(
    `${'us per frame at channels:'.padEnd(28)}${CHANNELS.map((n) => String(n).padStart(9)).join('')}   buffers/frame`,
  );
for (const definition of stageDefinitions) {
  const row = Object.fromEntries(CHANNELS.map((channels) => [channels, measure(definition, channels)]));
  result[definition.kind] = row;
  const measured = Object.values(row);
  if (isJson) continue;
  const times = measured.map(({ usPerFrame }) => usPerFrame.toFixed(1).padStart(9)).join('');
  const buffers = Math.max(...measured.map(({ buffersPerFrame }) => buffersPerFrame));
  console.log(`${definition.kind.padEnd(28)}${times}${String(buffers).padStart(16)}`);
}
if (isJson) console.log(JSON.stringify(result));
