import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { DAMAGE, DOSE } from '../../../src/model/doseReading.ts';
import { makeFrame, type Frame } from '../../../src/model/frame.ts';
import { spectrumLayout } from '../../../src/model/layout.ts';
import { makeReading } from '../../../src/model/makeReading.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import response from '../../../src/stages/dose/response.ts';

type Settings = Parameters<typeof response.create>[1];
const PERIOD_US = 100_000;
const WINDOWS = { a: { from: 0, to: 0.4 }, b: { from: 0.6, to: 1 } };
const settings: Settings = {
  tolerance: 0.05,
  prior: { dose: 40 },
  windows: { ...WINDOWS, intactShare: 0.6, damagedShare: 0.35 },
};
const layoutOf = (n: number, noise: 'poisson' | 'gaussian' = 'poisson') =>
  spectrumLayout(
    { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: n }, (_, i) => i) },
    { quantity: 'counts', unit: '1', noise },
  );
const two = layoutOf(2);

/** Frames of unit dose; f is at the tolerance after `reach` of them. */
function windowFrames(count: number, counts: number, reach: number, seed = 1): Frame[] {
  const random = seedXoshiro128(seed, 0);
  return Array.from({ length: count }, (_, seq) => {
    const share = 0.6 - 0.25 * (1 - 0.95 ** ((seq + 0.5) / reach));
    const values = Float64Array.of(nextPoisson(random, counts * share), nextPoisson(random, counts * (1 - share)));
    return makeFrame({ stream: 's', seq, timeUs: seq * PERIOD_US, exposureUs: PERIOD_US, layout: two, values });
  });
}

interface Told {
  readonly spent: number;
  readonly own?: number;
  readonly next?: number;
  readonly generation?: number;
}
function doses({ seq, timeUs }: { seq: number; timeUs: number }, { spent, own, next, generation }: Told): Reading[] {
  const header = { stream: 's', seq, timeUs };
  const reading = (name: string, value: number | undefined): Reading[] =>
    value === undefined ? [] : [makeReading(header, 'dose', { name, value, unit: 'e/nm2', quality: 'valid' })];
  return [
    ...reading(DOSE.spent, spent),
    ...reading(DOSE.ofFrame, own),
    ...reading(DOSE.generation, generation),
    ...reading(DOSE.next, next),
  ];
}
const usual = (frame: Frame, spent = frame.seq + 1): Reading[] => doses(frame, { spent, own: 1, next: 1 });

function run(config: Settings, signals: readonly (Frame | Reading)[], assets: Record<string, Uint8Array> = {}) {
  const stage = response.create('damage', config, { assets });
  const out: (Reading | Detection)[] = [];
  for (const signal of signals) stage.process(signal, (each) => out.push(each));
  const readings = out.filter((each) => each.type === 'reading');
  return {
    out,
    of: (name: string) => readings.filter((reading) => reading.name === name),
    last: (name: string) => readings.filter((reading) => reading.name === name).at(-1)!,
    detections: out.filter((each) => each.type === 'detection'),
  };
}

