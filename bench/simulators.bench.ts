import { createSimulator } from '../simulators/createSimulator.ts';
import { nextPoisson } from '../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../src/kernel/random/xoshiro128.ts';

const FRAMES = 3000;
const channelsAt = process.argv.indexOf('--channels');
const CHANNELS = channelsAt < 0 ? 1024 : Number(process.argv[channelsAt + 1]);
const DRAWS = 3_000_000;
const SCENARIOS = [
  'xrd-heating:steady',
  'xrd-heating:event-in-drift',
  'xrd-heating:ramp',
  'eels-beam-damage:steady',
  'eels-beam-damage:event-in-drift',
  'eels-low-loss:event-in-drift',
  'edx-spectrometer:steady',
  'edx-spectrometer:event-in-drift',
  'edx-spectrometer:map-rare-phase',
  'xrd-cycling:steady',
  'xrd-cycling:event-in-drift',
  'xrd-cycling:cycle-nickelate',
  'xps-reduction:steady',
  'xps-reduction:event-in-drift',
  'raman-crystallisation:steady',
  'raman-crystallisation:event-in-drift',
  'xas-reduction:steady',
  'xas-reduction:event-in-drift',
];
const MEANS = [0.01, 0.1, 1, 5, 10, 100, 1e4, 1e7];

function secondsFor(work: () => void): number {
  const startMs = performance.now();
  work();
  return (performance.now() - startMs) / 1000;
}

/** Frames per second of a scenario with the event half-way. */
function framesPerSecond(scenario: string): number {
  const simulator = createSimulator(scenario, { framesPerSecond: 10, eventAtFrame: FRAMES / 2, channels: CHANNELS });
  for (let i = 0; i < 300; i++) simulator.next();
  return (
    FRAMES /
    secondsFor(() => {
      for (let i = 0; i < FRAMES; i++) simulator.next();
    })
  );
}

/** Poisson numbers per second at one mean. */
function drawsPerSecond(mean: number): number {
  const state = seedXoshiro128(1, 0);
  let sum = 0;
  const seconds = secondsFor(() => {
    for (let i = 0; i < DRAWS; i++) sum += nextPoisson(state, mean);
  });
  if (Math.abs(sum / DRAWS - mean) > 6 * Math.sqrt(mean / DRAWS))
    throw new Error(`mean ${sum / DRAWS}, expected ${mean}`);
  return DRAWS / seconds;
}

const result = {
  framesPerSecond: Object.fromEntries(SCENARIOS.map((name) => [name, Math.round(framesPerSecond(name))])),
  poissonPerSecond: Object.fromEntries(MEANS.map((mean) => [`mean ${mean}`, Math.round(drawsPerSecond(mean))])),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`frames per second at ${CHANNELS} channels`);
  for (const [name, rate] of Object.entries(result.framesPerSecond)) console.log(`  ${name.padEnd(34)}${rate}`);
  console.log('Poisson numbers, millions per second');
  for (const [mean, rate] of Object.entries(result.poissonPerSecond))
    console.log(`  ${mean.padEnd(34)}${(rate / 1e6).toFixed(1)}`);
}
