import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { cloneFrame, FrameFlag, type Frame, type FrameParts } from '../../../src/model/frame.ts';
import type { Noise } from '../../../src/model/layout.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import faults from '../../../src/stages/quality/faults.ts';
import { channelLayout, START_US, testFrame } from '../../support/frames.ts';

const SIZE = 128;
const layout = channelLayout(SIZE);
type Settings = Parameters<typeof faults.create>[1];
type Change = (values: Float64Array, seq: number) => void;

const line = (i: number, at: number, width: number) => Math.exp(-0.5 * ((i - at) / width) ** 2);

/** Counts of two lines on a background of `level`, whose gain and axis drift; `change` is done to each frame. */
function counts(frameCount: number, level: number, change: Change = () => undefined, seed = 4): Frame[] {
  const random = seedXoshiro128(seed, 0);
  return Array.from({ length: frameCount }, (_, seq) => {
    const gain = 1 + 0.2 * Math.sin(seq / 40);
    const shift = 2 * Math.sin(seq / 100);
    const means = Float64Array.from(
      { length: SIZE },
      (__, i) => gain * level * (1 + 8 * line(i + shift, 40, 1.2) + 5 * line(i + shift, 90, 4)),
    );
    const values = fillPoisson(random, means, means);
    change(values, seq);
    return testFrame(layout, seq, values);
  });
}

function run(frames: readonly Frame[], settings: Settings = {}) {
  const stage = faults.create('faults', settings, { framePeriodUs: 100_000 });
  const out: Frame[] = [];
  const readings: Reading[] = [];
  const detections: Detection[] = [];
  for (const frame of frames)
    stage.process(frame, (signal) => {
      if (signal.type === 'frame') out.push(cloneFrame(signal));
      else if (signal.type === 'reading') readings.push(signal);
      else detections.push(signal);
    });
  const read = (name: string) => readings.filter((reading) => reading.name === name).map(({ value }) => value);
  return { out, detections, read };
}
const masked = ({ mask }: Frame): number[] => [...(mask ?? [])].flatMap((bit, i) => (bit === 1 ? [i] : []));
const hit =
  (at: number, heights: readonly number[], when: readonly number[]): Change =>
  (values, seq) => {
    if (when.includes(seq)) heights.forEach((height, k) => (values[at + k]! += height));
  };

