import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundOf, createInformation } from '../../../bench/detection/information.ts';
import { readStream, readTruths, type StreamTruth } from '../../../bench/detection/streamFile.ts';
import { streamMean, type Alteration } from '../../../bench/detection/streamMean.ts';
import { needs } from '../../support/requirement.ts';

const FOLDER = process.env.OPERANDO_DETECT ?? '../shared/detect';
const hasStreams = needs('data', 'the streams of known truth', existsSync(join(FOLDER, 'truth.json')));
const STILL = { intensity: 1, shift: 0, slope: 0 };

/** Information per frame of a stream without drift, as a function of how it is altered. */
function informationOf({ channels, peaks, bg, scale }: StreamTruth) {
  const sample = { channels, peaks, background: bg, scale };
  const measure = createInformation(sample);
  return (alteration: Alteration) => measure(STILL, streamMean(sample, STILL, alteration, new Float64Array(channels)));
}

/** The strength at which a change has that information per frame; information grows with strength. */
function strengthOf(known: number, at: (strength: number) => number, most: number): number {
  let [low, high] = [0, most];
  for (let k = 0; k < 30; k++) {
    const middle = (low + high) / 2;
    if (at(middle) < known) low = middle;
    else high = middle;
  }
  return low;
}

describe('the information of a change', () => {
  const sample = { channels: 128, peaks: [[60, 30, 3]] as const, background: [2, 0.5] as const, scale: 1 };
  const measure = createInformation(sample);

  it('is none where only gain, axis or slope differ', () => {
    const differing = [
      { intensity: 1.001, shift: 0, slope: 0 },
      { intensity: 1, shift: 0.001, slope: 0 },
      { intensity: 1, shift: 0, slope: 0.001 },
    ];
    for (const conditions of differing) {
      const { known, orthogonal } = measure(STILL, streamMean(sample, conditions, null, new Float64Array(128)));
      expect(known).toBeGreaterThan(1e-8);
      expect(orthogonal).toBeLessThan(1e-4 * known);
    }
  });

  it('is half the squared change over the mean for a small change far from all else', () => {
    const alteration = { added: [[20, 0.01, 2.5]] as const, left: [1], halo: 0 };
    const changed = streamMean(sample, STILL, alteration, new Float64Array(128));
    const usual = streamMean(sample, STILL, null, new Float64Array(128));
    const half = changed.reduce((sum, value, i) => sum + (value - usual[i]!) ** 2 / usual[i]! / 2, 0);
    const { known, orthogonal } = measure(STILL, changed);
    expect(known / half).toBeCloseTo(1, 2);
    expect(orthogonal).toBeLessThan(half);
    expect(orthogonal).toBeGreaterThan(0.8 * half);
  });

  it('reaches the bound after ln(10 000) nats', () => {
    expect(boundOf(Array.from({ length: 100 }, () => 0.5))).toBe(19);
    expect(boundOf([1, 2, 3])).toBeNull();
  });
});

describe.runIf(hasStreams)('the truth of the given streams', () => {
  const truths = hasStreams ? readTruths(FOLDER).filter(({ drift, is_change }) => drift === 'none' && is_change) : [];

  it.each(truths.filter(({ kind }) => kind === 'peak_loss'))('is reproduced for the lost peak of $file', (truth) => {
    const measure = informationOf(truth);
    const lost = truth.peaks.findIndex(([centre]) => Math.abs(centre - truth.affected_positions[0]!) < 1e-3);
    const at = (share: number) =>
      measure({ added: [], left: truth.peaks.map((_, k) => (k === lost ? 1 - share : 1)), halo: 0 });
    const share = strengthOf(truth.kl_per_frame_end!, (each) => at(each).known, 0.99);
    expect(at(share).orthogonal).toBeCloseTo(truth.kl_per_frame_nuisance_orthogonal_end!, 4);
    expectBounds(truth, at(share));
  });

  const abrupt = ['new_peak', 'new_peak_shoulder', 'new_peak_weak', 'new_peak_lowcount'];
  it.each(truths.filter(({ kind }) => abrupt.includes(kind)))('is reproduced for the new peak of $file', (truth) => {
    const measure = informationOf(truth);
    const left = truth.peaks.map(() => 1);
    const at = (height: number, sigma: number) =>
      measure({ added: [[truth.affected_positions[0]!, height, sigma]], left, halo: 0 });
    // Height and width are not told: a width of the stated range must give both numbers at once.
    const off = Array.from({ length: 41 }, (_, k) => {
      const sigma = 2 + 0.04 * k;
      const height = strengthOf(truth.kl_per_frame_end!, (each) => at(each, sigma).known, 30);
      const information = at(height, sigma);
      return { information, error: Math.abs(information.orthogonal - truth.kl_per_frame_nuisance_orthogonal_end!) };
    });
    const best = off.reduce((a, b) => (b.error < a.error ? b : a));
    expect(best.error).toBeLessThan(2e-4);
    expectBounds(truth, best.information);
  });

  it('names the mean counts of the stream beside it', () => {
    for (const truth of truths.slice(0, 2)) {
      const { counts, frames } = readStream(join(FOLDER, truth.file));
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(total / frames).toBeCloseTo(truth.mean_counts_per_frame, 6);
    }
  });
});

/** Of an abrupt change in a stream without drift, to a frame: the last digit of a height may tip it. */
function expectBounds(truth: StreamTruth, { known, orthogonal }: { known: number; orthogonal: number }): void {
  const frames = Array.from({ length: 1000 }, () => 0);
  const due = (each: number) => boundOf(frames.map(() => each))!;
  expect(Math.abs(due(known) - truth.bound_frames_logARL1e4_known_nuisance!)).toBeLessThanOrEqual(1);
  expect(Math.abs(due(orthogonal) - truth.bound_frames_logARL1e4_nuisance_orthogonal!)).toBeLessThanOrEqual(1);
}
