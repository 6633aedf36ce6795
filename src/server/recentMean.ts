import { ROW_META, type RowHistory } from './rowHistory.ts';

/** Rows in the shown spectrum. */
export const MEAN_ROWS = 5;

/** Sums of the last rows: what the spectrum, the residual and the table of regions show. */
export interface RecentMean {
  frames: number;
  isReferenced: boolean;
  timeUs: number;
  readonly counts: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
}

export function createRecentMean(channels: number): RecentMean {
  return {
    frames: 0,
    isReferenced: false,
    timeUs: 0,
    counts: new Float64Array(channels),
    expected: new Float64Array(channels),
    variance: new Float64Array(channels),
  };
}

/** Fills `mean` from the newest rows; rows from before the reference are left out once there is one. */
export function refillRecentMean(mean: RecentMean, rows: RowHistory): void {
  const { channels, capacity, meta } = rows;
  mean.counts.fill(0);
  mean.expected.fill(0);
  mean.variance.fill(0);
  mean.frames = 0;
  const newest = ((rows.next - 1) % capacity) * ROW_META;
  mean.isReferenced = rows.next > 0 && meta[newest + 6] === 1;
  mean.timeUs = rows.next > 0 ? meta[newest + 1]! : 0;
  for (let row = Math.max(rows.first, rows.next - MEAN_ROWS); row < rows.next; row++) {
    const slot = row % capacity;
    if (mean.isReferenced && meta[slot * ROW_META + 6] !== 1) continue;
    mean.frames += meta[slot * ROW_META + 3]!;
    const at = slot * channels;
    for (let j = 0; j < channels; j++) {
      mean.counts[j]! += rows.counts[at + j]!;
      mean.expected[j]! += rows.expected[at + j]!;
      mean.variance[j]! += rows.variance[at + j]!;
    }
  }
}
