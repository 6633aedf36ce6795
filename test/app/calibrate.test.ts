import { describe, expect, it } from 'vitest';
import { createQuietFrames } from '../../src/app/calibrate/quietFrames.ts';
import { judge } from '../../src/app/calibrate/judge.ts';
import { warningsOf } from '../../src/app/calibrate/report.ts';
import { createTrackBook, type Track } from '../../src/app/calibrate/tracks.ts';
import { planGraph } from '../../src/config/graph.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { PlannedNode } from '../../src/config/plan.ts';
import { nextUniform, seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import type { Signal } from '../../src/model/signal.ts';
import { textOf } from '../config/pipelines.ts';
import { channelLayout, testFrame } from '../support/frames.ts';

const { nodes } = planGraph(
  parseConfig(
    textOf({
      noise: 'poisson',
      framePeriodMs: 100,
      pipeline: [
        { id: 'total', use: 'change.poissonCusum', with: { threshold: 8 } },
        { id: 'rated', use: 'change.poissonCusum', from: 'xrd', with: { falseAlarms: { onePer: '1 h' } } },
        { id: 'unusual', use: 'threshold.adaptive', from: 'total' },
      ],
    }),
    { path: 'run.yaml', env: {} },
  ).config,
);
const nodeOf = (id: string): PlannedNode => nodes.find((node) => node.id === id)!;

/** A statistic whose episodes last a frame, and whose maxima thin out by an e-fold per `scale`. */
function track(frames: number, scale: number, threshold: number): Track {
  const random = seedXoshiro128(3, 0);
  const statistics = Array.from({ length: frames }, (_, k) =>
    k % 2 === 0 ? 0 : -scale * Math.log(1 - nextUniform(random)),
  );
  const thresholds = statistics.map(() => threshold);
  const detectionCount = statistics.filter((statistic) => statistic >= threshold).length;
  return { detector: 'rated', stream: 'xrd', statistics, thresholds, runs: [0], detectionCount };
}
const entry = (of: Track) => ({ ...judge(nodeOf('rated'), of, null), framePeriodUs: 100_000, canBeSet: true });

describe('a verdict', () => {
  it('holds the true run length and threshold, within its recording and beyond', () => {
    const verdict = entry(track(20_000, 1, 6));
    // Episodes come every other frame: one per 2 exp(6) = 807 frames.
    expect(verdict.measured.low).toBeLessThan(807);
    expect(verdict.measured.high).toBeGreaterThan(807);
    expect(verdict.byTail!.low).toBeLessThan(807);
    expect(verdict.byTail!.high).toBeGreaterThan(807);
    const truth = Math.log(36_000 / 2);
    expect(verdict.proposed!.low).toBeLessThan(truth);
    expect(verdict.proposed!.high).toBeGreaterThan(truth);
    expect(verdict.extrapolation).toBeCloseTo(36_000 / (20_000 / 3), 6);
  });

  it('warns of a rate that is missed, of a long tail and of how far it extrapolated', () => {
    const warnings = warningsOf(entry(track(7200, 1.6, 6))).join('\n');
    expect(warnings).toMatch(/12 min can support one alarm per 4 min; one per 1 h is extrapolated 15x/);
    expect(warnings).toMatch(/alarms more often than asked for: one per .* at best, asked for one per 1 h/);
    expect(warnings).toMatch(/its tail is 1\.\d\d times as long as counting statistics make it/);
  });

  it('says nothing of a threshold when there are too few episodes, or none', () => {
    const short = entry(track(60, 1, 6));
    expect(short.proposed).toBeNull();
    expect(warningsOf(short).join()).toMatch(/too little to say anything about a threshold: 30 independent episodes/);
    expect(warningsOf(entry(track(0, 1, 6)))).toEqual([expect.stringContaining('it judged no frame')]);
  });

  it('asks whether a recording is quiet in which a detection goes on and on', () => {
    const quiet = track(1000, 1, 6);
    const changed = { ...quiet, statistics: quiet.statistics.map((value, k) => (k < 700 ? value : 50)) };
    expect(warningsOf(entry({ ...changed, detectionCount: 300 })).join()).toMatch(/is this recording quiet\?/);
    expect(entry({ ...changed, detectionCount: 300 }).alarms).toBeLessThan(10);
  });
});

describe('the book of tracks', () => {
  const reading = (seq: number, stage: string, name: string, value: number): Signal => ({
    type: 'reading',
    stream: 'xrd',
    seq,
    timeUs: seq,
    stage,
    name,
    value,
    unit: '1',
    quality: 'valid',
  });
  const heard = (signals: readonly (readonly [Signal, string])[]) => {
    const book = createTrackBook([nodeOf('total'), nodeOf('unusual')]);
    for (const [signal, from] of signals) book.hear(signal, from);
    return book.tracks();
  };

  it('leaves out the frames a detector learns from', () => {
    const [track] = heard(
      [0, 1, 2, 3].flatMap((seq) => [
        [reading(seq, 'total', 'learning', seq / 2), 'total'],
        [reading(seq, 'total', 'statistic', seq), 'total'],
        [reading(seq, 'total', 'threshold', 8), 'total'],
      ]),
    );
    expect(track!.statistics).toEqual([2, 3]);
  });

  it('holds a threshold against the statistic it watches, where it has none of its own', () => {
    const tracks = heard(
      [0, 1].flatMap((seq) => [
        [reading(seq, 'total', 'statistic', seq), 'total'],
        [reading(seq, 'unusual', 'threshold', 5 + seq), 'unusual'],
      ]),
    );
    expect(tracks.find(({ detector }) => detector === 'unusual')).toMatchObject({
      statistics: [0, 1],
      thresholds: [5, 6],
    });
  });
});

describe('quiet frames', () => {
  const layout = channelLayout(3);

  it('sums what is quiet, and leaves out changed and wholly masked frames', () => {
    const quiet = createQuietFrames('s');
    quiet.take(testFrame(layout, 0, [1, 2, 3]));
    quiet.take(testFrame(layout, 1, [90, 2, 3]));
    quiet.refuse(1);
    quiet.take(testFrame(layout, 2, [9, 9, 9], { mask: Uint8Array.of(1, 1, 1) }));
    quiet.take(testFrame(layout, 3, [3, 2, 1]));
    const baseline = quiet.baseline('test');
    expect(baseline).toMatchObject({ frames: 2, exposureUs: 200_000 });
    expect([...baseline.sum]).toEqual([4, 4, 4]);
    expect([...baseline.sumOfSquares]).toEqual([10, 8, 10]);
  });

  it('fills a masked channel with what it usually holds', () => {
    const quiet = createQuietFrames('s');
    quiet.take(testFrame(layout, 0, [1, 2, 3]));
    quiet.take(testFrame(layout, 1, [1, 500, 3], { mask: Uint8Array.of(0, 1, 0) }));
    expect([...quiet.baseline('test').sum]).toEqual([2, 4, 6]);
  });

  it('measures the frame period', () => {
    const quiet = createQuietFrames('s');
    for (let seq = 0; seq < 9; seq++) quiet.take(testFrame(layout, seq, [1, 2, 3]));
    expect(quiet.periodUs()).toBe(100_000);
  });

  it('refuses an axis that changes within the recording', () => {
    const quiet = createQuietFrames('s');
    quiet.take(testFrame(layout, 0, [1, 2, 3]));
    expect(() => quiet.take(testFrame(channelLayout(4), 1, [1, 2, 3, 4]))).toThrow(/axis changes/);
  });
});
