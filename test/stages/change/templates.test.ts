import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { serialiseBaseline } from '../../../src/model/baseline.ts';
import type { Frame } from '../../../src/model/frame.ts';
import { OPERATOR_ACCEPT } from '../../../src/model/operatorAct.ts';
import type { Detection, Reading, Signal } from '../../../src/model/signal.ts';
import hysteresis from '../../../src/stages/alert/hysteresis.ts';
import templates from '../../../src/stages/change/templates.ts';
import { channelLayout, START_US, testFrame } from '../../support/frames.ts';
import { countFrames, QUIET, SIZE, usualMeans, type Present } from '../../support/templateSpectra.ts';

type Settings = Parameters<typeof templates.create>[1];
const PERIOD_US = 100_000;
const LEARN = 150;
const timeOf = (seq: number): number => START_US + seq * PERIOD_US;

function signalsOf(stage: ReturnType<typeof templates.create>, frames: readonly Frame[]): Signal[] {
  const signals: Signal[] = [];
  for (const frame of frames) stage.process(frame, (signal) => signals.push(structuredClone(signal)));
  return signals;
}

function watch(settings: Settings, frames: readonly Frame[], assets: Record<string, Uint8Array> = {}) {
  const stage = templates.create('c', { learn: LEARN, ...settings }, { framePeriodUs: PERIOD_US, assets });
  const alert = hysteresis.create('alert', {});
  const detections: Detection[] = [];
  const readings: Reading[] = [];
  const alerts: Alert[] = [];
  const expected = { values: new Float64Array(SIZE), variances: new Float64Array(SIZE) };
  for (const frame of frames)
    stage.process(frame, (signal) => {
      if (signal.type === 'frame') {
        expected.values.set(signal.values);
        expected.variances.set(signal.variances!);
        return;
      }
      if (signal.type === 'detection') detections.push(signal);
      else readings.push(signal);
      alert.process(signal, (each) => alerts.push(each));
    });
  return {
    detections,
    alerts,
    expected,
    named: (name: string) => readings.filter((reading) => reading.name === name),
    phases: alerts.filter(({ phase }) => phase !== 'updated').map(({ phase }) => phase),
  };
}

/** The usual spectrum, and another one from a frame on, to a frame. */
const between = (changed: Present, from: number, to = Infinity) => {
  return (seq: number): Present => (seq >= from && seq < to ? changed : QUIET);
};
const NEW: Present = { extra: [[80, 2.5]] };
const PHASE = { name: 'rutile', positions: [10, 42, 85], intensities: [1, 0.8, 0.6] };
const PHASE_SHOWN: Present = {
  extra: [
    [10, 1.2],
    [42, 0.96],
    [85, 0.72],
  ],
};

