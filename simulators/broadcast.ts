import { setTimeout as pause } from 'node:timers/promises';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../src/wire/frameCbor.ts';
import { layoutIdOf } from '../src/wire/layoutId.ts';
import { openMqttOutput } from './outputs/mqttOutput.ts';
import type { Output } from './outputs/output.ts';
import { openWebSocketOutput } from './outputs/webSocketOutput.ts';
import { openZmqOutput } from './outputs/zmqOutput.ts';
import type { ZmqOutputOptions } from './outputs/zmqOutput.ts';
import type { Simulator } from './simulator.ts';

export interface BroadcastOptions {
  /** How many; Infinity goes on until aborted. */
  readonly frames: number;
  /** Publish to this broker under operando/v1/{site}/{instrument}/; null for no MQTT. */
  readonly mqttUrl: string | null;
  readonly site: string;
  readonly instrument: string;
  /** Serve whoever connects to this port of 127.0.0.1, 0 for a free one; null for no WebSocket. */
  readonly webSocketPort: number | null;
  /** Send over ZeroMQ from this address; absent, no ZeroMQ. */
  readonly zmq?: Omit<ZmqOutputOptions, 'stream'> | undefined;
  /** Obeys what a client of the WebSocket sends, and gives the answer; absent, nothing is obeyed. */
  hear?(text: string): string;
  /** Told where the frames are to be had. */
  say(line: string): void;
  progress?(line: string | null): void;
  readonly signal: AbortSignal;
}

const PROGRESS_MS = 500;

/**
 * Plays a simulated experiment in real time: every frame is sent when its period is over, in CBOR, its slow samples before it.
 * The pace is the simulator's own: its `startUs` is to be about now, its `framesPerSecond` is the rate.
 *
 * @returns how many frames were played.
 */
export async function broadcast(simulator: Simulator, options: BroadcastOptions): Promise<number> {
  const { frames, mqttUrl, webSocketPort, zmq, say, progress, hear, signal } = options;
  const outputs: Output[] = [];
  try {
    if (webSocketPort !== null) outputs.push(await openWebSocketOutput(webSocketPort, say, hear));
    if (mqttUrl !== null)
      outputs.push(await openMqttOutput({ ...options, url: mqttUrl, stream: simulator.stream }, say));
    if (zmq !== undefined) outputs.push(await openZmqOutput({ ...zmq, stream: simulator.stream }, say));
    for (const output of outputs) output.layout(encodeLayoutCbor(simulator.layout, simulator.stream));
    let played = 0;
    let toldMs = 0;
    while (played < frames && !simulator.isStopped) {
      const { frame, slow, deliveryCount, truth } = simulator.next();
      const endMs = (truth.timeUs + simulator.framePeriodUs) / 1000;
      await pause(Math.max(0, endMs - Date.now()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      for (const sample of slow) {
        const bytes = encodeSlowCbor(sample);
        for (const output of outputs) output.slow(sample.name, bytes);
      }
      const bytes = encodeFrameCbor(frame, layoutIdOf(frame.layout));
      for (let copy = 0; copy < deliveryCount; copy++) for (const output of outputs) output.frame(bytes);
      played++;
      if (Date.now() - toldMs < PROGRESS_MS) continue;
      toldMs = Date.now();
      progress?.(`${played} frames sent`);
    }
    return played;
  } finally {
    progress?.(null);
    await Promise.all(outputs.map((output) => output.close()));
  }
}
