import type { Fault } from '../../model/fault.ts';
import type { Frame } from '../../model/frame.ts';
import type { Detection } from '../../model/signal.ts';

/** Where along the fast axis, and what the axis is. */
export interface FaultAxis {
  readonly x: Float64Array;
  readonly unit: string;
}

/** What was found. */
export interface FoundFault {
  readonly onsetUs?: number;
  /** Against its threshold: standard deviations, channels, or a share. */
  readonly statistic: number;
  readonly threshold: number;
  /** [first, last] of the frame; absent when the whole frame is meant. */
  readonly channels?: readonly [number, number] | undefined;
  readonly averageRunLength?: number;
}

/** A fault as a detection. */
export function faultDetection(
  { stream, seq, timeUs }: Frame,
  detector: string,
  template: Fault,
  { onsetUs = timeUs, statistic, threshold, channels, averageRunLength }: FoundFault,
  { x, unit }: FaultAxis,
): Detection {
  const at = channels?.map((channel) => x[channel % x.length]!);
  const region = at && ([Math.min(...at), Math.max(...at)] as const);
  const regionUnit = region && unit;
  const place = { region, regionUnit, sign: 0 as const };
  return {
    type: 'detection',
    stream,
    seq,
    timeUs,
    onsetUs,
    detector,
    statistic,
    threshold,
    ...place,
    template,
    averageRunLength,
  };
}