describe('change.templates on counts', () => {
  it('finds a new peak, names it, and says where, in which sense and since when', () => {
    const { detections } = watch({}, countFrames(400, between(NEW, 300)));
    const [first] = detections;
    expect(first).toMatchObject({ template: 'peak', sign: 1, detector: 'c', regionUnit: '1' });
    expect(first!.seq).toBeGreaterThanOrEqual(300);
    expect(first!.seq).toBeLessThan(325);
    expect(first!.region![0]).toBeLessThan(80);
    expect(first!.region![1]).toBeGreaterThan(80);
    expect(first!.region![1] - first!.region![0]).toBeLessThan(20);
    expect(first!.averageRunLength).toBeCloseTo(10_000, 0);
    expect(first!.statistic).toBeGreaterThanOrEqual(first!.threshold);
  });

  it('finds a peak that vanishes, with the other sign', () => {
    const withPeak: Present = { extra: [[80, 3]] };
    const { detections } = watch(
      {},
      countFrames(400, (seq) => (seq < 300 ? withPeak : QUIET)),
    );
    expect(detections[0]).toMatchObject({ template: 'peak', sign: -1 });
    expect(detections[0]!.seq).toBeGreaterThanOrEqual(300);
    expect(detections[0]!.region![0]).toBeLessThan(80);
    expect(detections[0]!.region![1]).toBeGreaterThan(80);
  });

  it('looks to one side only, when told to', () => {
    const grown = countFrames(345, between({ extra: [[80, 2.5]] }, 300));
    expect(watch({ sides: 'down', contrast: false }, grown).detections.length).toBe(0);
    expect(watch({ sides: 'up' }, grown).detections.length).toBeGreaterThan(20);
  });

  it('gives an onset interval that holds the true onset in nine of ten changes', () => {
    const runs = 60;
    let [found, held, width] = [0, 0, 0];
    for (let seed = 0; seed < runs; seed++) {
      const at = 200 + 3 * (seed % 20);
      const { detections } = watch({}, countFrames(at + 60, between(NEW, at), { seed }));
      const first = detections.find(({ seq }) => seq >= at);
      if (first === undefined) continue;
      const [from, to] = first.onsetIntervalUs!;
      found++;
      if (from <= timeOf(at) && to >= timeOf(at)) held++;
      width += (to - from) / PERIOD_US;
    }
    expect(found).toBeGreaterThanOrEqual(58);
    expect(held / found).toBeGreaterThanOrEqual(0.9);
    // An interval that holds everything says nothing.
    expect(width / found).toBeLessThan(20);
  }, 60_000);

  it('knows a named phase by its name, from settings and from a file, and finds it earlier than its lines alone', () => {
    const delays = { named: 0, unnamed: 0 };
    let namedAtOnce = 0;
    for (let seed = 0; seed < 12; seed++) {
      const frames = countFrames(420, between(PHASE_SHOWN, 300), { seed });
      const { detections } = watch({ lines: [PHASE] }, frames);
      const named = detections.find(({ seq }) => seq >= 300)!;
      // A moment later it always is; at first glance one of its lines may stand out alone.
      expect(detections.at(-1)).toMatchObject({ template: 'rutile', sign: 1 });
      if (named.template === 'rutile') namedAtOnce++;
      expect(detections.at(-1)!.region![0]).toBeLessThan(10);
      expect(detections.at(-1)!.region![1]).toBeGreaterThan(10);
      delays.named += named.seq - 300;
      delays.unnamed += (watch({}, frames).detections.find(({ seq }) => seq >= 300)?.seq ?? 420) - 300;
    }
    expect(namedAtOnce).toBeGreaterThanOrEqual(8);
    expect(delays.named).toBeLessThan(0.75 * delays.unnamed);
    const phases = new TextEncoder().encode('# phases\nrutile 10 1\nrutile 42 0.8\nrutile 85 0.6\nanatase 70\n');
    const listed = watch({ phases: 'phases.txt' }, countFrames(420, between(PHASE_SHOWN, 300)), { phases });
    expect(listed.detections.at(-1)).toMatchObject({ template: 'rutile', sign: 1 });
  });

  it('finds several unknown peaks earlier than one of them', () => {
    const places = [10, 40, 70, 83, 119];
    const one: Present = { extra: [[40, 1.3]] };
    const all: Present = { extra: places.map((at) => [at, 1.3] as const) };
    let [ofOne, ofAll, several] = [0, 0, 0];
    for (let seed = 0; seed < 8; seed++) {
      const delay = (present: Present) => {
        const first = watch({}, countFrames(420, between(present, 300), { seed })).detections[0];
        if (present === all && first?.template === 'several peaks') several++;
        return (first?.seq ?? 420) - 299;
      };
      ofOne += delay(one);
      ofAll += delay(all);
    }
    expect(ofAll).toBeLessThan(0.7 * ofOne);
    expect(several).toBeGreaterThan(0);
  });

  it('names peaks that fade together', () => {
    const { detections } = watch({}, countFrames(500, between({ lines: 0.9, gain: 1.02 }, 300)));
    expect(detections[0]).toMatchObject({ template: 'peaks against background', sign: -1, region: undefined });
    expect(detections[0]!.seq).toBeGreaterThanOrEqual(300);
  });

  it.each([1.5, 2.5, 8])('makes one alert of a peak of %d counts that stays for hundreds of frames', (height) => {
    let raised = 0;
    for (let seed = 0; seed < 4; seed++) {
      const { phases, detections, alerts } = watch(
        {},
        countFrames(850, between({ extra: [[80, height]] }, 300), { seed }),
      );
      expect(phases.at(-1)).toBe('raised');
      raised += phases.filter((phase) => phase === 'raised').length;
      expect(detections.at(-1)!.seq).toBe(849);
      // Said once, the onset stays: no window reaches back to it at the end.
      expect(Math.abs(detections.at(-1)!.onsetUs - timeOf(300))).toBeLessThan(15 * PERIOD_US);
      expect(alerts.length).toBeLessThan(15);
    }
    // One in forty weak peaks falls silent for a moment just after it was found, and is found again.
    expect(raised).toBeLessThanOrEqual(5);
  });

  it.each([20, 200])('takes one frame alone for no change of the sample, %d counts high, and two for one', (height) => {
    const strike: Present = { extra: [[80, height]] };
    for (let seed = 0; seed < 4; seed++) {
      const struck = (seq: number): Present => (seq === 300 || seq === 340 ? strike : QUIET);
      expect(watch({}, countFrames(420, struck, { seed })).detections).toEqual([]);
      const [first] = watch({}, countFrames(320, between(strike, 300), { seed })).detections;
      expect(first!.seq).toBe(301);
      expect(Math.abs(first!.onsetUs - timeOf(300))).toBeLessThanOrEqual(PERIOD_US);
    }
  });

  it('says that a change is over within the length of its window, and finds the next one afresh', () => {
    for (let seed = 0; seed < 4; seed++) {
      const other: Present = { extra: [[40, 4]] };
      const show = (seq: number): Present => (seq >= 700 ? other : between({ extra: [[80, 4]] }, 300, 400)(seq));
      const { detections, phases } = watch({}, countFrames(800, show, { seed }));
      const first = detections.filter(({ seq }) => seq < 600);
      expect(first[0]!.seq).toBeLessThan(315);
      expect(first.at(-1)!.seq).toBeGreaterThanOrEqual(399);
      expect(first.at(-1)!.seq).toBeLessThan(425);
      const second = detections.filter(({ seq }) => seq >= 600);
      expect(second[0]!.seq).toBeGreaterThanOrEqual(700);
      expect(second[0]!.seq).toBeLessThan(715);
      const peak = second.find(({ template }) => template === 'peak')!;
      expect(peak.region![0]).toBeLessThan(40);
      expect(peak.region![1]).toBeGreaterThan(40);
      expect(phases).toEqual(['raised', 'cleared', 'raised']);
    }
  });

  it('takes no evidence from masked channels, and skips a frame that is masked all over', () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (Math.abs(i - 80) < 12 ? 1 : 0));
    const show = between({ extra: [[80, 30]] }, 300);
    expect(watch({}, countFrames(500, show, { more: () => ({ mask }) })).detections.length).toBe(0);
    const dark = new Uint8Array(SIZE).fill(1);
    const { detections, named } = watch(
      {},
      countFrames(500, between({ gain: 0 }, 300, 400), {
        more: (seq) => (seq >= 300 && seq < 400 ? { mask: dark } : {}),
      }),
    );
    expect(detections.length).toBe(0);
    expect(named('statistic').some(({ seq }) => seq >= 300 && seq < 400)).toBe(false);
    expect(named('statistic').length).toBe(500 - LEARN - 100);
  });

  it('never judges channels that it has not seen while it learned', () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (i > 95 && i < 110 ? 1 : 0));
    const { detections, named } = watch(
      {},
      countFrames(500, () => QUIET, { more: (seq) => (seq < 200 ? { mask } : {}) }),
    );
    expect(named('learning').length).toBe(LEARN);
    expect(detections.length).toBe(0);
  });

  it('still finds a change beside masked channels', () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (i > 95 && i < 110 ? 1 : 0));
    const { detections, named } = watch({}, countFrames(400, between(NEW, 300), { more: () => ({ mask }) }));
    expect(named('learning').length).toBe(LEARN);
    expect(detections[0]).toMatchObject({ template: 'peak', sign: 1 });
    expect(detections[0]!.seq).toBeGreaterThanOrEqual(300);
    const { value, standardError } = named('dispersion').at(-1)!;
    expect(Math.abs(value - 1)).toBeLessThan(4 * standardError!);
  });

  it.each<[string, (seq: number) => Present]>([
    ['refills of the ring: steps of 6 % in gain', (seq) => ({ gain: Math.floor(seq / 120) % 2 === 0 ? 1 : 1.06 })],
    ['a beam that decays by half', (seq) => ({ gain: Math.exp(-seq / 1500) })],
    ['a jump of the axis by one channel', (seq) => ({ shift: seq < 500 ? 0 : 1 })],
    ['a jump of the axis back and forth', (seq) => ({ shift: Math.floor(seq / 250) % 2 })],
    [
      'slow drift of gain, axis, background and widths together',
      (seq) => ({
        gain: 1 + 0.15 * Math.sin(seq / 130),
        shift: 0.0015 * seq,
        slope: 0.2 * Math.sin(seq / 300),
        broadening: 0.0005 * seq,
      }),
    ],
  ])(
    'is silent under %s',
    (_, present) => {
      // 5400 frames at one false alarm per 100 000: one is chance, two have a probability of a thousandth.
      let raised = 0;
      for (let seed = 0; seed < 6; seed++) {
        const { alerts } = watch({ falseAlarms: { onePer: { frames: 1e5 } } }, countFrames(1000, present, { seed }));
        raised += alerts.filter(({ phase }) => phase === 'raised').length;
      }
      expect(raised).toBeLessThanOrEqual(1);
    },
    60_000,
  );

  it('is silent where the axis drifts across uneven channels, when told of them, and still finds a peak', () => {
    const random = seedXoshiro128(11, 1);
    const sensitivity = Float64Array.from({ length: SIZE }, () => 1 + 0.01 * nextNormal(random));
    const seen = (present: (seq: number) => Present): Frame[] =>
      countFrames(700, (seq) => ({ gain: 400, ...present(seq) })).map((frame) => ({
        ...frame,
        values: frame.values.map((value, i) => Math.round(value * sensitivity[i]!)),
      }));
    const drifting = (seq: number): Present => ({ shift: seq < 300 ? 0 : 1.5 });
    const settings = { falseAlarms: { onePer: { frames: 1e5 } } };
    expect(watch(settings, seen(drifting)).phases).toContain('raised');
    const told = { ...settings, fixedPattern: 0.01 };
    expect(watch(told, seen(drifting)).phases).toEqual([]);
    const changed = (seq: number): Present => ({ ...drifting(seq), extra: seq < 500 ? [] : [[80, 0.3]] });
    const [first] = watch(told, seen(changed)).alerts;
    expect(first).toMatchObject({ phase: 'raised', sign: 1 });
    expect(first!.seq).toBeGreaterThanOrEqual(500);
    expect(first!.seq).toBeLessThan(520);
  });

  it('follows drift, and says how far it has gone with which error', () => {
    const present = (seq: number): Present => ({ gain: 1.2, shift: seq < LEARN ? 0 : 0.004 * (seq - LEARN) });
    const { named } = watch({}, countFrames(650, present));
    const last = (name: string) => named(name).slice(-100);
    const mean = (name: string) => last(name).reduce((sum, { value }) => sum + value, 0) / 100;
    expect(mean('gain')).toBeCloseTo(1, 1);
    // Lags by a filter of 16 frames, 0.07 channels.
    expect(mean('shift')).toBeGreaterThan(1.6);
    expect(mean('shift')).toBeLessThan(1.95);
    expect(Math.abs(mean('slope'))).toBeLessThan(0.1);
    for (const name of ['gain', 'shift', 'slope', 'broadening'])
      expect(last(name).every(({ standardError }) => standardError! > 0 && standardError! < 1)).toBe(true);
  });

  it('shows the expected spectrum with the variance of the residual', () => {
    const frames = countFrames(300, () => ({ gain: 1.1 }));
    const { expected } = watch({}, frames);
    let square = 0;
    for (let i = 0; i < SIZE; i++)
      square += (frames.at(-1)!.values[i]! - expected.values[i]!) ** 2 / expected.variances[i]! / SIZE;
    expect(square).toBeGreaterThan(0.65);
    expect(square).toBeLessThan(1.45);
  });

  it('says a dispersion of 1 of counts and of 3 of counts with a gain of 3, and raises no storm of them', () => {
    for (const [clump, gain] of [
      [1, 1],
      [3, 3],
    ] as const) {
      const { named, phases } = watch(
        {},
        countFrames(1500, () => ({ gain }), { clump }),
      );
      const { value, standardError } = named('dispersion').at(-1)!;
      expect(Math.abs(value - clump)).toBeLessThan(4 * standardError!);
      expect(standardError! / clump).toBeLessThan(0.05);
      expect(phases).toEqual([]);
    }
  });

  it('refuses a memory that the learning cannot support, and says why', () => {
    const [frame] = countFrames(1);
    expect(() => templates.create('c', { learn: 50, memory: 501 }).process(frame!, () => {})).toThrow(
      /memory is 501 frames.*50 frames supports windows of 500 at most/,
    );
    expect(() => templates.create('c', { learn: 50, memory: 500 }).process(frame!, () => {})).not.toThrow();
  });
});

