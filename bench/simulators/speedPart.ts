import { createSimulator } from '../../simulators/createSimulator.ts';
import type { SimulatorBenchOptions } from './options.ts';

const FRAMES = 2000;
const WARM_FRAMES = 300;
const TARGET = 5000;

/** Frames per second of wall time and of CPU time, with the event half-way. */
function framesPerSecond(scenario: string, channels: number) {
  const simulator = createSimulator(scenario, { framesPerSecond: 10, eventAtFrame: FRAMES / 2, channels });
  for (let i = 0; i < WARM_FRAMES; i++) simulator.next();
  const before = process.cpuUsage();
  const startMs = performance.now();
  for (let i = 0; i < FRAMES; i++) simulator.next();
  const wallS = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { perCpuSecond: Math.round((FRAMES * 1e6) / (user + system)), perSecond: Math.round(FRAMES / wallS) };
}

/** How fast frames are made, noise and all. */
export function speedPart({ channels, instruments }: SimulatorBenchOptions, say: (line: string) => void) {
  say(`\nframes at ${channels} channels: per second of CPU time (a busy machine counts the same) and of wall time`);
  const rows = Object.fromEntries(
    instruments.map((instrument) => {
      const steady = framesPerSecond(`${instrument}:steady`, channels);
      const eventInDrift = framesPerSecond(`${instrument}:event-in-drift`, channels);
      const isMet = Math.min(steady.perCpuSecond, eventInDrift.perCpuSecond) >= TARGET;
      say(
        `  ${instrument.padEnd(24)} steady ${shown(steady)}   event-in-drift ${shown(eventInDrift)}   ${isMet ? '' : `below the ${TARGET} of the target`}`,
      );
      return [instrument, { steady, eventInDrift, isMet }];
    }),
  );
  return { framesPerSecond: rows };
}

const shown = ({ perCpuSecond, perSecond }: ReturnType<typeof framesPerSecond>): string =>
  `${String(perCpuSecond).padStart(6)} (${String(perSecond).padStart(5)})`;
