import { describe, expect, it } from 'vitest';
import {
  AGREEMENT_THRESHOLD,
  createChannelAgreement,
  smoothedRatio,
  updateChannelAgreement,
  type ChannelAgreement,
} from '../../../src/kernel/dose/channelAgreement.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

/** Runs counts against a prediction; the frame, from 1, of the first disagreement; 0 for none. */
function framesToTrip(
  state: ChannelAgreement,
  counts: (k: number) => number,
  predicted: number,
  frames: number,
): number {
  for (let k = 0; k < frames; k++) {
    updateChannelAgreement(state, counts(k), predicted, k, 0);
    if (state.standing !== 0) return k + 1;
  }
  return 0;
}

function medianFrames(predicted: number, ratio: number, runs = 101): number {
  const random = seedXoshiro128(3, predicted + ratio);
  const frames = Array.from({ length: runs }, () =>
    framesToTrip(createChannelAgreement(), () => nextPoisson(random, ratio * predicted), predicted, 500),
  );
  return frames.sort((a, b) => a - b)[runs >> 1]!;
}

describe('the agreement of two dose channels', () => {
  it.each([
    [30, 0, 3],
    [30, 2, 3],
    [100, 0, 1],
    [100, 2, 1],
    [1000, 0.5, 1],
    [10_000, 1.7, 1],
    [10_000, 1.4, 10],
    [10_000, 0.65, 10],
  ])('is lost at %d predicted counts and a ratio of %d within %d frames', (predicted, ratio, most) => {
    const median = medianFrames(predicted, ratio);
    expect(median).toBeGreaterThan(0);
    expect(median).toBeLessThanOrEqual(most);
  });

  it('stands for ever while the ratio drifts by a fifth', () => {
    const random = seedXoshiro128(5, 0);
    for (const predicted of [30, 1000, 10_000])
      for (let run = 0; run < 20; run++) {
        const drift = (k: number): number => 1 + 0.2 * Math.sin((2 * Math.PI * (k + 50 * run)) / 700);
        const counts = (k: number): number => nextPoisson(random, predicted * drift(k));
        expect(framesToTrip(createChannelAgreement(), counts, predicted, 1000)).toBe(0);
      }
  });

  it('is lost at once when counts come where there should be no beam, and not for dark ones', () => {
    const state = createChannelAgreement();
    for (let k = 0; k < 1000; k++) updateChannelAgreement(state, 9, 0, k, 4);
    expect(state.standing).toBe(0);
    expect(updateChannelAgreement(state, 40, 0, 1000, 4)).toBeGreaterThanOrEqual(AGREEMENT_THRESHOLD);
    expect(state).toMatchObject({ standing: 1, onsetUs: 1000, excess: 36 });
  });

  it('stays lost until ten frames in a row have agreed', () => {
    const state = createChannelAgreement();
    updateChannelAgreement(state, 0, 100, 0, 0);
    expect(state.standing).toBe(-1);
    const stands = (): boolean => state.standing !== 0;
    let frames = 0;
    for (; stands() && frames < 100; frames++) {
      const statistic = updateChannelAgreement(state, 100, 100, frames, 0);
      if (stands()) expect(statistic).toBeGreaterThanOrEqual(AGREEMENT_THRESHOLD);
    }
    expect(frames).toBeGreaterThanOrEqual(10);
    expect(frames).toBeLessThan(20);
    updateChannelAgreement(state, 0, 100, 0, 0);
    expect(state.standing).toBe(-1);
  });

  it('is found again when neither channel sees a beam', () => {
    const state = createChannelAgreement();
    updateChannelAgreement(state, 0, 100, 0, 0);
    for (let k = 0; k < 9; k++) updateChannelAgreement(state, 0, 0, k, 0);
    expect(state.standing).toBe(-1);
    updateChannelAgreement(state, 0, 0, 9, 0);
    expect(state.standing).toBe(0);
  });

  it('remembers all that came beyond the prediction, from before it was noticed', () => {
    const state = createChannelAgreement();
    for (let k = 0; k < 10; k++) updateChannelAgreement(state, 60, 30, k, 0);
    expect(state.standing).toBe(1);
    expect(state.excess).toBeCloseTo(300, 9);
    const fewer = createChannelAgreement();
    for (let k = 0; k < 10; k++) updateChannelAgreement(fewer, 0, 30, k, 0);
    expect(fewer.excess).toBe(0);
  });

  it('tells the ratio over the last frames with its error', () => {
    const state = createChannelAgreement();
    expect(smoothedRatio(state)).toBeNull();
    for (let k = 0; k < 200; k++) updateChannelAgreement(state, 115, 100, k, 5);
    const { value, error } = smoothedRatio(state)!;
    expect(value).toBeCloseTo(1.1, 3);
    // Twenty frames remembered are worth 39 of equal weight.
    expect(error).toBeCloseTo(Math.sqrt(115 / 39) / 100, 3);
  });
});
