import type { OnsetBound, OpenAlert } from './openAlert.ts';
import type { Detection } from './signal.ts';

/** What makes a change on top of another one. */
export interface Rise {
  /** Growth of the statistic. */
  readonly ratio: number;
  /** Frames it takes. */
  readonly within: number;
}

/**
 * Whether the statistic of an open alert has shot up from what it was some frames ago. A frame without detection
 * counts as the threshold. The rise began after the last detection that stood clearly lower.
 *
 * @returns when it began; undefined when it has not risen.
 */
export function riseOf(entry: OpenAlert, detection: Detection, { ratio, within }: Rise): OnsetBound | undefined {
  const { seq, stream, timeUs, statistic, threshold } = detection;
  const { seqs, timesUs, statistics } = entry;
  if (!entry.raised || stream !== entry.stream || seq - entry.raisedSeq <= within) return undefined;
  const at = (lag: number) => statistics[seqs.indexOf(seq - lag)] ?? threshold;
  const low = statistic / ratio;
  if (Math.max(at(within), at(within + 1)) > low) return undefined;
  const last = statistics.findLastIndex((each) => each <= low);
  return { quietUs: timesUs[Math.max(last, 0)] ?? timeUs, beganUs: timesUs[last + 1] ?? timeUs };
}

/** Whether two regions do not touch; the whole spectrum touches everything. */
export function isElsewhere(a: readonly number[], b: readonly number[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  return a[0] > b[1] || a[1] < b[0];
}
