import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { nextUniform, seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { boundOf, createInformation, type FrameInformation } from './information.ts';
import { makeChange, SIGMA, type Change, type ChangeKind } from './streamChange.ts';
import { between, makeDrift, type DriftKind } from './streamDrift.ts';
import type { SpectraStream, StreamTruth } from './streamFile.ts';
import { streamMean, type Conditions, type Peak, type Sample } from './streamMean.ts';

/** What a stream is to hold; the seed decides the rest. */
export interface StreamPlan {
  readonly name: string;
  readonly channels: number;
  readonly frames: number;
  readonly drift: DriftKind;
  /** null: the sample stays as it is. */
  readonly change: ChangeKind | null;
  /** Counts relative to the usual 5 to 45 at the height of a peak. */
  readonly scale: number;
}

/** Frames in which nothing but the instrument changes. */
export const CALIBRATION_FRAMES = 300;
/** Peaks whose random places would touch are moved this far apart, channels. */
const DISTANCE = 10;
const EDGE = 15;

/** A stream and the truth about it, the same for the same plan, seed and index. */
export function makeStream(
  plan: StreamPlan,
  seed: number,
  index: number,
): { stream: SpectraStream; truth: StreamTruth } {
  const { name, channels, frames, scale } = plan;
  const state = seedXoshiro128(seed, index);
  const sample = makeSample(channels, scale, state);
  const drift = makeDrift(plan.drift, frames, state);
  const change = plan.change === null ? null : makeChange(plan.change, sample, state);
  // With a third of the stream left after it, and as much time to be wrong before.
  const from = change === null ? frames : Math.round(between(state, 500, Math.max(510, 0.6 * frames)));
  const measure = createInformation(sample);
  const information: FrameInformation[] = [];
  const counts = new Uint32Array(frames * channels);
  const mean = new Float64Array(channels);
  let total = 0;
  for (let t = 0; t < frames; t++) {
    const conditions = drift[t]!;
    streamMean(sample, conditions, change === null || t < from ? null : change.at(t - from), mean);
    if (t >= from) information.push(measure(conditions, mean));
    for (let i = 0; i < channels; i++) total += counts[t * channels + i] = nextPoisson(state, mean[i]!);
  }
  return {
    stream: { name, channels, frames, calibrationFrames: CALIBRATION_FRAMES, counts },
    truth: {
      ...truthOf(plan, sample, change, drift),
      change_frame: change === null ? null : from,
      mean_counts_per_frame: total / frames,
      kl_per_frame_end: information.at(-1)?.known ?? null,
      kl_per_frame_nuisance_orthogonal_end: information.at(-1)?.orthogonal ?? null,
      bound_frames_logARL1e4_known_nuisance: boundOf(information.map(({ known }) => known)),
      bound_frames_logARL1e4_nuisance_orthogonal: boundOf(information.map(({ orthogonal }) => orthogonal)),
    },
  };
}

/** 5 to 8 peaks of 5 to 45 counts on a falling background. */
export function makeSample(channels: number, scale: number, state: RandomState): Sample {
  const count = 5 + Math.floor(4 * nextUniform(state));
  const places = Array.from({ length: count }, () => between(state, EDGE, channels - EDGE - 3 * DISTANCE));
  places.sort((a, b) => a - b);
  for (let k = 1; k < count; k++) places[k] = Math.max(places[k]!, places[k - 1]! + DISTANCE);
  const peaks = places.map((place): Peak => [place, between(state, 5, 45), between(state, ...SIGMA)]);
  return { channels, peaks, background: [between(state, 1.5, 3), between(state, 0.35, 0.8)], scale };
}

function truthOf(plan: StreamPlan, sample: Sample, change: Change | null, drift: readonly Conditions[]) {
  const intensities = drift.map(({ intensity }) => intensity);
  const last = drift[drift.length - 1]!;
  return {
    file: `${plan.name}.json`,
    channels: plan.channels,
    frames: plan.frames,
    kind: change?.kind ?? plan.drift,
    is_change: change !== null,
    drift: plan.drift,
    affected_positions: change?.positions ?? [],
    intensity_range: [Math.min(...intensities), Math.max(...intensities)] as const,
    shift_total_channels: last.shift,
    bg_slope_end: last.slope,
    peaks: sample.peaks,
    bg: sample.background,
    scale: sample.scale,
  };
}
