import { describe, expect, it } from 'vitest';
import { delays, framesOf, readingsOf, runLength, turnsFound } from '../../../bench/detection/trend.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import { makeFrame, type Frame } from '../../../src/model/frame.ts';
import type { Detection, Reading, Signal } from '../../../src/model/signal.ts';
import trend from '../../../src/stages/change/trend.ts';

const PERIOD_US = 60e6;
const timesUs = (frames: number, jitter = 0) =>
  Array.from({ length: frames }, (_, k) => 1.7e15 + Math.round((k + jitter * Math.sin(3 * k)) * PERIOD_US));
const courseOf = (frames: number, course: (k: number) => number) => Array.from({ length: frames }, (_, k) => course(k));
const spectra = (frames: number, course: (k: number) => number, seed = 1) =>
  framesOf({ timesUs: timesUs(frames), course: courseOf(frames, course) }, seedXoshiro128(seed, 9));
const readings = (frames: number, course: (k: number) => number, seed = 1) =>
  readingsOf({ timesUs: timesUs(frames), course: courseOf(frames, course) }, seedXoshiro128(seed, 9));
const tent = (turn: number, speed: number) => (k: number) => speed * (turn - Math.abs(k - turn));

/** The signals of the last frame. */
function lastOf(frames: readonly (Frame | Reading)[], settings: Parameters<typeof trend.create>[1]) {
  const stage = trend.create('trend', settings);
  let said: Signal[] = [];
  for (const frame of frames) {
    said = [];
    stage.process(frame, (signal) => said.push(signal));
  }
  const reading = (name: string) => said.find((each): each is Reading => each.type === 'reading' && each.name === name);
  return { said, reading };
}

describe('change.trend on simulated cycles of a cell', () => {
  it.each([
    ['spectrum', 1, 15, 8],
    ['spectrum', 3, 15, 5],
    ['reading', 1, 80, 9],
    ['reading', 3, 80, 5],
  ] as const)('finds both turns of a %s at %d standard deviations per frame', (data, speed, runs, most) => {
    const { found, median, falseTurns, coverage } = delays(data, speed, runs, 21);
    expect(found).toBeGreaterThan(0.97);
    expect(median).toBeLessThan(most);
    expect(falseTurns).toBe(0);
    expect(coverage).toBeGreaterThan(0.88);
  });

  it.each([
    ['spectrum', 0, 4_000],
    ['spectrum', 1, 2_000],
    ['reading', 0, 40_000],
    ['reading', 1, 20_000],
  ] as const)('turns by chance no more often than it says: %s, speed %d', (data, speed, frames) => {
    const { nominal, alarms } = runLength(data, speed, frames, 31);
    const expected = frames / nominal;
    expect(alarms).toBeLessThan(expected + 2 * Math.sqrt(expected));
  });
});