describe('dose.response', () => {
  const frames = windowFrames(60, 1e5, 40);

  it('follows the damage, says at what dose the tolerance is reached, and stops just before', () => {
    const { of, last, detections } = run(
      settings,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    const truth = 1 - 0.95 ** (60 / 40);
    expect(last(DAMAGE.fraction).value).toBeCloseTo(truth, 2);
    expect(last(DAMAGE.fraction).standardError).toBeLessThan(0.005);
    expect(of(DAMAGE.low).at(-1)!.value).toBeLessThan(truth);
    expect(of(DAMAGE.high).at(-1)!.value).toBeGreaterThan(truth);
    const reach = of(DAMAGE.reach)[34]!;
    expect(reach.value / 40).toBeGreaterThan(0.85);
    expect(reach.value / 40).toBeLessThan(1.15);
    expect(reach.unit).toBe('e/nm2');
    expect(detections.map(({ template }) => template)).toEqual(['damage', 'damaged']);
    expect(detections[1]).toMatchObject({ threshold: 0.95 });
    expect(detections[1]!.seq).toBeGreaterThan(39);
    expect(detections[0]).toMatchObject({ template: 'damage', threshold: 0.05, sign: 1, detector: 'damage' });
    expect(detections[0]!.seq).toBeGreaterThan(30);
    expect(detections[0]!.seq).toBeLessThan(40);
    expect(detections[0]!.statistic).toBeGreaterThan(0.05);
  });

  it('says the same whether a frame or its dose comes first', () => {
    const first = run(
      settings,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    const second = run(
      settings,
      frames.flatMap((frame) => [...usual(frame), frame]),
    );
    expect(second.out).toEqual(first.out);
  });

  it('continues from a checkpoint taken anywhere, also between a frame and its dose', () => {
    const signals = frames.slice(0, 20).flatMap((frame) => [frame, ...usual(frame)]);
    const whole = run(settings, signals).out;
    for (const cut of [1, 2, 3, 30, 41, 43]) {
      const [head, tail] = [response.create('damage', settings), response.create('damage', settings)];
      const out: (Reading | Detection)[] = [];
      signals.slice(0, cut).forEach((signal) => head.process(signal, (each) => out.push(each)));
      tail.restore(head.snapshot());
      signals.slice(cut).forEach((signal) => tail.process(signal, (each) => out.push(each)));
      expect(out).toEqual(whole);
    }
  });

  it('answers for the very first frame, from the prior alone', () => {
    const header = { seq: 0, timeUs: 0 };
    const small = run(settings, doses(header, { spent: 0, own: 0, next: 1 }));
    expect(small.last(DAMAGE.overNext).value).toBeLessThan(0.001);
    const large = run(settings, doses(header, { spent: 0, own: 0, next: 60 }));
    expect(large.last(DAMAGE.overNext).value).toBeGreaterThan(0.4);
    expect(large.detections).toHaveLength(1);
  });

  it('changes nothing with the beam off, and charges dropped frames', () => {
    const seen = frames.slice(0, 20).flatMap((frame) => [frame, ...usual(frame)]);
    const off = { seq: 20, timeUs: 20 * PERIOD_US };
    const before = run(settings, seen);
    const dark = run(settings, [...seen, ...doses(off, { spent: 20, own: 0, next: 1 })]);
    expect(dark.last(DAMAGE.high).value).toBe(before.last(DAMAGE.high).value);
    const unseen = run(settings, [...seen, ...doses(off, { spent: 25, own: 0, next: 1 })]);
    expect(unseen.last(DAMAGE.fraction).value).toBeGreaterThan(before.last(DAMAGE.fraction).value);
    expect(unseen.last(DAMAGE.overNext).value).toBeGreaterThan(before.last(DAMAGE.overNext).value);
  });

  it('begins again on a fresh area, told by a dose that falls or by another generation', () => {
    const worn = frames.flatMap((frame) => [
      frame,
      ...doses(frame, { spent: frame.seq + 1, own: 1, next: 1, generation: 5 }),
    ]);
    for (const told of [
      { spent: 1, own: 1, next: 1, generation: 5 },
      { spent: 61, own: 1, next: 1, generation: 6 },
    ]) {
      const next = windowFrames(61, 1e5, 40, 2)[0]!;
      const frame = { ...next, seq: 60, timeUs: 60 * PERIOD_US };
      const { last, detections } = run(settings, [...worn, frame, ...doses(frame, told)]);
      expect(last(DAMAGE.over).value).toBeLessThan(told.spent > 1 ? 1 : 0.001);
      expect(detections.length).toBeGreaterThanOrEqual(1);
      if (told.spent === 1) expect(last(DAMAGE.fraction).value).toBeLessThan(0.01);
    }
  });

  it('says that references of the wrong sign are no damage', () => {
    const wrong = { ...settings, windows: { ...WINDOWS, intactShare: 0.6, damagedShare: 0.85 } };
    const { last } = run(
      wrong,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    expect(last(DAMAGE.fraction)).toMatchObject({ quality: 'invalid' });
    expect(last(DAMAGE.fraction).value).toBeLessThan(0);
  });

  it('always says whether the sample can be certified, and how many more counts that takes', () => {
    const z = (counts: number) => {
      const { last } = run(
        settings,
        windowFrames(20, counts, 40).flatMap((frame) => [frame, ...usual(frame)]),
      );
      return [last(DAMAGE.certifiability).value, last(DAMAGE.countsNeeded).value] as const;
    };
    const [bright, needsBright] = z(1e5);
    expect(bright).toBeCloseTo(0.05 * Math.sqrt((0.2604 * 1e5 * 40) / 3), -1);
    expect(needsBright).toBeLessThan(0.1);
    const [dim, needsDim] = z(100);
    expect(dim).toBeLessThan(4.3);
    expect(needsDim).toBeCloseTo((4.273 / dim) ** 2, 1);
  });

  it('learns the intact share, at a loss', () => {
    const learned: Settings = { ...settings, windows: { ...WINDOWS, damagedShare: 0.35 }, learn: 5 };
    const { of, last } = run(
      learned,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    expect(last(DAMAGE.fraction).value).toBeCloseTo(1 - 0.95 ** 1.5, 1);
    const exact = run(
      settings,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    expect(of(DAMAGE.certifiability).at(-1)!.value).toBeLessThan(0.8 * exact.last(DAMAGE.certifiability).value);
    expect(last(DAMAGE.fraction).standardError).toBeGreaterThan(exact.last(DAMAGE.fraction).standardError!);
  });

  it('stops by the guaranteed rule no earlier than the declared lowest dose, and before the tolerance', () => {
    const guaranteed: Settings = { ...settings, rule: 'guaranteed', kinetics: 'exponential', lowestDose: 10 };
    const { detections } = run(
      guaranteed,
      frames.flatMap((frame) => [frame, ...usual(frame)]),
    );
    expect(detections[0]!.seq).toBeGreaterThan(25);
    expect(detections[0]!.seq).toBeLessThan(40);
  });

  it('refuses what cannot be', () => {
    const issues = (bad: object) =>
      response.config.safeParse({ ...settings, ...bad }).error?.issues.map(({ message }) => message);
    expect(issues({ rule: 'guaranteed' })?.join()).toMatch(/lowest dose.*exponential/s);
    expect(issues({ prior: {} })).toEqual([expect.stringContaining('prior.dose or budget')]);
    expect(issues({ intact: 'a.json' })).toEqual([expect.stringContaining('either windows or spectra')]);
    expect(issues({ windows: { ...WINDOWS, b: { from: 0.3, to: 1 } } })).toEqual([expect.stringContaining('overlap')]);
  });
});

describe('dose.response on whole spectra', () => {
  const n = 48;
  const layout = layoutOf(n, 'gaussian');
  const band = (place: number, width: number) => (i: number) => Math.exp(-0.5 * ((i - place) / width) ** 2);
  const intact = Float64Array.from({ length: n }, (_, i) => 0.5 + band(15, 3)(i) + 0.8 * band(33, 3)(i));
  const damaged = Float64Array.from(
    { length: n },
    (_, i) => 0.5 + 0.4 * band(15, 3)(i) + 0.8 * band(33, 3)(i) + 0.5 * band(24, 4)(i),
  );
  const columns = (values: Float64Array): Uint8Array =>
    new TextEncoder().encode([...values].map((value, i) => `${i} ${value}`).join('\n'));
  const assets = { intact: columns(intact), damaged: columns(damaged) };
  const base: Settings = { tolerance: 0.05, prior: { dose: 40 } };

  /** Measured values with variances, as of an absorption spectrum. */
  function measured(count: number, deviation: number): (Frame | Reading)[] {
    const random = seedXoshiro128(3, 3);
    return Array.from({ length: count }, (_, seq) => {
      const f = 1 - 0.95 ** ((seq + 0.5) / 40);
      const gain = 1 + 0.2 * Math.sin(seq / 5);
      const values = intact.map(
        (value, i) => gain * (value + f * (damaged[i]! - value)) + deviation * nextNormal(random),
      );
      const variances = new Float64Array(n).fill(deviation ** 2);
      const frame = makeFrame({
        stream: 's',
        seq,
        timeUs: seq * PERIOD_US,
        exposureUs: PERIOD_US,
        layout,
        values,
        variances,
      });
      return [frame, ...usual(frame)];
    }).flat();
  }

  it('takes measured values with variances apart, references from files', () => {
    const { last, detections } = run({ ...base, intact: 'i', damaged: 'd' }, measured(60, 0.01), assets);
    expect(last(DAMAGE.fraction).value).toBeCloseTo(1 - 0.95 ** 1.5, 2);
    expect(detections[0]!.seq).toBeGreaterThan(25);
    expect(detections[0]!.seq).toBeLessThan(40);
  });
  it('learns the intact spectrum from the first frames', () => {
    const { last } = run({ ...base, damaged: 'd', learn: 5 }, measured(60, 0.01), { damaged: assets.damaged });
    const { value, standardError } = last(DAMAGE.fraction);
    expect(Math.abs(value - (1 - 0.95 ** 1.5))).toBeLessThan(4 * standardError!);
  });
  it('with a direction measures the change at the channel that changes most', () => {
    const { last } = run({ ...base, intact: 'i', damaged: 'd', damagedIs: 'direction' }, measured(60, 0.003), assets);
    const scale = intact.reduce((a, b) => a + b) / damaged.reduce((a, b) => a + b);
    const largest = Math.max(...intact.map((value, i) => Math.abs(scale * damaged[i]! - value) / value));
    const f = 1 - 0.95 ** 1.5;
    // The mixture is taken between spectra of one total.
    const share = f / (f + (1 - f) * scale);
    expect(last(DAMAGE.fraction).value / (share * largest)).toBeGreaterThan(0.9);
    expect(last(DAMAGE.fraction).value / (share * largest)).toBeLessThan(1.1);
  });
  it('takes a reference of another place for as sure as it is said to be', () => {
    const off = {
      intact: columns(intact.map((value, i) => value + 0.02 * (intact[i]! - damaged[i]!))),
      damaged: assets.damaged,
    };
    const settings: Settings = { ...base, intact: 'i', damaged: 'd', damagedIs: 'state' };
    const quiet = measured(20, 0.003).filter((signal) => signal.seq < 10);
    const trusting = run(settings, quiet, off);
    const wary = run({ ...settings, referenceError: 0.03 }, quiet, off);
    const truth = 1 - 0.95 ** (10 / 40);
    const missed = (told: typeof wary): number =>
      Math.abs(told.last(DAMAGE.fraction).value - truth) / told.last(DAMAGE.fraction).standardError!;
    expect(missed(trusting)).toBeGreaterThan(3);
    expect(missed(wary)).toBeLessThan(2);
  });
  it.each(['frame', 'dose'])('begins a fresh area with the frame it begins with, the %s first', (first) => {
    const moved = measured(24, 0.003).filter((signal): signal is Frame => signal.type === 'frame');
    const signals = Array.from({ length: 24 }, (_, seq) => {
      const frame = moved[seq]!;
      // Two areas of twelve frames; the second lies under a thicker layer, which the first knows nothing of.
      const second = seq >= 12;
      const values = second ? frame.values.map((value, i) => value + 0.2 * band(40, 5)(i)) : frame.values;
      const dose = second ? seq - 11 : seq + 1;
      const own = doses(frame, { spent: dose, own: 1, generation: second ? 2 : 1, next: 1 });
      const readings = [own[2]!, own[0]!, own[1]!, own[3]!];
      const shown = { ...frame, values };
      return first === 'frame' ? [shown, ...readings] : [...readings, shown];
    }).flat();
    const { of } = run({ ...base, damaged: 'd', learn: 1 }, signals, { damaged: assets.damaged });
    const told = of(DAMAGE.fraction).slice(12);
    expect(told[0]!.value).toBeLessThan(0.01);
    const f = (seq: number): number => 1 - 0.95 ** ((seq + 0.5) / 40);
    const truth = (f(23) - f(12)) / (1 - f(12));
    expect(Math.abs(told.at(-1)!.value - truth)).toBeLessThan(0.02);
    expect(
      of(DAMAGE.fraction)
        .slice(12)
        .every(({ quality }) => quality === 'valid'),
    ).toBe(true);
  });
  it('without a damaged reference measures the change of the spectrum over the spectrum', () => {
    const { last } = run({ ...base, learn: 5, shift: 'fixed' }, measured(80, 0.003));
    const f = 1 - 0.95 ** 2;
    const whole = intact.reduce((sum, value) => sum + value, 0);
    const scale = whole / damaged.reduce((sum, value) => sum + value, 0);
    const change = intact.reduce((sum, value, i) => sum + Math.abs(damaged[i]! * scale - value), 0) / whole;
    expect(last(DAMAGE.fraction).value / (f * change)).toBeGreaterThan(0.75);
    expect(last(DAMAGE.fraction).value / (f * change)).toBeLessThan(1.3);
  });
  it('says where a reference file is wrong', () => {
    const wrong = (text: string) => () =>
      run({ ...base, intact: 'i', damaged: 'd' }, measured(1, 0.01), {
        ...assets,
        intact: new TextEncoder().encode(text),
      });
    expect(wrong('0 1\n1 two')).toThrow("line 2 of intact is '1 two'");
    expect(wrong('0 1\n10 1')).toThrow('intact has no channel at 11 eV');
  });
});
