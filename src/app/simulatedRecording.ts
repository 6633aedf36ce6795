import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Simulator } from '../../simulators/simulator.ts';
import { cloneFrame } from '../model/frame.ts';
import { createSlowSignals } from '../pipeline/slowSignals.ts';
import { createRecordingWriter } from '../recording/writer.ts';

export interface RecordSimulationOptions {
  readonly simulator: Simulator;
  readonly frames: number;
  readonly directory: string;
  /** Pipeline file to keep with it, so that it can be replayed by itself; empty for none. */
  readonly configText: string;
  readonly instrument: string;
  readonly modality: string;
  /** Called now and then with the number of frames written. */
  progress(done: number): void;
  readonly interrupted: AbortSignal;
}

const FRAMES_PER_TURN = 256;

/**
 * Writes a simulated experiment as a recording, with `truth.jsonl` beside it: one line per frame with what really happened.
 * @returns frames written.
 * @throws MonitorError RECORDING when the disk does not take it.
 */
export async function recordSimulation(options: RecordSimulationOptions): Promise<number> {
  const { simulator, directory, configText, instrument, modality } = options;
  const header = {
    run: simulator.name.replace(':', '-'),
    instrument,
    modality,
    config: configText,
    versions: { node: process.versions.node },
  };
  const writer = createRecordingWriter({ directory, header });
  const truths = createWriteStream(join(directory, 'truth.jsonl'));
  const slowSignals = createSlowSignals();
  let written = 0;
  for (; written < options.frames && !options.interrupted.aborted && !simulator.isStopped; written++) {
    const { frame, slow, deliveryCount, truth } = simulator.next();
    for (const sample of slow) slowSignals.add(sample);
    const context: Record<string, number> = {};
    const contextAgeUs: Record<string, number> = {};
    slowSignals.joinAsOf(frame.timeUs, context, contextAgeUs);
    if (deliveryCount > 0) writer.writeFrame({ ...cloneFrame(frame), context, contextAgeUs });
    const hasSpace = truths.write(`${JSON.stringify(truth)}\n`);
    if (!hasSpace) await once(truths, 'drain');
    if (written % FRAMES_PER_TURN !== FRAMES_PER_TURN - 1) continue;
    await writer.flush();
    options.progress(written + 1);
  }
  truths.end();
  await finished(truths);
  await writer.flush();
  await writer.close();
  return written;
}
