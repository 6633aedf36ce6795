import type { Frame } from '../model/frame.ts';
import type { ChannelBins } from './channelBins.ts';

/**
 * One row of the waterfall while it is filled. Counts, expected counts and variances of all its frames are ADDED, so
 * that a change of one frame is not lost; sigma is taken from the sums. Runs on the hot path: additions only.
 */
export interface RowBuilder {
  readonly counts: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
  frames: number;
  /** Frames of the row that have an expected frame. */
  referenced: number;
  lost: number;
  startUs: number;
  endUs: number;
  lastSeq: number;
  addFrame(frame: Frame): void;
  /** The expected frame of the frame added last; ignored when it is of another. */
  addExpected(frame: Frame): void;
  clear(): void;
}

export function createRowBuilder(bins: ChannelBins): RowBuilder {
  const { width, sourceChannels, channels, planes } = bins;
  const size = sourceChannels * planes;
  const observed = new Float64Array(size);
  const channelOf = Uint16Array.from({ length: size }, (_, i) => Math.floor((i % sourceChannels) / width));
  let pendingSeq = -1;

  return {
    counts: new Float64Array(channels),
    expected: new Float64Array(channels),
    variance: new Float64Array(channels),
    frames: 0,
    referenced: 0,
    lost: 0,
    startUs: 0,
    endUs: 0,
    lastSeq: -1,
    addFrame(frame) {
      if (this.frames === 0) this.startUs = frame.timeUs;
      if (this.lastSeq >= 0 && frame.seq > this.lastSeq + 1) this.lost += frame.seq - this.lastSeq - 1;
      this.frames++;
      this.endUs = frame.timeUs;
      this.lastSeq = frame.seq;
      pendingSeq = frame.seq;
      const { counts } = this;
      const { mask } = frame;
      observed.set(frame.values);
      if (mask !== undefined) for (let i = 0; i < size; i++) if (mask[i] !== 0) observed[i] = Number.NaN;
      for (let i = 0; i < size; i++) {
        const seen = observed[i]!;
        if (seen === seen) counts[channelOf[i]!]! += seen;
      }
    },
    addExpected(frame) {
      if (frame.seq !== pendingSeq || frame.values.length !== size) return;
      pendingSeq = -1;
      this.referenced++;
      const { values, variances } = frame;
      const { expected, variance } = this;
      for (let i = 0; i < size; i++) {
        const seen = observed[i]!;
        if (seen !== seen) continue;
        const j = channelOf[i]!;
        const mean = values[i]!;
        const scatter = variances === undefined ? mean : variances[i]!;
        // A channel the reference does not cover says nothing: no residual, no variance.
        if (mean - mean === 0 && scatter > 0) {
          expected[j]! += mean;
          variance[j]! += scatter;
        } else expected[j]! += seen;
      }
    },
    clear() {
      this.counts.fill(0);
      this.expected.fill(0);
      this.variance.fill(0);
      this.frames = 0;
      this.referenced = 0;
      this.lost = 0;
    },
  };
}
