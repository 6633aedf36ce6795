import { describe, expect, it } from 'vitest';
import { DAMAGE, DOSE } from '../../src/model/doseReading.ts';
import type { Reading } from '../../src/model/signal.ts';
import { MAX_POINTS } from '../../src/server/damageBook.ts';
import { createDoseView, type DoseView } from '../../src/server/doseView.ts';
import { readingOf } from './fixtures.ts';

function viewOf(): {
  view: DoseView;
  say: (stage: string, seq: number, values: Record<string, number>, more?: Partial<Reading>) => void;
} {
  const view = createDoseView({
    dose: 'dose',
    damage: 'response',
    agreement: 'channels',
    exposure: 'exposure',
    milestones: [0.5, 0.8],
    tolerance: 0.05,
  });
  return {
    view,
    say(stage, seq, values, more = {}) {
      for (const [name, value] of Object.entries(values)) view.read({ ...readingOf(stage, name, value, seq), ...more });
    },
  };
}

describe('the account of dose', () => {
  it('is nothing before it was told of', () => {
    expect(viewOf().view.message()).toEqual({
      type: 'dose',
      account: null,
      agreement: null,
      damage: null,
      exposure: null,
      floors: [],
    });
  });

  it('tells spent, limits, what is left of budget, frames and beam time, and which account it is', () => {
    const { view, say } = viewOf();
    say('dose', 4, {
      [DOSE.spent]: 12,
      [DOSE.fraction]: 0.4,
      [DOSE.rate]: 2,
      [DOSE.rateFraction]: 0.5,
      [DOSE.exhausted]: 9,
      [DOSE.framesLeft]: 90,
      [DOSE.timeFraction]: 0.1,
      [DOSE.ofSample]: 30,
      [DOSE.generation]: 77,
    });
    const { account } = view.message();
    expect(account).toEqual({
      spent: 12,
      unit: '1',
      isKnown: true,
      rate: 2,
      rateBefore: 2,
      rateUnit: '1',
      rateLimit: 4,
      limit: 30,
      exhaustedSeconds: 9,
      framesLeft: 90,
      timeFraction: 0.1,
      ofSample: 30,
      generationUs: 77,
      milestones: [0.5, 0.8],
    });
  });

  it('forgets what the newest frame does not say any more, keeps limits, and remembers the rate of before', () => {
    const { view, say } = viewOf();
    say('dose', 0, { dose: 12, doseFraction: 0.4, doseRate: 2, doseRateFraction: 0.5, doseExhausted: 9 });
    say('dose', 1, { dose: 12, doseFraction: 0, doseRate: 0, doseRateFraction: 0 });
    expect(view.message().account).toMatchObject({
      rate: 0,
      rateBefore: 2,
      rateLimit: 4,
      limit: 30,
      exhaustedSeconds: null,
    });
  });

  it('shows a dose charged for want of knowledge, and says that it is one', () => {
    const { view, say } = viewOf();
    say('dose', 0, { dose: 12 });
    say('dose', 1, { dose: 20 }, { quality: 'invalid' });
    expect(view.message().account).toMatchObject({ spent: 20, isKnown: false });
  });

  it('is of the chosen stage alone, and never of what is not finite', () => {
    const { view, say } = viewOf();
    const before = view.version;
    say('other', 0, { dose: 99 });
    expect(view.version).toBe(before);
    say('dose', 0, { dose: 12 });
    say('dose', 1, { dose: Number.NaN });
    expect(view.message().account?.spent).toBe(12);
  });
});

