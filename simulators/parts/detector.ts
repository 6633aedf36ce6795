import { nextNormal } from '../../src/kernel/random/normal.ts';
import { fillPoisson, nextPoisson } from '../../src/kernel/random/poisson.ts';
import { nextUint32, nextUniform } from '../../src/kernel/random/xoshiro128.ts';
import type { RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { Purpose, seedPurpose } from './randomStreams.ts';

/** How a detector distorts what falls on it; what is left out does nothing. */
export interface DetectorSetting {
  /** Relative standard deviation of the channels' sensitivity, constant in time. */
  readonly fixedPattern?: number;
  /** Standard deviation added to every channel, counts. Zero for counting detectors. */
  readonly readNoise?: number;
  /** Highest number a channel can hold. */
  readonly ceiling?: number;
  /** Paralysable dead time per count over the live time: N -> N exp(-N deadFraction). */
  readonly deadFraction?: number;
}

/** What is wrong with a detector in this frame. Channel numbers, or null. */
export interface DetectorFaults {
  readonly deadChannel: number | null;
  readonly hotChannel: number | null;
  /** Counts a hot channel adds. */
  readonly hotCounts: number;
  readonly flickeringChannel: number | null;
  /** Mean number of cosmic-ray hits per frame, and the mean charge of one, counts. */
  readonly cosmicHits: number;
  readonly cosmicCharge: number;
}

export interface Detector {
  /** Reads out expected counts into `out`; returns true when a channel reached its ceiling. `means` is overwritten. */
  read(seq: number, means: Float64Array, faults: DetectorFaults, out: Float64Array): boolean;
}

/** Probability per frame that a flickering pixel changes between normal and doubled. */
const FLICKER = 0.2;
/** What is left of so many counts after the dead time is looked up. */
const TABULATED_COUNTS = 8192;

/** Fixed pattern, Poisson, cosmic rays, read noise, saturation, dead and hot pixels, in that order. */
export function createDetector(setting: DetectorSetting, seed: number, channels: number): Detector {
  const { fixedPattern = 0, readNoise = 0, ceiling = Infinity, deadFraction = 0 } = setting;
  const random = seedPurpose(seed, Purpose.fixedPattern, 0);
  const sensitivity = Float64Array.from({ length: channels }, () => 1 + fixedPattern * nextNormal(random));
  const survivors = Float64Array.from({ length: deadFraction > 0 ? TABULATED_COUNTS : 0 }, (_, count) =>
    survive(count, deadFraction),
  );
  let isFlickering = false;
  return {
    read(seq, means, faults, out) {
      if (faults.hotChannel !== null) means[faults.hotChannel] += faults.hotCounts;
      if (faults.flickeringChannel !== null) {
        if (nextUniform(seedPurpose(seed, Purpose.faults, seq, random)) < FLICKER) isFlickering = !isFlickering;
        if (isFlickering) means[faults.flickeringChannel] *= 2;
      }
      seedPurpose(seed, Purpose.counts, seq, random);
      for (let i = 0; i < channels; i++) means[i] *= sensitivity[i];
      fillPoisson(random, means, out);
      if (readNoise > 0)
        for (let i = 0; i < channels; i++) out[i] = Math.round(out[i] + readNoise * nextNormal(random));
      if (faults.cosmicHits > 0)
        addCosmicRays(seedPurpose(seed, Purpose.cosmicRays, seq, random), faults.cosmicHits, faults.cosmicCharge, out);
      if (faults.deadChannel !== null) out[faults.deadChannel] = 0;
      if (deadFraction > 0)
        for (let i = 0; i < channels; i++) out[i] = survivors[out[i]] ?? survive(out[i], deadFraction);
      return saturate(ceiling, out);
    },
  };
}

function addCosmicRays(random: RandomState, meanHits: number, meanCharge: number, out: Float64Array): void {
  const hits = nextPoisson(random, meanHits);
  for (let hit = 0; hit < hits; hit++) {
    const first = Math.floor(nextUniform(random) * out.length);
    const width = 1 + (nextUint32(random) % 3);
    const charge = -meanCharge * Math.log(1 - nextUniform(random));
    for (let i = first; i < Math.min(out.length, first + width); i++) out[i] += Math.round(charge / width);
  }
}

/** Counts that a paralysable dead time leaves. */
function survive(count: number, deadFraction: number): number {
  return Math.round(count * Math.exp(-count * deadFraction));
}

function saturate(ceiling: number, out: Float64Array): boolean {
  if (ceiling === Infinity) return false;
  let isSaturated = false;
  for (let i = 0; i < out.length; i++) {
    if (out[i] < ceiling) continue;
    out[i] = ceiling;
    isSaturated = true;
  }
  return isSaturated;
}
