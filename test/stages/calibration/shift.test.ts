import { describe, expect, it } from 'vitest';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import type { Noise } from '../../../src/model/layout.ts';
import type { Reading } from '../../../src/model/signal.ts';
import shift from '../../../src/stages/calibration/shift.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const n = 200;
const shape = (moved: number, gain = 1): Float64Array =>
  Float64Array.from(
    { length: n },
    (_, i) =>
      gain *
      (30 + 300 * Math.exp(-0.5 * ((i + moved - 60) / 3) ** 2) + 200 * Math.exp(-0.5 * ((i + moved - 140) / 3) ** 2)),
  );

function run(
  settings: Parameters<typeof shift.create>[1],
  frames: Iterable<Float64Array>,
  noise: Noise = 'poisson',
  variances = false,
) {
  const stage = shift.create('c', settings);
  const layout = channelLayout(n, noise);
  const readings: Reading[] = [];
  const shifts: number[] = [];
  let seq = 0;
  for (const values of frames)
    stage.process(
      testFrame(layout, seq++, values, variances ? { variances: values.map((v) => v + 1) } : {}),
      (signal) => {
        if (signal.type === 'reading') readings.push(signal);
        else {
          shifts.push(signal.axisShift);
          expect([...signal.values]).toEqual([...values]);
        }
      },
    );
  return {
    shifts,
    shift: readings.filter(({ name }) => name === 'shift'),
    gain: readings.filter(({ name }) => name === 'gain'),
  };
}
function* drifting(count: number, perFrame: number, gain = 1, after = 10): Generator<Float64Array> {
  const random = seedXoshiro128(17, 0);
  for (let k = 0; k < count; k++)
    yield shape(Math.max(0, k + 1 - after) * perFrame, k < after ? 1 : gain).map((mean) => nextPoisson(random, mean));
}

describe('calibration.shift', () => {
  it.each(['poisson', 'scaledPoisson', 'gaussian', 'unknown'] as const)(
    'follows a drift of %s data within its error, without touching them',
    (noise) => {
      const {
        shifts,
        shift: readings,
        gain,
      } = run({ learn: 10 }, drifting(60, 0.05, 0.8), noise, noise === 'scaledPoisson' || noise === 'gaussian');
      expect(shifts.length).toBe(60);
      expect(readings.length).toBe(50);
      const last = readings.at(-1)!;
      expect(last.quality).toBe('valid');
      expect(Math.abs(last.value - 2.5)).toBeLessThan(5 * last.standardError!);
      expect(last.standardError).toBeLessThan(0.2);
      expect(shifts.at(-1)).toBe(last.value);
      expect(gain.at(-1)!.value).toBeCloseTo(0.8, 1);
    },
  );

  it('holds the last shift when it cannot see, and says so', () => {
    const {
      shifts,
      shift: readings,
      gain,
    } = run({ learn: 10 }, [...drifting(30, 0.05), new Float64Array(n), new Float64Array(n)]);
    expect(readings.slice(-3).map(({ quality }) => quality)).toEqual(['valid', 'invalid', 'invalid']);
    expect(shifts.at(-1)).toBe(shifts.at(-3));
    expect(shifts.at(-1)).not.toBe(0);
    expect(gain.at(-1)!.quality).toBe('invalid');
    expect(gain.at(-1)!.value).toBe(gain.at(-3)!.value);
  });

  it('measures against a line of known position from the first frame', () => {
    const { shift: readings } = run({ line: { position: 60, window: 15 } }, drifting(30, 0.05, 1, 0));
    expect(readings.length).toBe(30);
    expect(Math.abs(readings.at(-1)!.value - 1.5)).toBeLessThan(5 * readings.at(-1)!.standardError!);
  });

  it('takes the gain of a longer exposure for none', () => {
    const stage = shift.create('c', { learn: 1 });
    const layout = channelLayout(n);
    let gain = 0;
    stage.process(testFrame(layout, 0, shape(0)), () => undefined);
    stage.process(testFrame(layout, 1, shape(0, 3), { exposureUs: 300_000 }), (signal) => {
      if (signal.type === 'reading' && signal.name === 'gain') gain = signal.value;
    });
    expect(gain).toBeCloseTo(1, 6);
  });

  it('continues from a checkpoint as if nothing had happened', () => {
    const frames = [...drifting(40, 0.05)];
    const layout = channelLayout(n);
    const seen = (cut: number): string[] => {
      let stage = shift.create('c', { learn: 10 });
      const out: string[] = [];
      frames.forEach((values, seq) => {
        if (seq === cut) {
          const snapshot = stage.snapshot();
          stage = shift.create('c', { learn: 10 });
          stage.restore(snapshot);
        }
        stage.process(testFrame(layout, seq, values), (signal) =>
          out.push(signal.type === 'reading' ? `${signal.name} ${signal.value}` : `${signal.axisShift}`),
        );
      });
      return out;
    };
    expect(seen(5)).toEqual(seen(-1));
    expect(seen(25)).toEqual(seen(-1));
  });
});