describe('the damage', () => {
  const damageAt = (say: ReturnType<typeof viewOf>['say'], seq: number, generation = 1) => {
    say('dose', seq, { dose: 10 * (seq + 1), doseGeneration: generation });
    const value = 0.001 * seq;
    say('response', seq, { damage: value, damageLow: value - 1, damageHigh: value + 1, damageZ: 12 });
  };

  it('is told with its interval, tolerance and certifiability', () => {
    const { view, say } = viewOf();
    damageAt(say, 3);
    say('response', 3, {
      [DAMAGE.over]: 0.01,
      [DAMAGE.overNext]: 0.02,
      [DAMAGE.reach]: 90,
      [DAMAGE.reachLow]: 80,
      [DAMAGE.reachHigh]: 120,
      [DAMAGE.countsNeeded]: 0.13,
    });
    expect(view.message().damage).toEqual({
      value: 0.003,
      isKnown: true,
      low: -0.997,
      high: 1.003,
      tolerance: 0.05,
      over: 0.01,
      overNext: 0.02,
      reach: 90,
      reachLow: 80,
      reachHigh: 120,
      z: 12,
      countsNeeded: 0.13,
      curve: [[40, 0.003, -0.997, 1.003]],
    });
  });

  it('has a curve of at most 200 points that ends at the newest and begins at the first, however long the run', () => {
    const { view, say } = viewOf();
    const longest = [];
    for (let seq = 0; seq < 5000; seq++) {
      damageAt(say, seq);
      if (seq % 37 === 0) longest.push(view.message().damage?.curve.length ?? 0);
    }
    const curve = view.message().damage?.curve ?? [];
    expect(Math.max(...longest)).toBeLessThanOrEqual(MAX_POINTS);
    expect(curve.length).toBeGreaterThan(MAX_POINTS / 2);
    expect(curve[0]).toEqual([10, 0, -1, 1]);
    expect(curve.at(-1)?.slice(0, 2)).toEqual([50_000, 4.999]);
    const doses = curve.map(([dose]) => dose);
    expect(doses).toEqual([...doses].sort((a, b) => a - b));
  });

  it('has a new curve with a new account: its dose begins at nothing', () => {
    const { view, say } = viewOf();
    for (let seq = 0; seq < 10; seq++) damageAt(say, seq);
    damageAt(say, 10, 2);
    damageAt(say, 11, 2);
    expect(view.message().damage?.curve.map(([dose]) => dose)).toEqual([110, 120]);
  });

  it('says when it cannot be estimated any more, and keeps what was', () => {
    const { view, say } = viewOf();
    damageAt(say, 0);
    say('response', 1, { damage: 0.5 }, { quality: 'invalid' });
    expect(view.message().damage).toMatchObject({ value: 0, isKnown: false });
    expect(view.message().damage?.curve).toHaveLength(1);
    damageAt(say, 2);
    expect(view.message().damage).toMatchObject({ value: 0.002, isKnown: true });
  });
});

describe('what stands beside dose and damage', () => {
  it('is the second channel: no ratio while it is learned', () => {
    const { view, say } = viewOf();
    say('channels', 0, { doseCharged: 12 });
    expect(view.message().agreement).toEqual({ ratio: null, charged: 12 });
    say('channels', 1, { doseRatio: 0.98 });
    expect(view.message().agreement?.ratio).toBe(0.98);
    say('channels', 2, { doseRatio: 0 }, { quality: 'invalid' });
    expect(view.message().agreement?.ratio).toBeNull();
  });

  it('is the exposure that is advised and the dose it saved', () => {
    const { view, say } = viewOf();
    say('exposure', 0, { exposureAdvice: 0.05, exposureState: 0 });
    expect(view.message().exposure).toEqual({ advice: 0.05, state: 0, saving: null });
    say('exposure', 1, { doseSaving: 0.67 });
    expect(view.message().exposure?.saving).toBe(0.67);
  });

  it('are the floors by region, gains apart from losses, fewest frames first', () => {
    const { view, say } = viewOf();
    const oxide = { region: [20, 28] as const };
    say('floor', 0, { 'floor.64.oxide': 0.03, 'floor.8.oxide': 0.09, 'floorLoss.8.oxide': 0.08 }, oxide);
    say('floor', 0, { 'floor.8.metal': 0.2 }, { region: [30, 35] });
    say('floor', 0, { flooring: 1, 'floor.x': 1 });
    const steps = [
      { frames: 8, change: 0.09 },
      { frames: 64, change: 0.03 },
    ];
    const oxideView = { stage: 'floor', name: 'oxide', isLoss: false, region: [20, 28] };
    expect(view.message().floors).toEqual([
      { ...oxideView, steps },
      { ...oxideView, isLoss: true, steps: [{ frames: 8, change: 0.08 }] },
      { ...oxideView, name: 'metal', region: [30, 35], steps: [{ frames: 8, change: 0.2 }] },
    ]);
    say('floor', 1, { 'floor.8.metal': 0 }, { region: [30, 35], quality: 'invalid' });
    expect(view.message().floors[2]?.steps).toEqual([]);
  });
});
