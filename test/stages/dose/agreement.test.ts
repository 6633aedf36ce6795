import { describe, expect, it } from 'vitest';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import { makeReading } from '../../../src/model/makeReading.ts';
import agreement from '../../../src/stages/dose/agreement.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof agreement.create>[1];
const layout = channelLayout(4);

interface Moment {
  /** Counts of the frame; absent where it was fully masked. */
  readonly counts?: number;
  /** Dose of the frame by the first account, and the account after it. */
  readonly dose: number;
  readonly spent: number;
  readonly isUnknown?: boolean;
}

function run(config: Settings, moments: readonly Moment[], order: 'frame first' | 'frame last' = 'frame last') {
  const stage = agreement.create('pair', config);
  const readings: Reading[] = [];
  const detections: Detection[] = [];
  moments.forEach(({ counts, dose, spent, isUnknown = false }, seq) => {
    const mask = counts === undefined ? new Uint8Array(4).fill(1) : undefined;
    const frame = testFrame(layout, seq, [(counts ?? 0) / 2, (counts ?? 0) / 2, 0, 0], { mask });
    const quality = isUnknown ? 'invalid' : 'valid';
    const account = [
      makeReading(frame, 'current', { name: 'dose', value: spent, unit: 'nm-2', quality }),
      makeReading(frame, 'current', { name: 'doseFrame', value: dose, unit: 'nm-2', quality }),
      makeReading(frame, 'other', { name: 'doseFrame', value: 7, unit: 'nm-2', quality: 'valid' }),
    ];
    for (const signal of order === 'frame last' ? [...account, frame] : [frame, ...account])
      stage.process(signal, (out) => (out.type === 'reading' ? readings.push(out) : detections.push(out)));
  });
  const of = (name: string) => readings.filter((reading) => reading.name === name);
  return { of, last: (name: string) => of(name).at(-1)!, detections, snapshot: stage.snapshot() };
}
/** Frames of 10 units of dose each, with so many counts. */
const steady = (counts: number, frames: number, from = 0): Moment[] =>
  Array.from({ length: frames }, (_, k) => ({ counts, dose: 10, spent: 10 * (from + k + 1) }));
const fixed: Settings = { a: 'current', countsPerDose: 10 };

describe('dose.agreement', () => {
  it('joins counts and account frame by frame, whichever comes first', () => {
    for (const order of ['frame first', 'frame last'] as const) {
      const { of, detections } = run(fixed, steady(100, 30), order);
      expect(of('doseRatio').map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, seq) => seq));
      expect(of('doseRatio').at(-1)!.value).toBeCloseTo(1, 9);
      expect(of('doseCharged').at(-1)).toMatchObject({ value: 300, unit: 'nm-2', quality: 'valid' });
      expect(detections).toEqual([]);
    }
  });

  it('learns the yield of the detector when it is not told', () => {
    const { of, last } = run({ a: 'current', learn: 5 }, [...steady(80, 5), ...steady(88, 60, 5)]);
    expect(of('learning').map(({ value }) => value)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(last('doseRatio').value).toBeCloseTo(1.1, 2);
  });

  it('speaks when the detector falls silent, and again and again while that stands', () => {
    const { detections, last } = run(fixed, [...steady(100, 5), ...steady(0, 4, 5)]);
    expect(detections.map(({ seq }) => seq)).toEqual([5, 6, 7, 8]);
    expect(detections[0]).toMatchObject({ sign: -1, template: 'dose channels', detector: 'pair', threshold: 12 });
    expect(last('statistic').value).toBeGreaterThanOrEqual(last('threshold').value);
  });

  it('charges the larger of both on a disagreement, and the account otherwise', () => {
    const { last } = run(fixed, [...steady(105, 10), ...steady(300, 10, 10)]);
    expect(last('doseCharged').value).toBeCloseTo(200 + 10 * 20, 6);
    expect(run(fixed, [...steady(105, 10), ...steady(0, 10, 10)]).last('doseCharged').value).toBe(200);
  });

  it('speaks at once when there are counts without a current', () => {
    const { detections } = run(fixed, [...steady(100, 3), { counts: 100, dose: 0, spent: 30 }]);
    expect(detections.map(({ seq, sign }) => [seq, sign])).toEqual([[3, 1]]);
  });

  it('does not judge frames it cannot, and says so', () => {
    const blind = [
      { dose: 10, spent: 40 },
      { counts: 0, dose: 10, spent: 50, isUnknown: true },
    ];
    const { detections, of } = run(fixed, [...steady(100, 3), ...blind, ...blind, ...blind]);
    expect(detections).toEqual([]);
    expect(
      of('statistic')
        .slice(3)
        .every(({ quality }) => quality === 'invalid'),
    ).toBe(true);
  });

  it('finds a detector that was silent while it learned', () => {
    const { detections } = run({ a: 'current', learn: 5 }, steady(0, 200));
    expect(detections.length).toBeGreaterThan(0);
  });

  it('compares two accounts', () => {
    const stage = agreement.create('pair', { a: 'current', b: 'counts', countsPerDose: 30 });
    const readings: Reading[] = [];
    for (let seq = 0; seq < 20; seq++) {
      const frame = testFrame(layout, seq, [0, 0, 0, 0]);
      const say = (id: string, name: string, value: number) =>
        stage.process(makeReading(frame, id, { name, value, unit: 'Gy', quality: 'valid' }), (out) =>
          out.type === 'reading' ? readings.push(out) : undefined,
        );
      stage.process(frame, () => undefined);
      say('counts', 'doseFrame', 12);
      say('counts', 'dose', 12 * (seq + 1));
      say('current', 'doseFrame', 10);
      say('current', 'dose', 10 * (seq + 1));
    }
    expect(readings.filter(({ name }) => name === 'doseRatio').at(-1)!.value).toBeCloseTo(1.2, 9);
    expect(readings.at(-3)).toMatchObject({ name: 'doseCharged', value: 200, unit: 'Gy' });
  });

  it('refuses a second account without what it needs', () => {
    expect(() => agreement.create('pair', { b: 'counts', countsPerDose: 1 })).toThrow(/first account/);
    expect(() => agreement.create('pair', { a: 'current', b: 'counts' })).toThrow(/turned back into counts/);
    expect(() => agreement.create('pair', { a: 'x', b: 'x', countsPerDose: 1 })).toThrow(/another stage/);
  });
});
