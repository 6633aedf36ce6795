import { describe, expect, it } from 'vitest';
import { makeStream, type StreamPlan } from '../../../bench/detection/makeStream.ts';
import { CHANGES } from '../../../bench/detection/streamChange.ts';
import { DRIFTS, makeDrift } from '../../../bench/detection/streamDrift.ts';
import type { KnownStream } from '../../../bench/detection/streamFile.ts';
import { streamMean, type Conditions } from '../../../bench/detection/streamMean.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const plan = (parts: Partial<StreamPlan> = {}): StreamPlan => ({
  name: 'one',
  channels: 256,
  frames: 900,
  drift: 'none',
  change: null,
  scale: 1,
  ...parts,
});

/** [channels] mean counts of the frames from..to. */
function meanOf({ stream: { channels, counts } }: KnownStream, from: number, to: number): Float64Array {
  const mean = new Float64Array(channels);
  for (let t = from; t < to; t++)
    for (let i = 0; i < channels; i++) mean[i]! += counts[t * channels + i]! / (to - from);
  return mean;
}

describe('a stream of known truth', () => {
  it('is the same for the same seed, and another for the next', () => {
    const counts = (seed: number, index: number) => makeStream(plan(), seed, index).stream.counts.slice(0, 5000);
    expect(counts(7, 0)).toEqual(counts(7, 0));
    expect(counts(7, 0)).not.toEqual(counts(8, 0));
    expect(counts(7, 0)).not.toEqual(counts(7, 1));
  });

  it.each([1, 0.04])('has the mean its truth tells of, with the variance of counts, at scale %d', (scale) => {
    const known = makeStream(plan({ scale }), 3, 0);
    const { peaks, bg, channels, frames } = known.truth;
    const sample = { channels, peaks, background: bg, scale };
    const expected = streamMean(sample, { intensity: 1, shift: 0, slope: 0 }, null, new Float64Array(channels));
    const mean = meanOf(known, 0, frames);
    let chiSquare = 0;
    let dispersion = 0;
    for (let i = 0; i < channels; i++) {
      chiSquare += ((mean[i]! - expected[i]!) ** 2 * frames) / expected[i]!;
      for (let t = 0; t < frames; t++)
        dispersion += (known.stream.counts[t * channels + i]! - expected[i]!) ** 2 / expected[i]! / (frames * channels);
    }
    expect(Math.abs(chiSquare - channels) / Math.sqrt(2 * channels)).toBeLessThan(4);
    expect(dispersion).toBeCloseTo(1, 1.5);
  });

  it.each(CHANGES)('changes by %s where the truth says, and not before', (change) => {
    const known = makeStream(plan({ change, frames: 3000 }), 5, 1);
    const { change_frame, affected_positions, bound_frames_logARL1e4_nuisance_orthogonal: bound } = known.truth;
    expect(change_frame).toBeGreaterThanOrEqual(500);
    expect(bound).toBeGreaterThan(1);
    const early = meanOf(known, 0, 250);
    const before = meanOf(known, 250, change_frame!);
    const after = meanOf(known, change_frame!, 3000);
    const differs = (a: Float64Array, b: Float64Array, perFrame: number): number =>
      Math.max(
        ...affected_positions.map((place) => {
          const sum = (values: Float64Array): number =>
            values.slice(Math.round(place) - 3, Math.round(place) + 4).reduce((total, value) => total + value, 0);
          return Math.abs(sum(a) - sum(b)) / Math.sqrt(sum(b) * perFrame);
        }),
      );
    expect(differs(early, before, 1 / 250 + 1 / (change_frame! - 250))).toBeLessThan(4);
    expect(differs(after, before, 1 / (3000 - change_frame!) + 1 / (change_frame! - 250))).toBeGreaterThan(4);
  });

  it('is due when the information it gathers says so', () => {
    const { truth } = makeStream(plan({ change: 'new_peak', frames: 1500 }), 11, 2);
    const due = Math.ceil(Math.log(1e4) / truth.kl_per_frame_nuisance_orthogonal_end!);
    expect(truth.bound_frames_logARL1e4_nuisance_orthogonal).toBe(due);
    expect(truth.kl_per_frame_end).toBeGreaterThan(0.1);
  });
});

describe('a drift', () => {
  const frames = 2000;
  const rangeOf = (drift: readonly Conditions[], key: keyof Conditions): number => {
    const values = drift.map((conditions) => conditions[key]);
    return Math.max(...values) - Math.min(...values);
  };
  const drifts = Object.fromEntries(DRIFTS.map((kind) => [kind, makeDrift(kind, frames, seedXoshiro128(2, 0))]));

  it('moves what it is named after and nothing else', () => {
    const moved = Object.entries(drifts).map(([kind, drift]) => [
      kind,
      (['intensity', 'shift', 'slope'] as const).filter((key) => rangeOf(drift, key) > 0),
    ]);
    expect(Object.fromEntries(moved)).toEqual({
      none: [],
      intensity: ['intensity'],
      intensity_ramp: ['intensity'],
      shift: ['shift'],
      shift_walk: ['shift'],
      slope: ['slope'],
      refill: ['intensity'],
      all: ['intensity', 'shift', 'slope'],
    });
  });

  it('stays within its bounds', () => {
    expect(rangeOf(drifts.intensity!, 'intensity')).toBeCloseTo(0.4, 2);
    expect(rangeOf(drifts.refill!, 'intensity')).toBeLessThanOrEqual(0.12);
    const perHundred = rangeOf(drifts.shift!, 'shift') / ((frames - 1) / 100);
    expect(perHundred).toBeGreaterThanOrEqual(0.15);
    expect(perHundred).toBeLessThanOrEqual(0.3);
    expect(rangeOf(drifts.slope!, 'slope')).toBeCloseTo(0.5, 2);
  });
});
