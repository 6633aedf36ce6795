import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { FrameOutlet } from '../src/model/adapter.ts';
import type { StreamPosition } from '../src/model/checkpoint.ts';
import { explainError } from '../src/model/error.ts';
import { defineSource } from '../src/model/defineAdapter.ts';
import { createSimulator, listScenarios } from './createSimulator.ts';
import { obey } from './obey.ts';
import type { Simulator } from './simulator.ts';

/** How many frames may follow each other before other work gets its turn. */
const FRAMES_PER_TURN = 64;

const settings = z.strictObject({
  scenario: z
    .enum(listScenarios().map((entry) => entry.name))
    .describe('instrument:scenario, as listed by `operando simulate --list`.'),
  seed: z.int().default(1).describe('Same seed, same bytes.'),
  frames: z.int().positive().optional().describe('Ends after so many; left out, goes on until stopped.'),
  framesPerSecond: z
    .number()
    .positive()
    .max(100_000)
    .default(10)
    .describe('Time-lapse: counts and drift per frame stay those of the instrument.')
    .meta({ unit: '1/s' }),
  realTime: z
    .boolean()
    .default(true)
    .describe('true: paced by the wall clock, from now; false: as fast as the pipeline takes it, from 2026-01-01.'),
  eventAtFrame: z.int().nonnegative().default(150).describe('Frame in which the event or fault begins.'),
  channels: z.int().min(16).max(65_536).default(1024).describe('Channels over the same range.'),
  slowPeriodMs: z
    .number()
    .positive()
    .default(500)
    .describe('Sampling period of temperature, beam current and other slow signals.')
    .meta({ unit: 'ms' }),
  start: z
    .record(z.string(), z.number())
    .optional()
    .describe('Where the sample starts instead, by name of its state numbers: { temperature: 800 }.'),
});

const config = settings.superRefine(({ scenario, start }, context) => {
  if (start === undefined) return;
  try {
    createSimulator(scenario, { start, channels: 16 });
  } catch (error) {
    context.addIssue({ code: 'custom', path: ['start'], message: explainError(error) });
  }
});

/** A simulated experiment as a source: frames and slow samples in their own time, with the transfer faults of its scenario. */
export default defineSource({
  name: 'simulator',
  summary: 'A simulated experiment: counting statistics, drift, faults and a known event.',
  config,
  example: { scenario: 'xrd-heating:event-in-drift', framesPerSecond: 10 },
  create: (settings, setting) => ({
    name: 'simulator',
    async run(outlet, signal) {
      const { realTime, frames = Infinity, slowPeriodMs, scenario } = settings;
      const periodUs = Math.round(1e6 / settings.framesPerSecond);
      const openedUs = Date.now() * 1000;
      const startUs = realTime ? startOf(setting.resumeAfter, periodUs, openedUs) : undefined;
      const simulator = createSimulator(scenario, {
        seed: settings.seed,
        framesPerSecond: settings.framesPerSecond,
        eventAtFrame: settings.eventAtFrame,
        channels: settings.channels,
        slowPeriodUs: Math.round(slowPeriodMs * 1000),
        stream: setting.stream,
        startUs,
        start: settings.start,
      });
      outlet.report({ state: 'ok', detail: '' });
      const deaf = setting.commands?.subscribe((command) => {
        const refusal = obey(simulator, command);
        if (refusal !== null) outlet.report({ state: 'ok', detail: `${command.command} refused: ${refusal}` });
      });
      const pace = realTime ? wallClock(openedUs) : freeRunning;
      try {
        await play(simulator, frames, setting.resumeAfter, outlet, signal, pace);
      } finally {
        deaf?.();
      }
      outlet.report({ state: 'ended', detail: signal.aborted ? 'stopped' : 'the scenario is over' });
    },
  }),
});

/** A resumed experiment went on while nobody looked. */
function startOf(resumeAfter: StreamPosition | null, periodUs: number, openedUs: number): number {
  return resumeAfter === null ? openedUs : resumeAfter.timeUs - resumeAfter.seq * periodUs;
}

/** Waits until a frame may be delivered; false when it was over before anybody listened. */
type Pace = (endUs: number, played: number, signal: AbortSignal) => Promise<boolean>;

const wallClock =
  (openedUs: number): Pace =>
  async (endUs, played, signal) => {
    const aheadMs = endUs / 1000 - Date.now();
    if (aheadMs > 0) await setTimeout(aheadMs, undefined, { signal }).catch(() => undefined);
    else if (played % FRAMES_PER_TURN === 0) await setImmediate();
    return endUs >= openedUs;
  };

const freeRunning: Pace = async (_endUs, played) => {
  if (played % FRAMES_PER_TURN === 0) await setImmediate();
  return true;
};

async function play(
  simulator: Simulator,
  frames: number,
  resumeAfter: StreamPosition | null,
  outlet: FrameOutlet,
  signal: AbortSignal,
  pace: Pace,
): Promise<void> {
  for (let played = 0; played < frames && !simulator.isStopped; played++) {
    const { frame, slow, deliveryCount, truth } = simulator.next();
    const isHeard = await pace(truth.timeUs + simulator.framePeriodUs, played, signal);
    if (signal.aborted) return;
    if (!isHeard || (resumeAfter !== null && truth.seq <= resumeAfter.seq)) continue;
    for (const sample of slow) outlet.next(sample);
    for (let copy = 0; copy < deliveryCount; copy++) {
      await outlet.room();
      if (isAborted(signal)) return;
      outlet.next(frame);
    }
  }
}

/** Read anew: it may change at every await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
