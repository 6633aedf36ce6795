import type { Reading } from './signal.ts';

/** What a reading says, without whose and when. */
export type ReadingParts = Pick<Reading, 'name' | 'value' | 'standardError' | 'unit' | 'quality'>;

/** Who and when: what a reading takes over from a frame. */
export type FrameHeader = Pick<Reading, 'stream' | 'seq' | 'timeUs'>;

/**
 * A reading of one frame. The same fields in the same order, written out, so that the engine keeps one shape and copies nothing.
 *
 * @param frame - whose stream, number and time the reading takes; another reading will do.
 * @param stage - id of the stage that made it.
 */
export function makeReading(frame: FrameHeader, stage: string, parts: ReadingParts): Reading {
  return {
    type: 'reading',
    stream: frame.stream,
    seq: frame.seq,
    timeUs: frame.timeUs,
    stage,
    name: parts.name,
    value: parts.value,
    standardError: parts.standardError,
    unit: parts.unit,
    quality: parts.quality,
  };
}
