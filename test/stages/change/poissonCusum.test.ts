import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { OPERATOR_ACCEPT } from '../../../src/model/operatorAct.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import poissonCusum from '../../../src/stages/change/poissonCusum.ts';
import { channelLayout, START_US, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof poissonCusum.create>[1];
const layout = channelLayout(4);
function run(settings: Settings, means: readonly number[], seed = 1, exposureUs = 100_000, mask?: Uint8Array) {
  const random = seedXoshiro128(seed, 0);
  const stage = poissonCusum.create('onset', settings, { framePeriodUs: 100_000 });
  const detections: Detection[] = [];
  const readings: Reading[] = [];
  means.forEach((mean, seq) => {
    const values = Float64Array.from({ length: 4 }, () => nextPoisson(random, mean / 4));
    stage.process(testFrame(layout, seq, values, { exposureUs: seq === 0 ? 100_000 : exposureUs, mask }), (signal) =>
      signal.type === 'detection' ? detections.push(signal) : readings.push(signal),
    );
  });
  return { detections, readings };
}
const steps = (...pairs: [number, number][]): number[] =>
  pairs.flatMap(([count, mean]) => Array.from({ length: count }, () => mean));

describe('change.poissonCusum', () => {
  it('finds a rise and a fall of a learned rate, with onset and sign', () => {
    const { detections } = run({ learn: 200, ratio: 1.3 }, steps([400, 100], [30, 140], [1, 100]));
    expect(detections[0]).toMatchObject({ sign: 1, detector: 'onset', averageRunLength: 100_000 });
    const [from, to] = detections[0]!.onsetIntervalUs!;
    const onsetUs = START_US + 400 * 100_000;
    expect(from).toBeLessThanOrEqual(onsetUs);
    expect(to).toBeGreaterThanOrEqual(onsetUs - 100_000);
    expect(detections[0]!.timeUs - onsetUs).toBeLessThan(12 * 100_000);
    expect(run({ learn: 200, ratio: 1.3 }, steps([400, 100], [30, 65])).detections[0]).toMatchObject({ sign: -1 });
  });

  it('looks to one side only, when told to', () => {
    expect(run({ expectedCounts: 100, sides: 'up' }, steps([50, 60])).detections).toEqual([]);
    expect(run({ expectedCounts: 100, sides: 'down' }, steps([50, 150])).detections).toEqual([]);
  });

  it('keeps the false-alarm rate it was asked for', () => {
    const frames = 60_000;
    const { detections } = run(
      { expectedCounts: 20, ratio: 1.5, falseAlarms: { onePer: { frames: 500 } } },
      steps([frames, 20]),
      5,
    );
    const expected = frames / 500;
    expect(Math.abs(detections.length - expected)).toBeLessThan(3.5 * Math.sqrt(expected));
  });

  it('turns a rate per time into a run length with the frame period', () => {
    const { detections } = run({ expectedCounts: 100, falseAlarms: { onePer: '1 h' } }, steps([20, 200]));
    expect(detections[0]!.averageRunLength).toBe(36_000);
    expect(() =>
      poissonCusum
        .create('x', { falseAlarms: { onePer: '1 h' } })
        .process(testFrame(layout, 0, [1, 1, 1, 1]), () => undefined),
    ).toThrow(/framePeriodMs/);
  });

  it('expects more of a longer exposure and less of masked channels', () => {
    expect(run({ expectedCounts: 100 }, steps([1, 100], [300, 250]), 2, 250_000).detections).toEqual([]);
    expect(run({ expectedCounts: 100 }, steps([300, 100]), 3, 100_000, Uint8Array.of(0, 1, 0, 0)).detections).toEqual(
      [],
    );
    expect(run({ expectedCounts: 100 }, steps([9, 100]), 3, 100_000, new Uint8Array(4).fill(1)).readings).toEqual([]);
  });

  it('counts a region, and names it', () => {
    const { detections } = run({ expectedCounts: 50, region: [2, 3] }, steps([30, 200]));
    expect(detections[0]).toMatchObject({ region: [2, 3], regionUnit: '1' });
  });

  it('emits its statistic and threshold each frame, and starts again after a detection', () => {
    const { readings, detections } = run({ expectedCounts: 100, ratio: 1.3, threshold: 8 }, steps([40, 200]));
    expect(readings.filter(({ name }) => name === 'statistic').length).toBe(40);
    expect(readings.filter(({ name }) => name === 'threshold').every(({ value }) => value === 8)).toBe(true);
    expect(detections.length).toBeGreaterThan(5);
    expect(
      poissonCusum.averageRunLength?.(
        poissonCusum.config.parse({ expectedCounts: 100, ratio: 1.3, threshold: 8 }),
        null,
      ),
    ).toBeGreaterThan(1000);
  });

  it('survives a stream that gave nothing while it learned', () => {
    expect(run({ learn: 20 }, steps([200, 0])).detections).toEqual([]);
    expect(run({ learn: 20 }, steps([100, 0], [20, 40])).detections[0]).toMatchObject({ sign: 1 });
  });

  it('learns the accepted rate, also where the old one was given by hand', () => {
    const stage = poissonCusum.create('onset', { expectedCounts: 100, learn: 100 }, { framePeriodUs: 100_000 });
    const random = seedXoshiro128(4, 0);
    const found: number[] = [];
    for (let seq = 0; seq < 600; seq++) {
      const values = Float64Array.from({ length: 4 }, () => nextPoisson(random, seq < 20 ? 25 : 40));
      const context: Record<string, number> = seq < 40 ? {} : { [OPERATOR_ACCEPT]: 1 };
      stage.process(testFrame(layout, seq, values, { context }), (signal) =>
        signal.type === 'detection' ? found.push(seq) : undefined,
      );
    }
    expect(found.length).toBeGreaterThan(3);
    expect(Math.max(...found)).toBeLessThan(40);
  });
});