describe('cosmic rays', () => {
  it.each([
    [0.1, 12],
    [2, 30],
    [100, 120],
    [5000, 900],
  ])('are masked in the frame they hit, at %d counts per channel', (level, height) => {
    const { out, detections, read } = run(counts(60, level, hit(63, [height, height / 2], [40])));
    expect(masked(out[40]!)).toEqual(expect.arrayContaining([63]));
    expect(masked(out[40]!).length).toBeLessThanOrEqual(3);
    expect(
      read('cosmicRays')
        .map((count) => count > 0)
        .indexOf(true),
    ).toBe(40);
    expect(read('cosmicRays').filter((count) => count > 0)).toHaveLength(1);
    expect(detections).toHaveLength(1);
    expect(detections[0]).toMatchObject({
      seq: 40,
      template: 'cosmic ray',
      sign: 0,
      regionUnit: '1',
      averageRunLength: 1e4,
    });
    expect(detections[0]!.region![0]).toBe(63);
  });

  it('hand the frame on with the values it came with, and the others without a mask', () => {
    const frames = counts(60, 50, hit(63, [500], [40]));
    const copies = frames.map(cloneFrame);
    const { out } = run(frames);
    expect(frames).toEqual(copies);
    expect(out.map(({ values }) => values)).toEqual(frames.map(({ values }) => values));
    expect(out.filter(({ mask }) => mask !== undefined).map(({ seq }) => seq)).toEqual([40]);
  });

  it.each([1, 2, 4, 8])(
    'are no narrow line that stays, %d channels wide: it is passed on from its second frame',
    (width) => {
      const from20 = (values: Float64Array, seq: number) => {
        if (seq >= 20) for (let k = 0; k < width; k++) values[60 + k]! += 400;
      };
      const { out, read } = run(counts(40, 50, from20), { width: 4, resolution: 1 });
      expect(read('cosmicRays').slice(21)).toEqual(Array(19).fill(0));
      expect(masked(out[20]!).length).toBe(width > 4 ? 0 : width);
      for (const frame of out.slice(21)) expect(masked(frame)).toEqual([]);
    },
  );

  it.each<[Noise, number]>([
    ['poisson', 0.1],
    ['poisson', 2],
    ['poisson', 5000],
    ['scaledPoisson', 1],
    ['gaussian', 1000],
    ['unknown', 1000],
  ])(
    'are named in quiet %s data of level %d no more often than asked, under drift of gain and axis',
    (noise, level) => {
      const random = seedXoshiro128(9, 0);
      const quiet = counts(1000, level).map((frame, seq): Frame => {
        const gain = noise === 'scaledPoisson' ? 7 : 1;
        const values = frame.values.map((value) =>
          noise === 'gaussian' || noise === 'unknown' ? value + Math.sqrt(level) * nextNormal(random) : gain * value,
        );
        const variances = noise === 'gaussian' ? values.map(() => 10 * level) : values.map((value) => gain * value);
        return testFrame(channelLayouts[noise], seq, values, noise === 'poisson' ? {} : { variances });
      });
      const { detections } = run(quiet, { falseAlarms: { onePer: { frames: 100 } } });
      // At most 10 are expected; 21 or more have a chance of 0.2 %.
      expect(detections.filter(({ template }) => template === 'cosmic ray').length).toBeLessThan(21);
    },
  );

  it('are found in data whose noise nobody knows', () => {
    const random = seedXoshiro128(2, 0);
    const frames = Array.from({ length: 30 }, (_, seq) => {
      const values = Float64Array.from(
        { length: SIZE },
        (__, i) => 1000 + 500 * line(i, 50, 6) + 10 * nextNormal(random),
      );
      hit(52, [200, 300], [20])(values, seq);
      return testFrame(channelLayouts.unknown, seq, values);
    });
    expect(run(frames).out.flatMap((frame) => masked(frame).map((i) => `${frame.seq}:${i}`))).toEqual([
      '20:52',
      '20:53',
    ]);
  });

  it('are not looked for with a width of 0, nor in a frame of one channel', () => {
    expect(run(counts(30, 50, hit(63, [900], [20])), { width: 0 }).detections).toEqual([]);
    const single = Array.from({ length: 30 }, (_, seq) => testFrame(channelLayout(1), seq, [seq === 20 ? 900 : 100]));
    expect(run(single).detections).toEqual([]);
  });
});

const channelLayouts = {
  poisson: layout,
  scaledPoisson: channelLayout(SIZE, 'scaledPoisson'),
  gaussian: channelLayout(SIZE, 'gaussian'),
  unknown: channelLayout(SIZE, 'unknown'),
};

describe('no signal', () => {
  const off =
    (from: number, to: number): Change =>
    (values, seq) => {
      if (seq >= from && seq < to) values.fill(0);
    };

  it('is named in frames of zeros, which are handed on fully masked, with the time of the first', () => {
    const { out, detections, read } = run(counts(60, 50, off(30, 50)));
    expect(
      read('noSignal')
        .map((flag, seq) => (flag === 1 ? seq : -1))
        .filter((seq) => seq >= 0),
    ).toEqual(Array.from({ length: 20 }, (_, k) => 30 + k));
    for (const { seq, mask } of out) expect(mask?.every((bit) => bit === 1) ?? false).toBe(seq >= 30 && seq < 50);
    expect(detections).toHaveLength(20);
    for (const detection of detections)
      expect(detection).toMatchObject({ template: 'no signal', onsetUs: START_US + 30 * 100_000 });
  });

  it('is named from the start until the first count', () => {
    const { read, out } = run(counts(40, 1, off(0, 20)));
    expect(read('noSignal')).toEqual(Array.from({ length: 40 }, (_, seq) => (seq < 20 ? 1 : 0)));
    expect(out[20]!.mask).toBeUndefined();
  });

  it('is not named in empty frames of a sparse stream, only when too many come in a row', () => {
    const random = seedXoshiro128(6, 0);
    const frames = Array.from({ length: 3000 }, (_, seq) => {
      const means = new Float64Array(SIZE).fill(seq < 2900 ? 0.5 / SIZE : 0);
      return testFrame(layout, seq, fillPoisson(random, means, means));
    });
    const first = frames.findIndex(({ values }) => values.some((value) => value > 0));
    const named = run(frames)
      .read('noSignal')
      .flatMap((flag, seq) => (flag === 1 && seq >= first ? [seq] : []));
    expect(named[0]).toBeGreaterThan(2905);
    expect(named[0]).toBeLessThan(2935);
    expect(named.at(-1)).toBe(2999);
  });

  it('is named where data that are no counts stand still at one value', () => {
    const frames = [7, 0].map((value, seq) =>
      testFrame(channelLayouts.unknown, seq, new Float64Array(SIZE).fill(value)),
    );
    expect(run(frames).read('noSignal')).toEqual([1, 1]);
  });

  it('is what a frame has that came fully masked', () => {
    const frames = [testFrame(layout, 0, new Float64Array(SIZE).fill(9), { mask: new Uint8Array(SIZE).fill(1) })];
    expect(run(frames).read('noSignal')).toEqual([1]);
  });
});