describe('change.templates while it learns', () => {
  const burning = (seq: number): Present => ({ extra: [[80, 20 * Math.exp(-seq / 25)]] });

  it('lets a burn-off in the first half go, says so, and learns on', () => {
    const { named, detections, expected } = watch({ learn: 200 }, countFrames(900, burning));
    const learning = named('learning').map(({ value }) => value);
    const fall = learning.findIndex((value, k) => k > 0 && value < learning[k - 1]!);
    expect(fall).toBeGreaterThan(190);
    expect(learning.length).toBeGreaterThan(220);
    expect(learning.length).toBeLessThan(420);
    expect(detections.length).toBe(0);
    const mean = usualMeans();
    expect(Math.abs(expected.values[80]! - mean[80]!)).toBeLessThan(0.4 * Math.sqrt(mean[80]!));
  });

  it('learns a steady beginning in exactly the frames it was given', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { named } = watch(
        { learn: 100 },
        countFrames(140, () => QUIET, { seed }),
      );
      expect(named('learning').map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, k) => (k + 1) / 100));
      expect(named('statistic').length).toBe(40);
    }
  });

  it('takes a baseline file instead of learning: it judges from the first frame', () => {
    const centres = Float64Array.from({ length: SIZE }, (_, i) => i);
    const sum = new Float64Array(SIZE);
    const sumOfSquares = new Float64Array(SIZE);
    for (const { values } of countFrames(300, () => QUIET, { seed: 9 }))
      for (let i = 0; i < SIZE; i++) {
        sum[i]! += values[i]!;
        sumOfSquares[i]! += values[i]! ** 2;
      }
    const baseline = serialiseBaseline({
      axis: { unit: '1', centres },
      noise: 'poisson',
      frames: 300,
      exposureUs: 300 * PERIOD_US,
      sum,
      sumOfSquares,
      madeFrom: 'quiet frames',
    });
    const { named, detections } = watch({ baseline: 'q.json' }, countFrames(200, between(NEW, 100)), { baseline });
    expect(named('learning')).toEqual([]);
    expect(named('statistic').length).toBe(200);
    expect(detections[0]!.seq).toBeGreaterThanOrEqual(100);
    expect(detections[0]!.seq).toBeLessThan(125);
    // A change from the very first frame on is found too: nothing of it was learned.
    expect(
      watch(
        { baseline: 'q.json' },
        countFrames(60, () => NEW),
        { baseline },
      ).detections.length,
    ).toBeGreaterThan(10);
  });

  it('learns anew when the operator accepts, and finds the old state changed', () => {
    const accepted = { [OPERATOR_ACCEPT]: 1 };
    const show = between({ extra: [[80, 6]] }, 300, 700);
    const { named, detections, phases } = watch(
      {},
      countFrames(800, show, { more: (seq) => (seq >= 400 ? { context: accepted } : {}) }),
    );
    expect(named('accepted').map(({ seq }) => seq)).toEqual([400]);
    expect(named('learning').filter(({ seq }) => seq >= 400).length).toBe(LEARN);
    expect(detections.filter(({ seq }) => seq >= 400 && seq < 700)).toEqual([]);
    const back = detections.find(({ seq }) => seq >= 700)!;
    expect(back).toMatchObject({ template: 'peak', sign: -1 });
    expect(back.seq).toBeLessThan(712);
    expect(phases).toEqual(['raised', 'cleared', 'raised']);
  });
});

