import { describe, expect, it } from 'vitest';
import type { FrameParts } from '../../../src/model/frame.ts';
import type { Detection, Reading } from '../../../src/model/signal.ts';
import fluence from '../../../src/stages/dose/fluence.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

type Settings = Parameters<typeof fluence.create>[1];
/** 1.602176634 pA on 100 nm2 are 1e5 electrons per nm2 and second: 1e4 a frame of 100 ms. */
const signal = { signal: 'beam', unit: 'pA', maximum: 10 * 1.602176634, staleAfter: '5 s' } as const;
const settings: Settings = { current: signal, areaNm2: 100, limit: 1e5 };
const on: Partial<FrameParts> = { context: { beam: 1.602176634 } };

function run(config: Settings, frames: readonly Partial<FrameParts>[], layouts = frames.map(() => channelLayout(2))) {
  const stage = fluence.create('dose', config);
  const readings: Reading[] = [];
  const detections: Detection[] = [];
  frames.forEach((more, seq) =>
    stage.process(testFrame(layouts[seq]!, seq, new Float64Array(layouts[seq]!.size), more), (out) =>
      out.type === 'reading' ? readings.push(out) : detections.push(out),
    ),
  );
  const of = (name: string) => readings.filter((reading) => reading.name === name);
  return { dose: of('dose').map(({ value }) => value), of, detections };
}

describe('dose.fluence', () => {
  it('adds up current times time over area, of frames that were lost too', () => {
    const { dose, of } = run(settings, [on, on, { ...on, unseenExposureUs: 200_000 }]);
    [1e4, 2e4, 5e4].forEach((want, k) => expect(dose[k]! / want).toBeCloseTo(1, 12));
    expect(of('doseFraction').at(-1)!.value).toBeCloseTo(0.5, 12);
    expect(of('doseRate')[0]!.value).toBeCloseTo(1e5, 3);
    expect(of('doseExhausted')[0]!.value).toBeCloseTo(0.9, 9);
  });

  it('charges nothing while the beam is off', () => {
    const { dose, of } = run(settings, [on, { context: { beam: 0 } }, { context: { beam: -0.3 } }]);
    expect(dose[2]).toBe(dose[0]);
    expect(of('dose').every(({ quality }) => quality === 'valid')).toBe(true);
  });

  it('charges the declared maximum while the current is absent or stale, and says so', () => {
    const { dose, of } = run(settings, [on, {}, { ...on, contextAgeUs: { beam: 6_000_000 } }]);
    expect(dose[1]! - dose[0]!).toBeCloseTo(1e5, 4);
    expect(dose[2]! - dose[1]!).toBeCloseTo(1e5, 4);
    expect(of('dose').map(({ quality }) => quality)).toEqual(['valid', 'invalid', 'invalid']);
  });

  it('charges the highest current seen when that was more than declared', () => {
    const { dose } = run(settings, [{ context: { beam: 20 * 1.602176634 } }, {}]);
    expect(dose[1]! - dose[0]!).toBeCloseTo(2e5, 4);
  });

  it('speaks once at each milestone, even when one frame passes two', () => {
    const { detections } = run(
      { ...settings, milestones: [0.15, 0.18, 0.5] },
      Array.from({ length: 8 }, () => on),
    );
    expect(detections.map(({ seq, threshold }) => [seq, threshold])).toEqual([
      [1, 0.15],
      [1, 0.18],
      [4, 0.5],
    ]);
  });

  it('does not forget the dose when the layout changes', () => {
    const { dose } = run(settings, [on, on, on], [channelLayout(2), channelLayout(3), channelLayout(3)]);
    [1e4, 2e4, 3e4].forEach((want, k) => expect(dose[k]! / want).toBeCloseTo(1, 12));
  });

  it('takes a fixed current', () => {
    const { dose } = run({ current: { fixed: 1.602176634, unit: 'pA' }, areaNm2: 100, limit: 1e5 }, [{}, {}]);
    expect(dose[1]! / 2e4).toBeCloseTo(1, 12);
  });

  it('takes limits per square angstrom, and says electrons per square nanometre', () => {
    const { dose, of } = run({ current: signal, areaNm2: 100, limit: 1000, unit: 'e/A2' }, [on]);
    expect(dose[0]! / 1e4).toBeCloseTo(1, 12);
    expect(of('doseFraction')[0]!.value).toBeCloseTo(0.1, 12);
  });

  it('charges a scan over its steps, or under the probe where that is more, fly-back included', () => {
    const fine = { points: 10_000, stepNm: 0.1, probeNm: 0.2, flyback: 0.1 };
    const current = { fixed: 1.602176634, unit: 'pA' } as const;
    expect(run({ current, scan: fine, limit: 1e9 }, [{}]).dose[0]! / 1.1e4).toBeCloseTo(1, 12);
    const coarse = { points: 10_000, stepNm: 1, probeNm: 0.2 };
    const want = 1e6 / (10_000 * (Math.PI / 4) * 0.04);
    expect(run({ current, scan: coarse, limit: 1e9 }, [{}]).dose[0]! / want).toBeCloseTo(1, 12);
  });

  it('charges the peak of a resting probe', () => {
    const current = { fixed: 1.602176634, unit: 'pA' } as const;
    const want = 1e6 / ((2 * Math.PI * 0.2 ** 2) / (8 * Math.LN2));
    expect(run({ current, probeFwhmNm: 0.2, limit: 1e9 }, [{}]).dose[0]! / want).toBeCloseTo(1, 12);
  });

  it('refuses milestones that do not ascend', () => {
    expect(() => fluence.create('dose', { ...settings, milestones: [0.8, 0.5] })).toThrow(/ascending/);
  });
});
