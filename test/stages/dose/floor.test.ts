import { describe, expect, it } from 'vitest';
import type { FrameParts } from '../../../src/model/frame.ts';
import type { Reading } from '../../../src/model/signal.ts';
import { OPERATOR_ACCEPT } from '../../../src/model/operatorAct.ts';
import floor from '../../../src/stages/dose/floor.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof floor.create>[1];
/** Channels 10 to 19 hold 200 counts each: 100 of signal on 100 of background. */
const layout = channelLayout(40);
const level = (i: number): number => (i >= 10 && i < 20 ? 200 : 100);
const settings: Settings = {
  regions: [
    {
      region: [10, 19],
      background: [
        [0, 9],
        [20, 29],
      ],
    },
  ],
  learn: 4,
  losses: true,
};

function run(config: Settings, frames: readonly Partial<FrameParts>[]) {
  const stage = floor.create('floor', config);
  const readings: Reading[] = [];
  frames.forEach(({ exposureUs = 100_000, ...more }, seq) => {
    const values = Float64Array.from({ length: layout.size }, (_, i) => (level(i) * exposureUs) / 100_000);
    stage.process(testFrame(layout, seq, values, { ...more, exposureUs }), (out) => readings.push(out));
  });
  return (name: string) => readings.filter((reading) => reading.name === name);
}
const plain = (count: number): Partial<FrameParts>[] => Array.from({ length: count }, () => ({}));

describe('dose.floor', () => {
  it('gives the figures of the formula, per window, with its region', () => {
    const of = run({ ...settings, learn: 100 }, plain(101));
    const [one] = of('floor.1');
    expect(one).toMatchObject({ region: [10, 19], regionUnit: '1', sign: 1, unit: '1', quality: 'valid' });
    expect(one!.value).toBeCloseTo(0.2579, 3);
    expect(of('floor.8')[0]!.value).toBeCloseTo(0.0923, 3);
    expect(of('floor.64')[0]!.value).toBeCloseTo(0.0399, 3);
    expect(of('floorLoss.1')[0]!.value).toBeCloseTo(0.2424, 3);
  });

  it('learns first, and then says the same of every frame alike, whatever its counts', () => {
    const of = run(settings, plain(8));
    expect(of('learning').map(({ value }) => value)).toEqual([0.25, 0.5, 0.75]);
    expect(of('floor.8').map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
    expect(new Set(of('floor.8').map(({ value }) => value)).size).toBe(1);
  });

  it('rises when the exposure falls, by about the root', () => {
    const of = run({ ...settings, learn: 200 }, [...plain(201), { exposureUs: 25_000 }]);
    const [before, after] = of('floor.64').slice(-2);
    // The baseline was learned from full frames: a quarter of the exposure makes it worth four times as many.
    expect(after!.value / before!.value).toBeGreaterThan(1.75);
    expect(after!.value / before!.value).toBeLessThan(2);
  });

  it('rises when half of the region is masked', () => {
    const mask = Uint8Array.from({ length: layout.size }, (_, i) => (i >= 15 && i < 20 ? 1 : 0));
    const of = run({ ...settings, learn: 100 }, [...plain(100), { mask }]);
    const [before, after] = of('floor.64').slice(-2);
    expect(after!.value / before!.value).toBeCloseTo(Math.SQRT2, 1);
  });

  it('does not judge a region without a signal', () => {
    const of = run({ ...settings, regions: [{ region: [0, 9], background: [[20, 29]] }] }, plain(5));
    expect(of('floor.8').at(-1)).toMatchObject({ value: 0, quality: 'invalid' });
  });

  it('learns anew when the operator accepts a new state', () => {
    const of = run(settings, [...plain(5), { context: { [OPERATOR_ACCEPT]: 1 } }, ...plain(4)]);
    expect(of('accepted').map(({ seq }) => seq)).toEqual([5]);
    expect(of('learning').map(({ seq }) => seq)).toEqual([0, 1, 2, 5, 6, 7]);
  });

  it('names the readings of several regions after them, and divides the false alarms among them', () => {
    const [region] = settings.regions;
    const two = [
      { ...region!, name: 'oxide' },
      { ...region!, name: 'metal' },
    ];
    const of = run({ ...settings, regions: two }, plain(5));
    expect(of('floor.8.oxide')[0]!.value).toBeGreaterThan(run(settings, plain(5))('floor.8')[0]!.value);
    expect(of('floor.8.metal')).toHaveLength(2);
    expect(() => run({ ...settings, regions: [region!, region!] }, plain(1))).toThrow(/several/);
    expect(() => run({ ...settings, regions: [two[0]!, two[0]!] }, plain(1))).toThrow(/twice/);
  });
});
