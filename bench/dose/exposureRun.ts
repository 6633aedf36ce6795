import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { nextUniform, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import type { QuietIncrement } from '../../src/kernel/dose/exposureThreshold.ts';

/** Exposure of the next frame by the statistic, relative to nominal. */
export type ExposureRule = (statistic: number) => number;

export type OnsetKind = 'step' | 'ramp';

/** One process, watched until it was found out. */
export interface ExposureRun {
  readonly isFalseAlarm: boolean;
  /** Frames from the onset to the detection; Infinity when it was missed. */
  readonly delay: number;
  /** Until the detection, in frames of nominal exposure. */
  readonly dose: number;
  /** Estimated onset less the true one, frames. */
  readonly onsetError: number;
}

export const FRAMES = 1000;
/** Counts per frame at nominal exposure, in two windows together. */
const COUNTS = 100;
/** Share of the first window, intact and fully changed. */
const SHARE = { intact: 0.6, changed: 0.35 } as const;
/** Change of a step, which the CUSUM is designed for; frames of a ramp to a full change. */
const STEP = 0.2;
const RAMP = 100;
/** Frames after the detection that the onset is estimated from, too. */
const AFTER = 100;
const EARLIEST = 200;
const LATEST = 800;

const shareAt = (f: number): number => SHARE.intact + f * (SHARE.changed - SHARE.intact);
const ratios = (f: number): readonly [number, number] => [
  Math.log(shareAt(f) / SHARE.intact),
  Math.log((1 - shareAt(f)) / (1 - SHARE.intact)),
];
const [LOG_A, LOG_B] = ratios(STEP);

/** Change so many frames after the onset; the first frame is half through. */
const changeAt: Readonly<Record<OnsetKind, (k: number) => number>> = {
  step: () => STEP,
  ramp: (k) => Math.min(1, (k + 0.5) / RAMP),
};

/** Of the CUSUM, at nominal exposure. */
export const QUIET: QuietIncrement = {
  mean: COUNTS * (SHARE.intact * LOG_A + (1 - SHARE.intact) * LOG_B),
  variance: COUNTS * (SHARE.intact * LOG_A ** 2 + (1 - SHARE.intact) * LOG_B ** 2),
};

/** A process with an onset somewhere between frames 200 and 800. */
export function runExposure(rule: ExposureRule, threshold: number, kind: OnsetKind, random: RandomState): ExposureRun {
  const onset = EARLIEST + nextUniform(random) * (LATEST - EARLIEST);
  const first = Math.ceil(onset);
  const counts = { a: new Float64Array(FRAMES + AFTER), b: new Float64Array(FRAMES + AFTER) };
  let statistic = 0;
  let dose = 0;
  let found = Infinity;
  let k = 0;
  for (; k < FRAMES + AFTER && k <= found + AFTER; k++) {
    const exposure = found === Infinity ? rule(statistic) : rule(Infinity);
    const share = shareAt(k < first ? 0 : changeAt[kind](k - first));
    counts.a[k] = nextPoisson(random, exposure * COUNTS * share);
    counts.b[k] = nextPoisson(random, exposure * COUNTS * (1 - share));
    if (found < Infinity) continue;
    dose += exposure;
    if (k === FRAMES) break;
    statistic = Math.max(0, statistic + counts.a[k]! * LOG_A + counts.b[k]! * LOG_B);
    if (statistic >= threshold) found = k;
  }
  const isFalseAlarm = found < first;
  const estimate = isFalseAlarm || found === Infinity ? NaN : likeliestOnset(counts, kind, found, k);
  return { isFalseAlarm, delay: found + 1 - first, dose, onsetError: estimate - first };
}

/** The first changed frame of the greatest likelihood, the course of the change being known. */
function likeliestOnset(
  { a, b }: { readonly a: Float64Array; readonly b: Float64Array },
  kind: OnsetKind,
  found: number,
  end: number,
): number {
  const logs = LOGS[kind];
  const [lastA, lastB] = logs[logs.length - 1]!;
  let [settledA, settledB] = [0, 0];
  for (let k = Math.min(end, found + logs.length); k < end; k++) {
    settledA += a[k]!;
    settledB += b[k]!;
  }
  let best = -Infinity;
  let onset = found;
  for (let first = found; first >= Math.max(0, found - LOOKED_BACK); first--) {
    const settled = first + logs.length;
    if (settled < Math.min(end, found + logs.length)) {
      settledA += a[settled]!;
      settledB += b[settled]!;
    }
    let likelihood = settledA * lastA + settledB * lastB;
    for (let k = first; k < Math.min(end, settled); k++) {
      const [logA, logB] = logs[k - first]!;
      likelihood += a[k]! * logA + b[k]! * logB;
    }
    if (likelihood <= best) continue;
    best = likelihood;
    onset = first;
  }
  return onset;
}

/** Frames before the detection that are tried as onsets. */
const LOOKED_BACK = 400;
/** By frame after the onset; from the last on, all are alike. */
const LOGS = {
  step: [ratios(STEP)],
  ramp: Array.from({ length: RAMP + 1 }, (_, k) => ratios(changeAt.ramp(k))),
} as const;
