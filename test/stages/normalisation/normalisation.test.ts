import { describe, expect, it } from 'vitest';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Stage } from '../../../src/model/stage.ts';
import area from '../../../src/stages/normalisation/area.ts';
import monitor from '../../../src/stages/normalisation/monitor.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

function once(stage: Stage<'frame', 'frame'>, frame: Frame): Frame {
  let seen: Frame | undefined;
  stage.process(frame, (signal) => (seen = cloneFrame(signal)));
  return seen!;
}
const layout = channelLayout(3);

describe('normalisation.area', () => {
  it('gives fractions of the sum and their binomial variance', () => {
    const out = once(area.create('a', {}), testFrame(layout, 0, [10, 30, 60]));
    expect([...out.values]).toEqual([0.1, 0.3, 0.6]);
    expect(out.variances![1]).toBeCloseTo((0.3 * 0.7) / 100, 12);
    expect(out.layout).toMatchObject({ noise: 'gaussian', quantity: 'intensity' });
  });

  it('sums a region only, when told to', () => {
    expect([...once(area.create('a', { region: [0, 1] }), testFrame(layout, 0, [10, 30, 60])).values]).toEqual([
      0.25, 0.75, 1.5,
    ]);
  });

  it('masks a frame that has nothing to divide by, and only that', () => {
    const stage = area.create('a', {});
    expect([...once(stage, testFrame(layout, 0, [0, 0, 0])).mask!]).toEqual([1, 1, 1]);
    expect(once(stage, testFrame(layout, 1, [1, 1, 2])).mask).toBeUndefined();
  });
});

describe('normalisation.monitor', () => {
  const settings = { monitor: 'I0', reference: 100, relativeError: 0.1, staleAfter: '2 s' };

  it('divides by the monitor over its reference, with its error', () => {
    const out = once(monitor.create('m', settings), testFrame(layout, 0, [10, 30, 60], { context: { I0: 50 } }));
    expect([...out.values]).toEqual([20, 60, 120]);
    expect(out.variances![0]).toBeCloseTo(40 + (20 * 0.1) ** 2, 12);
  });

  it('never guesses a monitor that is absent', () => {
    expect(() => once(monitor.create('m', settings), testFrame(layout, 4, [1, 2, 3], { context: { T: 300 } }))).toThrow(
      expect.objectContaining({ code: 'STAGE', message: "m: needs the slow signal 'I0', got T" }) as Error,
    );
  });

  it('refuses a monitor that is too old', () => {
    const stale = testFrame(layout, 0, [1, 2, 3], { context: { I0: 50 }, contextAgeUs: { I0: 3_000_000 } });
    expect(() => once(monitor.create('m', settings), stale)).toThrow('3 s old, expected at most 2 s');
  });

  it('masks a frame without beam', () => {
    const out = once(monitor.create('m', settings), testFrame(layout, 0, [1, 0, 2], { context: { I0: 0 } }));
    expect([...out.mask!]).toEqual([1, 1, 1]);
  });
});