describe('a beam trip', () => {
  const dim = (from: number, to: number, share: number, level = 50): Change => {
    const random = seedXoshiro128(8, 0);
    return (values, seq) => {
      if (seq >= from && seq < to) fillPoisson(random, new Float64Array(SIZE).fill(share * level), values);
    };
  };

  it('is named while the total is far below the usual, and over when it is back', () => {
    const { out, detections, read } = run(counts(60, 50, dim(30, 36, 0.05)));
    expect(read('beamTrip').flatMap((flag, seq) => (flag === 1 ? [seq] : []))).toEqual([30, 31, 32, 33, 34, 35]);
    expect(detections.every(({ template }) => template === 'beam trip')).toBe(true);
    expect(out.filter(({ mask }) => mask !== undefined).map(({ seq }) => seq)).toEqual([30, 31, 32, 33, 34, 35]);
  });

  it('is none when the refill takes some per cent, nor when the question is the total', () => {
    const refill: Change = (values, seq) => {
      if (seq >= 30) values.forEach((value, i) => (values[i] = Math.round(value * 0.92)));
    };
    expect(run(counts(60, 50, refill)).detections).toEqual([]);
    expect(run(counts(60, 50, dim(30, 36, 0.05)), { tripBelow: 0 }).detections).toEqual([]);
  });

  it('is no trip any more when it lasts: the frames are handed on', () => {
    const { read, out } = run(counts(80, 50, dim(30, 80, 0.05)), { tripFrames: 10 });
    expect(read('beamTrip').lastIndexOf(1)).toBe(39);
    for (const { mask } of out.slice(40)) expect(mask).toBeUndefined();
  });

  it('is not mistaken for a mask that hides most of the counts', () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (i > 5 ? 1 : 0));
    const frames = counts(60, 50).map((frame) => (frame.seq >= 40 ? { ...frame, mask } : frame));
    expect(run(frames).detections).toEqual([]);
  });
});

describe('saturated channels', () => {
  const clipped = (more: Partial<FrameParts> = {}) =>
    counts(30, 50).map(({ seq, values }) => {
      const ceiling = seq >= 20 ? 300 : Infinity;
      return testFrame(
        layout,
        seq,
        values.map((value) => Math.min(value, ceiling)),
        seq >= 20 ? more : {},
      );
    });

  it('are masked at the ceiling given', () => {
    const { out, detections, read } = run(clipped(), { ceiling: 300 });
    const full = out.slice(0, 26).flatMap(({ values }) => [...values].flatMap((value, i) => (value >= 300 ? [i] : [])));
    expect(full.length).toBeGreaterThan(0);
    expect(masked(out[25]!)).toEqual([...new Set(full)].sort((a, b) => a - b));
    expect(read('saturated')[25]).toBe(masked(out[25]!).length);
    expect(detections.at(-1)).toMatchObject({ template: 'saturated', seq: 29 });
  });

  it('stay out for 200 frames, lest a channel near the ceiling count only when it happens to be low', () => {
    const frames = counts(240, 50, (values, seq) => (values[63] = seq === 20 ? 700 : 60));
    const { out, detections } = run(frames, { ceiling: 700, width: 0 });
    expect(out.filter(({ mask }) => mask !== undefined).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 200 }, (_, k) => 20 + k),
    );
    expect(detections.map(({ seq }) => seq)).toEqual([20]);
  });

  it('are those that share the highest value of a frame that its source marks', () => {
    const { read } = run(clipped({ flags: FrameFlag.saturated }));
    expect(read('saturated').slice(0, 20)).toEqual(Array(20).fill(0));
    expect(Math.min(...read('saturated').slice(20))).toBeGreaterThan(0);
  });

  it('have a higher ceiling in a frame of several exposures', () => {
    const frames = counts(30, 50);
    const summed = testFrame(layout, 30, new Float64Array(SIZE).fill(900), {
      exposureUs: 400_000,
      flags: FrameFlag.summed,
    });
    expect(run([...frames, summed], { ceiling: 700 }).read('saturated')[30]).toBe(0);
  });
});

