import type { Frame } from '../model/frame.ts';
import { PERMIT_BEAM, type ShutterReport } from '../model/permit.ts';
import type { Sink } from '../model/sink.ts';
import type { SlowSignals } from '../pipeline/slowSignals.ts';
import { listener } from './listener.ts';

/** Turns what is seen of the shutter into a slow signal, on the clock of each stream. */
export interface BeamSignal {
  /** A frame of a stream was processed. */
  passed(frame: Pick<Frame, 'stream' | 'timeUs' | 'exposureUs'>, nowMs: number): void;
  seen(report: ShutterReport, nowMs: number): void;
}

/** Told again so often while nothing changes: what is silent is stale, and charged as on. */
const REPEAT_US = 1e6;

/**
 * A beam that goes on counts from the last frame on; one that goes off counts from the first exposure that begins after it was
 * seen off. So whatever is not known of the moment between is charged.
 */
export function createBeamSignal(slowSignals: SlowSignals): BeamSignal {
  const last = new Map<string, { timeUs: number; exposureUs: number; atMs: number }>();
  const told = new Map<string, { readonly isOn: number; readonly timeUs: number }>();
  let isOn = 1;
  const tell = (stream: string, timeUs: number): void => {
    const before = told.get(stream);
    if (before?.isOn === isOn && timeUs < before.timeUs + REPEAT_US) return;
    told.set(stream, { isOn, timeUs });
    slowSignals.add({ type: 'slow', name: PERMIT_BEAM, stream, timeUs: Math.round(timeUs), value: isOn, unit: '1' });
  };
  return {
    passed({ stream, timeUs, exposureUs }, nowMs) {
      const known = last.get(stream);
      if (known === undefined) last.set(stream, { timeUs, exposureUs, atMs: nowMs });
      else Object.assign(known, { timeUs, exposureUs, atMs: nowMs });
      if (known === undefined) tell(stream, timeUs);
    },
    seen({ observed }, nowMs) {
      isOn = observed === 'closed' ? 0 : 1;
      for (const [stream, { timeUs, exposureUs, atMs }] of last)
        tell(stream, isOn === 1 ? timeUs : timeUs + exposureUs + (nowMs - atMs) * 1000);
    },
  };
}

/** Tells the signal of the beam which frames have passed. */
export const beamListener = (beam: BeamSignal): Sink =>
  listener('beam', (signal, from) => {
    if (signal.type === 'frame' && from === signal.stream) beam.passed(signal, performance.now());
  });