describe('change.templates on values that are no counts', () => {
  const given = channelLayout(SIZE, 'gaussian');
  const unknown = channelLayout(SIZE, 'unknown');
  /** Absorption-like values of noise 0.02, half of it at the upper end; variances given with the frames or not. */
  function values(count: number, present: (seq: number) => Present, seed: number, withVariances: boolean): Frame[] {
    const random = seedXoshiro128(seed, 3);
    const sigma = Float64Array.from({ length: SIZE }, (_, i) => 0.02 * (1 - (0.5 * i) / SIZE));
    const variances = sigma.map((s) => s * s);
    return Array.from({ length: count }, (_, seq) => {
      const means = usualMeans(present(seq));
      const drawn = means.map((mean, i) => mean / 20 + sigma[i]! * nextNormal(random));
      return testFrame(withVariances ? given : unknown, seq, drawn, withVariances ? { variances } : {});
    });
  }

  it.each([true, false])('finds a new peak with its sign and place (variances given: %s)', (withVariances) => {
    for (const sign of [1, -1]) {
      const { detections, phases } = watch(
        {},
        values(600, between({ extra: [[80, sign * 0.2]] }, 300), 1, withVariances),
      );
      expect(detections[0]).toMatchObject({ template: 'peak', sign });
      expect(detections[0]!.seq).toBeGreaterThanOrEqual(300);
      expect(detections[0]!.seq).toBeLessThan(340);
      expect(detections[0]!.region![0]).toBeLessThan(80);
      expect(detections[0]!.region![1]).toBeGreaterThan(80);
      expect(phases).toEqual(['raised']);
    }
  });

  it.each([true, false])(
    'keeps to its false-alarm rate on quiet values (variances given: %s)',
    (withVariances) => {
      let raised = 0;
      for (let seed = 0; seed < 6; seed++) {
        const { alerts } = watch(
          { falseAlarms: { onePer: { frames: 500 } }, memory: 500 },
          values(1200, () => ({ gain: 1 + 0.05 * Math.sin(seed) }), seed, withVariances),
        );
        raised += alerts.filter(({ phase }) => phase === 'raised').length;
      }
      // 12.6 are expected; 23 or more have a chance of half a per cent.
      expect(raised).toBeLessThan(23);
    },
    60_000,
  );
});

describe('change.templates after a checkpoint', () => {
  const show = (seq: number): Present => ({
    shift: 0.004 * seq,
    slope: 0.1 * Math.sin(seq / 60),
    ...(seq >= 250 ? { extra: [[80, 5] as const] } : {}),
  });
  const frames = countFrames(420, show);

  it.each([
    [70, 'learning'],
    [151, 'the first judged frame'],
    [220, 'quiet'],
    [300, 'a held change'],
    [371, 'a held change, again'],
  ])('continues bit by bit from frame %d: %s', (at) => {
    const settings = { learn: LEARN, lines: [PHASE] };
    const whole = signalsOf(templates.create('c', settings), frames).filter(
      (signal) => signal.type !== 'alert' && signal.seq >= at,
    );
    const before = templates.create('c', settings);
    signalsOf(before, frames.slice(0, at));
    const after = templates.create('c', settings);
    after.restore(before.snapshot());
    expect(signalsOf(after, frames.slice(at))).toEqual(whole);
    expect(whole.some(({ type }) => type === 'detection')).toBe(true);
  });
});