describe('a broken channel', () => {
  const from = (first: number, at: number, change: (value: number, seq: number) => number): Change => {
    return (values, seq) => {
      if (seq >= first) values[at] = change(values[at]!, seq);
    };
  };
  const named = (detections: readonly Detection[]) => [...new Set(detections.map(({ template }) => template))];

  it.each([2, 10, 100, 5000])('that dies is masked and named, at %d counts per channel', (level) => {
    const { out, detections, read } = run(
      counts(
        200,
        level,
        from(100, 63, () => 0),
      ),
    );
    const first = detections[0]!;
    expect(first).toMatchObject({ template: 'dead channel', region: [63, 63], regionUnit: '1', averageRunLength: 1e4 });
    expect(first.seq - 100).toBeLessThanOrEqual(Math.ceil(70 / level));
    expect(named(detections)).toEqual(['dead channel']);
    for (const frame of out) expect(masked(frame)).toEqual(frame.seq < first.seq ? [] : [63]);
    expect(read('brokenChannels').at(-1)).toBe(1);
  });

  it.each([
    [10, 60],
    [100, 150],
    [5000, 2000],
  ])('that reads too much from then on is named within few frames, at %d counts per channel', (level, more) => {
    const { detections, out } = run(
      counts(
        160,
        level,
        from(100, 63, (value) => value + more),
      ),
    );
    const hot = detections.filter(({ template }) => template === 'hot channel');
    expect(hot[0]).toMatchObject({ region: [63, 63], sign: 0 });
    expect(hot[0]!.seq - 100).toBeLessThanOrEqual(4);
    expect(named(detections).filter((name) => name !== 'hot channel' && name !== 'cosmic ray')).toEqual([]);
    for (const frame of out.slice(hot[0]!.seq)) expect(masked(frame)).toEqual([63]);
  });

  it('that reads too much now and then flickers', () => {
    const { detections } = run(
      counts(
        200,
        100,
        from(100, 63, (value, seq) => (seq % 10 < 5 ? 3 * value : value)),
      ),
    );
    expect(detections.find(({ template }) => template === 'flickering channel')?.seq).toBeLessThan(115);
    expect(detections.at(-1)).toMatchObject({ template: 'flickering channel', region: [63, 63] });
  });

  it('that was dead from the start is masked without a word', () => {
    const { out, detections, read } = run(
      counts(
        60,
        50,
        from(0, 63, () => 0),
      ),
    );
    expect(detections).toEqual([]);
    expect(read('brokenChannels')).toEqual(Array<number>(60).fill(1));
    for (const frame of out) expect(masked(frame)).toEqual([63]);
  });

  it.each(['dies', 'is dead from the start'])('is used again some 200 frames after it came back, when it %s', (how) => {
    const first = how === 'dies' ? 100 : 0;
    const { out } = run(counts(500, 50, (values, seq) => seq >= first && seq < 150 && (values[63] = 0)));
    const last = out.filter((frame) => masked(frame).includes(63)).at(-1)!;
    expect(last.seq).toBeGreaterThanOrEqual(348);
    expect(last.seq).toBeLessThanOrEqual(400);
  });

  it('is none where a line as narrow as the resolution comes, wherever its top is between channels', () => {
    for (const at of [63, 63.25, 63.5])
      for (const height of [60, 300, 3000]) {
        const random = seedXoshiro128(17, 0);
        const grow: Change = (values, seq) => {
          if (seq < 60) return;
          const means = Float64Array.from({ length: SIZE }, (_, i) => height * 2 ** (-4 * ((i - at) / 2) ** 2));
          fillPoisson(random, means, means).forEach((more, i) => (values[i]! += more));
        };
        const { detections, out } = run(counts(260, 50, grow), { width: 0, resolution: 2 });
        expect(detections).toEqual([]);
        expect(out.every(({ mask }) => mask === undefined)).toBe(true);
      }
  });

  it('is none in quiet data more often than was asked for', () => {
    for (const level of [0.2, 2, 50, 5000]) {
      const { detections } = run(counts(3000, level, undefined, 23), {
        falseAlarms: { onePer: { frames: 300 } },
        width: 0,
      });
      // Three ways of looking, 10 false alarms expected of each at most; broken channels are told in every frame.
      expect(new Set(detections.map(({ region }) => region![0])).size).toBeLessThan(21);
    }
  });
});
