import type { PlannedNode } from '../../config/plan.ts';
import { median } from '../../kernel/array/median.ts';
import { countInterval } from '../../kernel/threshold/countInterval.ts';
import { episodeMaxima } from '../../kernel/threshold/episodes.ts';
import { fitTail, runLengthAt, thresholdFor, type Bounded, type Tail } from '../../kernel/threshold/tail.ts';
import type { Track } from './tracks.ts';

/** How a detector behaves on quiet data. Run lengths in frames. */
export interface Verdict {
  readonly detector: string;
  readonly kind: string;
  readonly stream: string;
  /** Frames judged; those it learned from are not among them. */
  readonly frames: number;
  /** What was asked for: mean frames between false alarms. null when the settings do not say. */
  readonly wanted: number | null;
  /** As it stands; null when it moves. */
  readonly threshold: number | null;
  /** Independent episodes, those with an alarm, and frames with a detection. */
  readonly episodes: number;
  readonly alarms: number;
  readonly detections: number;
  /** Mean frames between alarms as counted, 95 %; `high` is infinite when there were none. */
  readonly measured: Bounded;
  /** The same at the present threshold, by the tail of the episodes; null when there are too few. */
  readonly byTail: Bounded | null;
  /** Episodes the tail was fitted to, and its units per e-fold of the run length. */
  readonly tail: {
    readonly episodes: number;
    readonly scale: number;
    readonly scaleError: number;
    /** Of a single log-likelihood ratio: one unit is expected to be one e-fold. */
    readonly isOneExpected: boolean;
  } | null;
  /** The threshold that gives what was asked for, 95 %; where it moves, what to add to it. null when nothing can be said. */
  readonly proposed: Bounded | null;
  /** The rarest alarm these frames can speak of: three are expected in them. */
  readonly supported: number;
  /** `wanted` over `supported`; at most 1 when nothing was extrapolated. */
  readonly extrapolation: number | null;
}

const CONFIDENCE = 0.95;
/** So many alarms must be expected before a rate is known at all. */
const SUPPORT = 3;

/**
 * What a track says of its detector.
 *
 * @param wanted - mean frames between false alarms; null takes what the settings ask for.
 */
export function judge(node: PlannedNode, track: Track, wanted: number | null): Verdict {
  const { definition, framePeriodUs } = node;
  const frames = track.statistics.length;
  const target = wanted ?? definition.averageRunLength?.(node.with, framePeriodUs) ?? null;
  const unit = definition.statistic ?? 'logLikelihoodRatio';
  const first = track.thresholds[0];
  const isFixed = first !== undefined && track.thresholds.every((threshold) => threshold === first);
  // Half the square of a normal number thins out by an e-fold per unit, as a log-likelihood ratio does.
  const isSquared = unit === 'deviations' && isFixed;
  const scaled = (value: number): number => (isSquared ? 0.5 * value * Math.abs(value) : value);
  const back = (value: number): number => (isSquared ? Math.sqrt(Math.max(2 * value, 0)) : value);
  const values = Float64Array.from(track.statistics, (statistic, i) =>
    isFixed ? scaled(statistic) : statistic - (track.thresholds[i] ?? NaN),
  );
  const level = isFixed ? scaled(first) : 0;
  const maxima = frames === 0 ? new Float64Array(0) : episodeMaxima(values, track.runs, median(values));
  const alarms = maxima.filter((maximum) => maximum >= level).length;
  const [few, many] = countInterval(alarms, CONFIDENCE);
  const tail: Tail | null = fitTail(maxima, frames, unit === 'any' || !isFixed ? null : 1);
  const proposed = tail === null || target === null ? null : thresholdFor(tail, target);
  const supported = frames / SUPPORT;
  return {
    detector: node.id,
    kind: node.use,
    stream: track.stream,
    frames,
    wanted: target,
    threshold: isFixed ? first : null,
    episodes: maxima.length,
    alarms,
    detections: track.detectionCount,
    measured: { value: frames / Math.max(alarms, 1), low: frames / many, high: few === 0 ? Infinity : frames / few },
    byTail: tail === null ? null : runLengthAt(tail, level),
    tail:
      tail === null
        ? null
        : {
            episodes: tail.count,
            scale: tail.scale,
            scaleError: tail.scaleError,
            isOneExpected: isFixed && unit === 'logLikelihoodRatio',
          },
    proposed: proposed && {
      value: back(proposed.value),
      low: back(proposed.low),
      high: back(proposed.high),
    },
    supported,
    extrapolation: target === null ? null : target / supported,
  };
}
