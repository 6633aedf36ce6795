import { describe, expect, it } from 'vitest';
import { makeReading } from '../../../src/model/makeReading.ts';
import type { Reading } from '../../../src/model/signal.ts';
import exposure from '../../../src/stages/dose/exposure.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof exposure.create>[1];
const layout = channelLayout(2);

type Heard = readonly (readonly [stage: string, name: string, value: number, quality?: 'invalid'])[];

interface Moment {
  readonly statistic: number;
  readonly exposureUs?: number;
  readonly unseenExposureUs?: number;
  readonly seq?: number;
  /** Other readings of the frame: [stage, name, value]. */
  readonly more?: Heard;
}

function run(config: Settings, moments: readonly Moment[], order: 'frame first' | 'frame last' = 'frame first') {
  const stage = exposure.create('advice', config);
  const readings: Reading[] = [];
  moments.forEach(({ statistic, more = [], exposureUs = 100_000, unseenExposureUs = 0, ...given }, k) => {
    const frame = testFrame(layout, given.seq ?? k, [1, 1], { exposureUs, unseenExposureUs });
    const say = (from: string, name: string, value: number, quality: Reading['quality'] = 'valid') =>
      makeReading(frame, from, { name, value, unit: '1', quality });
    const heard = [
      ...more.map(([from, name, value, quality]) => say(from, name, value, quality)),
      say('change', 'statistic', statistic),
    ];
    for (const signal of order === 'frame first' ? [frame, ...heard] : [...heard, frame])
      stage.process(signal, (out) => readings.push(out));
  });
  return (name: string) => readings.filter((reading) => reading.name === name).map(({ value }) => value);
}
/** An account of which `spent` of 100 is gone, and of which the next frame takes `next`. */
const account = (spent: number, next: number): Heard => [
  ['ledger', 'dose', spent],
  ['ledger', 'doseFraction', spent / 100],
  ['ledger', 'doseNext', next],
];

describe('dose.exposure', () => {
  it('advises dim while nothing happens and bright when evidence rises, whichever comes first', () => {
    for (const order of ['frame first', 'frame last'] as const) {
      const of = run(
        { nominalExposureMs: 100 },
        [0, 0.1, 4, 0].map((statistic) => ({ statistic })),
        order,
      );
      expect(of('exposureAdvice')).toEqual([0.05, 0.05, 1, 0.05]);
      expect(of('exposureState')).toEqual([0, 0, 1, 0]);
      expect(of('exposureSeconds')).toEqual([0.005, 0.005, 0.1, 0.005]);
    }
  });

  it('gives seconds only when it was told what is nominal', () => {
    expect(run({}, [{ statistic: 4 }])('exposureSeconds')).toEqual([]);
  });

  it('reports the share of the dose that was saved, lost frames included', () => {
    const dim = { statistic: 0, exposureUs: 5000 };
    const of = run({ nominalExposureMs: 100 }, [dim, dim, { ...dim, seq: 4, unseenExposureUs: 10_000 }]);
    expect(of('doseSaving')[1]).toBeCloseTo(0.95, 12);
    expect(of('doseSaving')[2]).toBeCloseTo(1 - 25 / 500, 12);
  });

  it('asks for no more than the budget leaves', () => {
    const of = run({}, [
      { statistic: 4, more: account(70, 10) },
      { statistic: 4, more: account(97, 10) },
    ]);
    expect(of('exposureAdvice')[0]).toBe(1);
    expect(of('exposureAdvice')[1]).toBeCloseTo(0.3, 9);
    expect(of('exposureState')).toEqual([1, 2]);
  });

  it('takes off what an account that lags will have to be charged', () => {
    const of = run({}, [{ statistic: 4, more: account(85, 10) }, { statistic: 4 }]);
    expect(of('exposureAdvice')[1]).toBeCloseTo(0.5, 9);
  });

  it('dims while the dose is not known, or damage may be over the tolerance', () => {
    const invalid = { statistic: 4, more: [['ledger', 'doseFraction', 0.1, 'invalid']] } as const;
    expect(run({}, [invalid])('exposureAdvice')).toEqual([0.05]);
    const over = (value: number): Moment => ({ statistic: 4, more: [['response', 'damageOverNext', value]] });
    expect(run({}, [over(0.01), over(0.06)])('exposureAdvice')).toEqual([1, 0.05]);
  });

  it('listens to one detector, the named one or the first', () => {
    const two = { statistic: 0, more: [['trend', 'statistic', 9]] } as const;
    expect(run({ detector: 'change' }, [two])('exposureAdvice')).toEqual([0.05]);
    expect(run({}, [two])('exposureAdvice')).toEqual([1]);
  });

  it('refuses a bright exposure below the dim one', () => {
    expect(() => exposure.create('advice', { lo: 0.5, hi: 0.2 })).toThrow(/at least lo/);
  });
});