describe('change.trend', () => {
  it('names a turning point, when it was, and the new direction', () => {
    const [up] = turnsFound(readings(60, tent(40, 2)), { reading: 'edge' }) as [Detection];
    expect(up).toMatchObject({ template: 'turning point', sign: -1, detector: 'trend' });
    expect(up.onsetUs).toBeGreaterThan(1.7e15 + 36 * PERIOD_US);
    expect(up.onsetUs).toBeLessThan(1.7e15 + 43 * PERIOD_US);
    const [down] = turnsFound(
      readings(60, (k) => -tent(40, 2)(k)),
      { reading: 'edge' },
    );
    expect(down!.sign).toBe(1);
  });

  it('can turn again, and a spectrum then goes the first way', () => {
    const course = (k: number) => 2 * (k < 30 ? k : k < 55 ? 60 - k : k - 50);
    expect(turnsFound(spectra(80, course), {}).map(({ sign }) => sign)).toEqual([-1, 1]);
  });

  it.each([
    ['stops', (k: number) => 2 * Math.min(k, 30)],
    ['halves its speed', (k: number) => (k < 30 ? 2 * k : 30 + k)],
    ['jumps ahead', (k: number) => 2 * k + (k > 30 ? 60 : 0)],
    ['jumps back and goes on', (k: number) => 2 * k - (k > 30 ? 60 : 0)],
    ['rests and goes on', (k: number) => 2 * (k < 30 ? k : Math.max(30, k - 15))],
  ])('says nothing of an evolution that %s', (_, course) => {
    let false1 = 0;
    for (let seed = 1; seed <= 10; seed++) {
      false1 += turnsFound(spectra(60, course, seed), {}).length;
      false1 += turnsFound(readings(60, course, seed), { reading: 'edge' }).length;
    }
    expect(false1).toBeLessThanOrEqual(1);
  });

  it('reads speed with its error, and the way back to where it began', () => {
    const { reading } = lastOf(readings(80, tent(40, 2)), { reading: 'edge' });
    const { value, standardError = 0, unit } = reading('speed')!;
    expect(unit).toBe('eV/s');
    expect(Math.abs(value + 2 / 60)).toBeLessThan(4 * standardError);
    expect(Math.abs(reading('progress')!.value)).toBeLessThan(25);
    const stopped = lastOf(
      spectra(80, (k) => 3 * Math.min(k, 40)),
      {},
    ).reading('speed')!;
    expect(Math.abs(stopped.value)).toBeLessThan(4 * stopped.standardError!);
    expect(
      lastOf(
        spectra(40, (k) => 3 * k),
        {},
      ).reading('speed')!.value,
    ).toBeGreaterThan(0);
  });

  it('finds the turn of counts, at exposures that differ, and of noise it must learn or estimate', () => {
    const given = spectra(60, tent(40, 3));
    const bright = spectra(60, tent(40, 20));
    const layout = (noise: 'poisson' | 'unknown') => ({ ...given[0]!.layout, noise });
    const counts = layout('poisson');
    const exposed = bright.map((frame, k) => {
      const exposure = k % 2 === 0 ? 1 : 0.5;
      const values = frame.values.map((value) => Math.max(0, Math.round(exposure * (value + 100))));
      return makeFrame({ ...frame, layout: counts, values, variances: undefined, exposureUs: exposure * 6e6 });
    });
    expect(turnsFound(exposed, { memory: 32 })).toHaveLength(1);
    const unknown = layout('unknown');
    const scaled = given.map((frame) => makeFrame({ ...frame, layout: unknown, variances: undefined }));
    for (const noise of ['learned', 'estimated'] as const) expect(turnsFound(scaled, { noise })).toHaveLength(1);
  });

  it('is not disturbed by masked channels that change, by empty frames and by frames that are masked throughout', () => {
    const disturbed = spectra(60, tent(40, 3)).map((frame, k) => {
      const mask = frame.values.map((_, i) => (k % 9 === 4 || i === k % 48 ? 1 : 0));
      const values = frame.values.map((value, i) => (k % 11 === 7 ? 0 : mask[i] === 1 ? 1e6 : value));
      return makeFrame({ ...frame, values, mask: Uint8Array.from(mask) });
    });
    const found = turnsFound(disturbed, {});
    expect(found).toHaveLength(1);
    expect(found[0]!.onsetUs).toBeGreaterThan(1.7e15 + 36 * PERIOD_US);
  });

  it('tells how much it has learned before its first word', () => {
    const { said } = lastOf(
      spectra(6, (k) => k),
      { learn: 12 },
    );
    expect(said).toMatchObject([{ type: 'reading', name: 'learning', value: 0.5 }]);
  });

  it('refuses fewer channels than it must ignore', () => {
    const [frame] = spectra(1, () => 0);
    const coordinates = Float64Array.of(1);
    const layout = { ...frame!.layout, size: 1, axes: [{ ...frame!.layout.axes[0]!, coordinates }] };
    const single = makeFrame({ ...frame!, layout, values: Float64Array.of(5), variances: Float64Array.of(1) });
    expect(() => trend.create('trend', {}).process(single, () => undefined)).toThrow(/watch a reading instead/);
  });

  it('names its run length', () => {
    const surroundings = { threshold: undefined, falseAlarms: { onePer: { frames: 3000 } }, memory: 24 };
    const config = trend.config.parse(surroundings);
    expect(trend.averageRunLength?.(config, null)).toBe(3000);
    expect(trend.averageRunLength?.({ ...config, threshold: 10 }, null)).toBeGreaterThan(1000);
  });
});
