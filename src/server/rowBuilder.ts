import type { Frame } from '../model/frame.ts';
import type { ChannelBins } from './channelBins.ts';

/**
 * One row of the waterfall while it is filled. Counts, expected counts and variances of all its frames are ADDED, so
 * that a change of one frame is not lost; sigma is taken from the sums. The hot path only adds, channel by channel of
 * the source; channels are added together once per row.
 */
export interface RowBuilder {
  /** [channels] of the page, valid after `finish`. */
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
  /** Adds channels of the source into those of the page. */
  finish(): void;
  clear(): void;
}

export function createRowBuilder(bins: ChannelBins): RowBuilder {
  const { width, sourceChannels, channels, planes } = bins;
  const size = sourceChannels * planes;
  const seen = new Float64Array(size);
  const means = new Float64Array(size);
  const scatters = new Float64Array(size);
  const mask = new Uint8Array(size);
  let isMasked = false;
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
      isMasked = frame.mask !== undefined;
      if (frame.mask === undefined) addTo(seen, frame.values);
      else {
        mask.set(frame.mask);
        addUnmasked(seen, frame.values, mask);
      }
    },
    addExpected(frame) {
      if (frame.seq !== pendingSeq || frame.values.length !== size) return;
      pendingSeq = -1;
      this.referenced++;
      const variances = frame.variances ?? frame.values;
      if (isMasked) {
        addUnmasked(means, frame.values, mask);
        addUnmasked(scatters, variances, mask);
      } else {
        addTo(means, frame.values);
        addTo(scatters, variances);
      }
    },
    finish() {
      const { counts, expected, variance } = this;
      counts.fill(0);
      expected.fill(0);
      variance.fill(0);
      for (let plane = 0; plane < size; plane += sourceChannels)
        for (let i = 0; i < sourceChannels; i++) {
          const j = Math.floor(i / width);
          const at = plane + i;
          counts[j]! += seen[at]!;
          // A channel the reference does not cover (not finite, no scatter) says nothing: no residual, no variance.
          const isCovered = means[at]! - means[at]! === 0 && scatters[at]! > 0 && scatters[at]! < Infinity;
          expected[j]! += isCovered ? means[at]! : seen[at]!;
          if (isCovered) variance[j]! += scatters[at]!;
        }
    },
    clear() {
      seen.fill(0);
      means.fill(0);
      scatters.fill(0);
      this.frames = 0;
      this.referenced = 0;
      this.lost = 0;
    },
  };
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function addUnmasked(sum: Float64Array, values: Float64Array, mask: Uint8Array): void {
  for (let i = 0; i < sum.length; i++) if (mask[i] === 0) sum[i]! += values[i]!;
}
