import { describe, expect, it } from 'vitest';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Frame } from '../../../src/model/frame.ts';
import type { Reading } from '../../../src/model/signal.ts';
import intensity from '../../../src/stages/quantification/intensity.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const layout = channelLayout(4);

function run(frames: readonly Frame[], settings: Parameters<typeof intensity.create>[1] = {}) {
  const stage = intensity.create('intensity', settings);
  const readings: Reading[] = [];
  for (const frame of frames) stage.process(frame, (reading) => readings.push(reading));
  const named = (name: string) => readings.filter((reading) => reading.name === name);
  return { totals: named('total'), relatives: named('relative') };
}
const frame = (seq: number, gain = 1, more: Partial<Frame> = {}): Frame =>
  testFrame(layout, seq, [10 * gain, 20 * gain, 30 * gain, 40 * gain], more);

describe('quantification.intensity', () => {
  it('sums all channels or a region, per exposure of the first frame', () => {
    expect(run([frame(0)]).totals[0]).toMatchObject({ value: 100, standardError: 10, unit: '1' });
    expect(run([frame(0)], { region: [1, 2] }).totals[0]!.value).toBe(50);
    expect(run([frame(0), frame(1, 2, { exposureUs: 200_000 })]).totals[1]!.value).toBe(100);
  });

  it('takes masked channels to hold what they held just before, not as much as the others', () => {
    const mask = Uint8Array.of(0, 0, 0, 1);
    const { totals } = run([frame(0), frame(1), frame(2, 0.5, { mask })]);
    expect(totals[2]!.value).toBeCloseTo(50, 9);
  });

  it('says how the total stands to the frames just before, and forgets a step after as many', () => {
    const gains = [1, 1, 1, 1, 0.7, 0.7, 0.7, 0.7, 0.7];
    const { relatives } = run(
      gains.map((gain, seq) => frame(seq, gain)),
      { previous: 4 },
    );
    expect(relatives[0]!.seq).toBe(4);
    expect(relatives[0]!.value).toBeCloseTo(-0.3, 9);
    expect(relatives.at(-1)!.value).toBeCloseTo(0, 9);
  });

  it('gives counts the scatter they have, and other data none', () => {
    const random = seedXoshiro128(7, 0);
    const means = new Float64Array(4).fill(200);
    const frames = Array.from({ length: 2000 }, (_, seq) =>
      testFrame(layout, seq, fillPoisson(random, means, new Float64Array(4))),
    );
    const { relatives } = run(frames);
    const chi = relatives.reduce((sum, { value, standardError }) => sum + (value / standardError!) ** 2, 0);
    expect(chi / relatives.length).toBeGreaterThan(0.88);
    expect(chi / relatives.length).toBeLessThan(1.12);
    expect(run([testFrame(channelLayout(4, 'unknown'), 0, [1, 2, 3, 4])]).totals[0]!.standardError).toBeUndefined();
  });

  it('says nothing of a frame that is fully masked or has no exposure, and marks what cannot be compared', () => {
    expect(run([frame(0, 1, { mask: new Uint8Array(4).fill(1) }), frame(1, 1, { exposureUs: 0 })]).totals).toEqual([]);
    const empty = Array.from({ length: 4 }, (_, seq) => frame(seq, 0));
    expect(run(empty, { previous: 2 }).relatives[0]).toMatchObject({ value: 0, quality: 'invalid' });
  });
});
