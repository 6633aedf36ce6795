import { updateOnset, createOnsetTrack, type OnsetTrack } from '../../kernel/change/onset.ts';
import {
  createTrimmedThreshold,
  updateTrim,
  type TrimmedThreshold,
  type TrimOptions,
} from '../../kernel/threshold/trimmedThreshold.ts';
import type { Detection, Emit, Reading } from '../../model/signal.ts';
import type { AdaptiveSettings } from './adaptiveSettings.ts';

/** One detector of one stream. */
export type Trimmed = {
  trimmed: TrimmedThreshold;
  onset: OnsetTrack;
  /** Of the frame at hand: which, what was said, whether all of it was. */
  seq: number;
  statistic: number;
  stated: number;
  isJudged: boolean;
};

export const createTrimmed = (): Trimmed => ({
  trimmed: createTrimmedThreshold(),
  onset: createOnsetTrack(),
  seq: -1,
  statistic: NaN,
  stated: NaN,
  isJudged: false,
});

/**
 * How `trim` is set.
 *
 * @throws RangeError when no rate is stated, or one not rarer than the passes of the lower level.
 */
export function trimOptionsOf(
  { trim, learn }: AdaptiveSettings,
  runLength: number | undefined,
): TrimOptions | undefined {
  if (trim === undefined) return undefined;
  if (runLength === undefined) throw new RangeError('trim needs falseAlarms: the rate that the detector is set to');
  if (runLength <= trim.every)
    throw new RangeError(`one false alarm per ${runLength} frames is not rarer than trim.every, ${trim.every} frames`);
  return { ...trim, learn, runLength };
}

/** Takes a reading of the detector; when the frame's statistic and threshold are both there, says the trimmed one. */
export function trimReading(
  state: Trimmed,
  reading: Reading,
  emit: Emit<'reading' | 'detection'>,
  work: TrimWork,
): void {
  if (reading.seq !== state.seq) {
    state.seq = reading.seq;
    state.statistic = state.stated = NaN;
    state.isJudged = false;
  }
  if (reading.name === 'threshold') state.stated = reading.value;
  else state.statistic = reading.value;
  if (state.isJudged || Number.isNaN(state.statistic) || !(state.stated > 0)) return;
  state.isJudged = true;
  const { trimmed, onset, statistic, stated } = state;
  updateTrim(trimmed, statistic, stated, work.options);
  const { threshold } = trimmed;
  updateOnset(onset, reading.timeUs, statistic <= 0.5 * threshold, statistic >= threshold);
  const say = (name: string, value: number): void => emit(readingOf(reading, work.id, name, value));
  say('threshold', threshold);
  say('trim', trimmed.trim);
  say('waiting', trimmed.waiting);
  say('frozen.evidence', trimmed.waiting > 0 && !trimmed.isLearning ? 1 : 0);
  say('frozen.learning', trimmed.isLearning ? 1 : 0);
  say('frozen.bound', trimmed.isAtBound ? 1 : 0);
  // At and above its own threshold the detector speaks for itself, and knows more.
  if (statistic < threshold || statistic >= stated) return;
  emit({
    type: 'detection',
    stream: reading.stream,
    seq: reading.seq,
    timeUs: reading.timeUs,
    onsetUs: onset.loudUs,
    onsetIntervalUs: [onset.quietUs < 0 ? onset.leftUs : onset.quietUs, onset.loudUs],
    detector: work.id,
    statistic,
    threshold,
    sign: reading.sign ?? 0,
    averageRunLength: work.options.runLength,
  });
}

export interface TrimWork {
  readonly id: string;
  readonly options: TrimOptions;
}

/** Hands on what the detector found, if it passes the trimmed threshold too. */
export function trimDetection(
  state: Trimmed,
  detection: Detection,
  emit: Emit<'reading' | 'detection'>,
  work: TrimWork,
): void {
  const { threshold } = state.trimmed;
  if (!state.isJudged || detection.seq !== state.seq || detection.statistic < threshold) return;
  emit({ ...detection, detector: work.id, threshold, averageRunLength: work.options.runLength });
}

function readingOf({ stream, seq, timeUs }: Reading, stage: string, name: string, value: number): Reading {
  const unit = name === 'waiting' ? 'frame' : '1';
  return { type: 'reading', stream, seq, timeUs, stage, name, value, unit, quality: 'valid' };
}
