import { createDetector, stateBytes, type DetectorChoice } from './detector.ts';
import { LOG_RUN_LENGTH } from './information.ts';
import type { KnownStream, SpectraStream, StreamTruth } from './streamFile.ts';

/** Detections with at most this many frames without one between them are one alarm. */
const EPISODE_GAP = 20;

/** What a detector made of one stream. */
export interface StreamScore {
  readonly file: string;
  readonly isChange: boolean;
  /** Frames from the change to the first alarm that began at or after it, both counted; null when there was none. */
  readonly delay: number | null;
  readonly bound: number | null;
  /** Alarms before the change, or anywhere in a stream without one, after the calibration frames. */
  readonly falseAlarms: number;
  /** Frames in which an alarm would have been false. */
  readonly nullFrames: number;
  readonly framesPerSecond: number;
  readonly channelFramesPerSecond: number;
  readonly stateBytes: number;
}

export interface StreamsReport {
  readonly changes: number;
  readonly found: number;
  /** Over the changes that were found, of delay / bound with unknown nuisances. */
  readonly medianDelayOverBound: number | null;
  readonly meanDelayOverBound: number | null;
  readonly falseAlarms: number;
  readonly nullFrames: number;
}

/** Feeds a stream to the detector, and returns the first frame of every alarm. */
function alarmsOf(stream: SpectraStream, choice: DetectorChoice) {
  const { channels, frames, calibrationFrames, counts } = stream;
  const detector = createDetector(choice, channels, calibrationFrames, Math.exp(LOG_RUN_LENGTH));
  const values = new Float64Array(channels);
  const alarms: number[] = [];
  let last = -Infinity;
  let ms = 0;
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < channels; i++) values[i] = counts[t * channels + i]!;
    const startMs = performance.now();
    const found = detector.take(values);
    if (t >= calibrationFrames) ms += performance.now() - startMs;
    if (!found) continue;
    if (t - last > EPISODE_GAP) alarms.push(t);
    last = t;
  }
  return { alarms, framesPerSecond: (1000 * (frames - calibrationFrames)) / ms, bytes: stateBytes(detector.stage) };
}

/** Scores one stream; the detector sees its counts alone. */
export function scoreStream({ stream, truth }: KnownStream, choice: DetectorChoice): StreamScore {
  const { alarms, framesPerSecond, bytes } = alarmsOf(stream, choice);
  const { delay, falseAlarms, nullFrames } = judge(alarms, stream, truth);
  return {
    file: truth.file,
    isChange: truth.is_change,
    delay,
    bound: truth.bound_frames_logARL1e4_nuisance_orthogonal,
    falseAlarms,
    nullFrames,
    framesPerSecond: Math.round(framesPerSecond),
    channelFramesPerSecond: Math.round(framesPerSecond * stream.channels),
    stateBytes: bytes,
  };
}

/** Delay and false alarms from the first frames of the alarms, ascending. */
export function judge(
  alarms: readonly number[],
  { frames, calibrationFrames }: Pick<SpectraStream, 'frames' | 'calibrationFrames'>,
  { change_frame }: Pick<StreamTruth, 'change_frame'>,
): Pick<StreamScore, 'delay' | 'falseAlarms' | 'nullFrames'> {
  const from = change_frame ?? frames;
  const first = alarms.find((alarm) => alarm >= from);
  return {
    delay: first === undefined ? null : first - from + 1,
    falseAlarms: alarms.filter((alarm) => alarm >= calibrationFrames && alarm < from).length,
    nullFrames: from - calibrationFrames,
  };
}

export function summarise(scores: readonly StreamScore[]): StreamsReport {
  const changes = scores.filter(({ isChange }) => isChange);
  const ratios = changes.flatMap(({ delay, bound }) => (delay === null || bound === null ? [] : [delay / bound]));
  ratios.sort((a, b) => a - b);
  const sum = (key: 'falseAlarms' | 'nullFrames'): number => scores.reduce((total, score) => total + score[key], 0);
  return {
    changes: changes.length,
    found: changes.filter(({ delay }) => delay !== null).length,
    medianDelayOverBound: medianOf(ratios),
    meanDelayOverBound: ratios.length === 0 ? null : ratios.reduce((a, b) => a + b, 0) / ratios.length,
    falseAlarms: sum('falseAlarms'),
    nullFrames: sum('nullFrames'),
  };
}

function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
