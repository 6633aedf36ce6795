import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { serialiseBaseline } from '../../../src/model/baseline.ts';
import type { FrameParts } from '../../../src/model/frame.ts';
import { OPERATOR_ACCEPT } from '../../../src/model/operatorAct.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import hysteresis from '../../../src/stages/alert/hysteresis.ts';
import focus from '../../../src/stages/change/focus.ts';
import {
  certify,
  createFocusCertificate,
  layFocusCertificate,
  resetFocusCertificate,
} from '../../../src/stages/change/focusCertificate.ts';
import { focusSettings } from '../../../src/stages/change/focusSettings.ts';
import { channelLayout, START_US, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof focus.create>[1];
const layout = channelLayout(4);
const PERIOD_US = 100_000;
const parsed = focusSettings.parse({ expected: 10 });

interface Run {
  readonly settings: Settings;
  /** Mean counts of each frame. */
  readonly means: readonly number[];
  readonly seed?: number;
  /** What one count stands for. */
  readonly clump?: number;
  readonly more?: (seq: number) => Partial<FrameParts>;
  readonly assets?: Record<string, Uint8Array>;
}
function run({ settings, means, seed = 1, clump = 1, more = () => ({}), assets = {} }: Run) {
  const random = seedXoshiro128(seed, 0);
  const stage = focus.create('level', settings, { framePeriodUs: PERIOD_US, assets });
  const alert = hysteresis.create('alert', {});
  const detections: Detection[] = [];
  const readings: Reading[] = [];
  const alerts: Alert[] = [];
  means.forEach((mean, seq) => {
    const values = Float64Array.from({ length: 4 }, () => clump * nextPoisson(random, mean / 4 / clump));
    stage.process(testFrame(layout, seq, values, more(seq)), (signal) => {
      if (signal.type === 'detection') detections.push(signal);
      else readings.push(signal);
      alert.process(signal, (each) => alerts.push(each));
    });
  });
  const named = (name: string) => readings.filter((reading) => reading.name === name);
  return { detections, readings, alerts, named, raised: alerts.filter(({ phase }) => phase === 'raised') };
}
const steps = (...pairs: [number, number][]): number[] =>
  pairs.flatMap(([count, mean]) => Array.from({ length: count }, () => mean));
const timeOf = (seq: number): number => START_US + seq * PERIOD_US;
const rarely = { falseAlarms: { onePer: { frames: 1e6 } } };

/** Through the stage as readings of another one. */
function watch(settings: Settings, values: readonly number[], standardError?: number) {
  const stage = focus.create('level', settings);
  const out: (Reading | Detection)[] = [];
  values.forEach((value, seq) => {
    const [stream, name, unit] = ['s', 'absorption', '1'];
    const reading = { type: 'reading', stream, seq, timeUs: timeOf(seq), stage: 'x', name, value, unit } as const;
    stage.process({ ...reading, standardError, quality: 'valid' }, (signal) => out.push(signal as Reading | Detection));
  });
  return out.filter((signal) => signal.type === 'detection');
}
function normal(seed: number, ...parts: [count: number, mean: number][]): number[] {
  const random = seedXoshiro128(seed, 1);
  return parts.flatMap(([count, mean]) => Array.from({ length: count }, () => mean + 0.01 * nextNormal(random)));
}

describe('change.focus', () => {
  it('finds a rise and a fall of a learned rate, weak and strong, with onset and sign', () => {
    for (const [ratio, longest] of [
      [1.06, 170],
      [0.94, 170],
      [1.5, 4],
      [0.3, 2],
    ] as const) {
      const { detections, raised } = run({
        settings: { learn: 300, ...rarely },
        means: steps([600, 100], [200, 100 * ratio]),
      });
      expect(raised.length, `ratio ${ratio}`).toBe(1);
      const [first] = detections;
      expect(first!.sign).toBe(Math.sign(ratio - 1));
      expect(first!.seq).toBeGreaterThanOrEqual(600);
      expect(first!.seq).toBeLessThan(600 + longest);
      const [from, to] = detections.at(-1)!.onsetIntervalUs!;
      expect(from).toBeLessThanOrEqual(timeOf(600));
      expect(to).toBeGreaterThanOrEqual(timeOf(600));
    }
  });

  it('looks to one side only, when told to', () => {
    expect(run({ settings: { expected: 100, sides: 'up' }, means: steps([50, 60]) }).detections).toEqual([]);
    expect(run({ settings: { expected: 100, sides: 'down' }, means: steps([50, 150]) }).detections).toEqual([]);
  });

  it('holds a change that stays as one alert, and one that goes on as one alert', () => {
    expect(run({ settings: { learn: 200, ...rarely }, means: steps([300, 50], [3000, 60]) }).raised.length).toBe(1);
    // Fluorescence that bleaches on and on: 1 % per 40 frames.
    const falling = Array.from({ length: 3000 }, (_, k) => 4000 * Math.exp(-k / 4000));
    const { raised, detections } = run({
      settings: { learn: 200, ...rarely },
      means: [...steps([300, 4000]), ...falling],
    });
    expect(raised.length).toBe(1);
    expect(detections.at(-1)!.seq).toBe(3299);
  });

  it('says that a change is over, and starts from nothing', () => {
    const means = steps([300, 100], [5, 200], [400, 100], [60, 140], [100, 100]);
    const { alerts, detections } = run({ settings: { learn: 200, ...rarely }, means });
    expect(alerts.filter(({ phase }) => phase !== 'updated').map(({ phase }) => phase)).toEqual([
      'raised',
      'cleared',
      'raised',
      'cleared',
    ]);
    expect(detections.filter(({ seq }) => seq > 310 && seq < 705)).toEqual([]);
    const second = detections.find(({ seq }) => seq >= 705)!;
    expect(Math.abs(second.onsetUs - timeOf(705))).toBeLessThan(6 * PERIOD_US);
  });

  it('does not take a burn-off for a baseline, and says how steep it is', () => {
    const burning = Array.from({ length: 60 }, (_, k) => 1000 + 800 * Math.exp(-k / 15));
    const { detections, named } = run({
      settings: { learn: 40, ...rarely },
      means: [...burning, ...steps([400, 1000])],
    });
    expect(detections).toEqual([]);
    expect(named('trend')[0]!.value).toBeLessThan(-3 * named('trend')[0]!.standardError!);
    expect(named('learning').some(({ value }, k, all) => k > 0 && value < all[k - 1]!.value)).toBe(true);
    expect(named('statistic').length).toBeGreaterThan(200);
  });

  it('keeps a single enormous frame out of the baseline', () => {
    const means = steps([20, 100], [1, 5000], [300, 100]);
    expect(run({ settings: { learn: 100, ...rarely }, means }).detections).toEqual([]);
  });

  it('follows the beam monitor, and passes by frames without it', () => {
    const current = (seq: number) => (seq % 40 < 20 ? 100 : 93) - seq / 50;
    const means = Array.from({ length: 900 }, (_, seq) => 10 * current(seq));
    const settings = { learn: 200, monitor: 'I0', ...rarely };
    const more = (seq: number) => ({ context: seq % 7 === 3 ? {} : { I0: current(seq) } });
    const { detections, named } = run({ settings, means, more });
    expect(detections).toEqual([]);
    expect(named('statistic').length).toBeLessThan(600);
    const risen = means.map((mean, seq) => (seq < 700 ? mean : 1.08 * mean));
    expect(run({ settings, means: risen, more }).raised.length).toBe(1);
  });

  it('follows a background that another stage gives as a reading', () => {
    const background = (seq: number) => 30 + 20 * Math.sin(seq / 50);
    const stage = focus.create('level', { expected: 120, monitorReading: 'background', stage: 'x', ...rarely });
    const random = seedXoshiro128(8, 0);
    const found: number[] = [];
    let statistics = 0;
    for (let seq = 0; seq < 900; seq++) {
      const mean = background(seq) * (seq < 800 ? 1 : 1.3);
      const values = Float64Array.from({ length: 4 }, () => nextPoisson(random, mean));
      const [name, unit, value] = ['background', '1', background(seq)];
      const reading = { type: 'reading', stream: 's', seq, timeUs: timeOf(seq), name, unit, value } as const;
      const listen = (signal: { readonly type: string; readonly name?: string }): void => {
        if (signal.type === 'detection') found.push(seq);
        if (signal.name === 'statistic') statistics++;
      };
      stage.process({ ...reading, stage: 'other', value: 1e6, quality: 'valid' }, listen);
      if (seq % 10 !== 9) stage.process({ ...reading, stage: 'x', quality: 'valid' }, listen);
      stage.process(testFrame(layout, seq, values), listen);
    }
    expect(found[0]).toBeGreaterThanOrEqual(800);
    expect(found[0]).toBeLessThan(805);
    expect(statistics).toBe(810);
  });

  it('knows its channels although a reading came before the first frame', () => {
    const stage = focus.create('level', { learn: 50, monitorReading: 'background', ...rarely });
    const half = Uint8Array.of(0, 1, 1, 1);
    let detections = 0;
    const random = seedXoshiro128(9, 0);
    for (let seq = 0; seq < 200; seq++) {
      const values = Float64Array.from([900, 30, 30, 40], (mean) => nextPoisson(random, mean));
      const count = (signal: { readonly type: string }): void =>
        void (detections += Number(signal.type === 'detection'));
      const reading = { type: 'reading', stream: 's', seq, timeUs: timeOf(seq), stage: 'x', quality: 'valid' } as const;
      stage.process({ ...reading, name: 'background', unit: '1', value: 2 }, count);
      stage.process(testFrame(layout, seq, values, seq < 100 ? {} : { mask: half }), count);
    }
    expect(detections).toBe(0);
  });

  it('lets a certificate speak for a known rate, which must be beyond its own limit', () => {
    const certificate = createFocusCertificate({ ...parsed, sides: 'both' });
    layFocusCertificate(certificate, 10, 500, 'both');
    const random = seedXoshiro128(10, 0);
    let frames = 0;
    for (let alarms = 0; alarms < 40; frames++) {
      if (certify(certificate, nextPoisson(random, 10), 10, 7) < 7) continue;
      resetFocusCertificate(certificate);
      alarms++;
    }
    expect(frames / 40).toBeGreaterThan(500);
    for (let t = 0; t < 40; t++) certify(certificate, 16, 10, 7);
    expect(certify(certificate, 16, 10, 7)).toBeGreaterThan(7);
  });

  it('gives the certificate its share of the false alarms, where the rate is known', () => {
    const threshold = (settings: Settings) => run({ settings, means: steps([120, 50]) }).named('threshold')[0]!.value;
    const alone = threshold({ expected: 50, certificate: false });
    expect(threshold({ expected: 50 })).toBeGreaterThan(alone);
    expect(threshold({ expected: 50 })).toBeLessThan(alone + 0.1);
    expect(threshold({ learn: 100 })).toBe(threshold({ learn: 100, certificate: false }));
    expect(threshold({ expected: 50, threshold: 9 })).toBe(9);
    expect(threshold({ expected: 50, falseAlarms: { onePer: { frames: 1e9 } } })).toBeGreaterThan(20);
  });

  it('expects more of a longer exposure and less of masked channels', () => {
    const longer = (seq: number) => (seq === 0 ? {} : { exposureUs: 2.5 * PERIOD_US });
    expect(run({ settings: { expected: 100 }, means: steps([1, 100], [300, 250]), more: longer }).detections).toEqual(
      [],
    );
    const half = () => ({ mask: Uint8Array.of(0, 1, 0, 0) });
    expect(run({ settings: { expected: 100 }, means: steps([300, 100]), seed: 3, more: half }).detections).toEqual([]);
    const all = () => ({ mask: new Uint8Array(4).fill(1) });
    expect(run({ settings: { learn: 5 }, means: steps([9, 100]), more: all }).readings).toEqual([]);
  });

  it('counts a region, and names it', () => {
    const { detections } = run({ settings: { expected: 50, region: [2, 3] }, means: steps([30, 200]) });
    expect(detections[0]).toMatchObject({ region: [2, 3], regionUnit: '1' });
  });

  it('learns of a stream without counts, and finds the first ones', () => {
    const { detections } = run({ settings: { learn: 100, ...rarely }, means: steps([300, 0], [50, 2]) });
    expect(detections[0]!.seq).toBeGreaterThanOrEqual(300);
    expect(detections[0]!.seq).toBeLessThan(330);
  });

  it('applies a dispersion that is clearly not that of counts, and says it', () => {
    const means = steps([20_000, 80]);
    const settings = { learn: 500, falseAlarms: { onePer: { frames: 2000 } } };
    const { named, raised } = run({ settings, means, clump: 4 });
    expect(named('dispersion')[0]!.value).toBeGreaterThan(3);
    expect(raised.length).toBeLessThan(30);
    expect(run({ settings: { ...settings, dispersion: 1 }, means, clump: 4 }).raised.length).toBeGreaterThan(100);
    expect(run({ settings, means: steps([600, 80]) }).named('dispersion')[0]!.value).toBe(1);
  });

  it('finds a change of a reading, by its standard errors or by the scatter it has learned', () => {
    const values = normal(3, [400, 1], [60, 1.012]);
    for (const error of [0.01, undefined]) {
      const detections = watch({ reading: 'absorption', learn: 200, ...rarely }, values, error);
      expect(detections[0]!.sign).toBe(1);
      expect(detections[0]!.seq).toBeGreaterThanOrEqual(400);
      expect(detections[0]!.seq).toBeLessThan(450);
    }
    expect(watch({ reading: 'absorption', stage: 'other', learn: 20 }, values)).toEqual([]);
    expect(watch({ reading: 'absorption', learn: 200, ...rarely }, normal(4, [3000, 1]))).toEqual([]);
  });

  it('survives a reading that never differs', () => {
    expect(
      watch(
        { reading: 'absorption', learn: 20 },
        Array.from({ length: 90 }, () => 3),
      ),
    ).toEqual([]);
  });

  it('takes a baseline file instead of learning', () => {
    const sum = Float64Array.of(2500, 2500, 2500, 2500);
    const baseline = serialiseBaseline({
      axis: { unit: '1', centres: Float64Array.of(0, 1, 2, 3) },
      noise: 'poisson',
      frames: 100,
      exposureUs: 100 * PERIOD_US,
      sum,
      sumOfSquares: sum.map((each) => (each * each) / 100 + (each * 99) / 100),
      madeFrom: 'a test',
    });
    const settings = { baseline: 'quiet.json', ...rarely };
    const { detections, named } = run({ settings, means: steps([100, 100], [20, 160]), assets: { baseline } });
    expect(named('learning')).toEqual([]);
    expect(named('statistic').length).toBe(120);
    expect(detections[0]!.seq).toBeLessThan(104);
    expect(() => run({ settings: { ...settings, memory: 101 }, means: [1], assets: { baseline } })).toThrow(
      /baseline of 100 frames can support/,
    );
  });

  it('takes the state an operator accepts for its new baseline', () => {
    const context = (seq: number) => ({ context: seq < 500 ? {} : { [OPERATOR_ACCEPT]: 1 } });
    const settings = { learn: 100, expected: 50, ...rarely };
    const { detections, named, alerts } = run({ settings, means: steps([300, 50], [900, 70]), more: context });
    expect(detections.at(-1)!.seq).toBe(499);
    expect(named('accepted').length).toBe(1);
    expect(named('learning').length).toBe(99);
    expect(alerts.at(-1)!.phase).toBe('cleared');
  });

  it('refuses a memory longer than its baseline can support, with the reason', () => {
    expect(() => focus.create('x', { learn: 100, memory: 200 })).toThrow(/baseline of 100 frames can support/);
    expect(() => focus.create('x', { expected: 10, memory: 200 })).not.toThrow();
    expect(() => focus.create('x', { reading: 'a', monitor: 'I0' })).toThrow(/none beside reading/);
  });

  it('emits its statistic and threshold each frame', () => {
    const { named } = run({ settings: { expected: 100, threshold: 8 }, means: steps([40, 100]) });
    expect(named('statistic').length).toBe(40);
    expect(named('threshold').every(({ value }) => value === 8)).toBe(true);
  });
});
