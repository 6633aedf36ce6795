import { describe, expect, it } from 'vitest';
import { runFile, reportCell } from '../../../bench/dose/damagePart.ts';
import type { DoseFile, DoseStream } from '../../../bench/dose/doseStream.ts';
import { generateDose, SCENARIOS } from '../../../bench/dose/generateDose.ts';
import { addStream, emptySums, sharesOf } from '../../../bench/dose/scoreDose.ts';

describe('generated dose streams', () => {
  it('are the same for the same plan, and pass the tolerance where they say', () => {
    for (const scenario of SCENARIOS) {
      const plan = { scenario, mode: 'indicator', counts: 1000, streams: 3, seed: 1 } as const;
      const { file } = generateDose(plan);
      expect(generateDose(plan).file).toEqual(file);
      for (const { dose_per_frame: doses, truth } of file.streams) {
        if (truth.dose_at_tolerance === null) {
          expect(Math.max(...truth.f_end)).toBeLessThanOrEqual(0.05);
          continue;
        }
        let spent = 0;
        doses.forEach((dose, t) => {
          spent += dose;
          if (spent < truth.dose_at_tolerance! * (1 - 1e-9)) expect(truth.f_end[t]).toBeLessThanOrEqual(0.05);
          if (spent > truth.dose_at_tolerance! * (1 + 1e-9)) expect(truth.f_end[t]).toBeGreaterThanOrEqual(0.05);
        });
      }
    }
  });
});

describe('the score of a dose stream', () => {
  const stream: DoseStream = {
    id: 'a',
    counts_per_frame: 1,
    dose_per_frame: [1, 1, 1, 1],
    truth: { f_end: [0.02, 0.04, 0.055, 0.07], dose_at_tolerance: 2.7 },
  };
  const file = { tolerance: 0.05, scenario: 'onset' } as DoseFile;
  const said = new Float64Array(5).fill(NaN);
  const run = {
    stops: [],
    frames: 4,
    low: said,
    high: said,
    reachLow: said,
    reachHigh: said,
    characteristicLow: said,
    characteristicHigh: said,
  };
  const score = (stop: number) => {
    const sums = emptySums();
    addStream(sums, file, stream, run, stop);
    return sharesOf(sums);
  };
  it('is the dose used over the dose up to the last edge within the tolerance', () => {
    expect(score(1)).toMatchObject({ over: 0, over20: 0, efficiency: 0.5 });
    expect(score(2)).toMatchObject({ over: 0, efficiency: 1 });
  });
  it('counts what is over, by a fifth too, and never more than all', () => {
    expect(score(3)).toMatchObject({ over: 1, over20: 0, efficiency: 1 });
    expect(score(4)).toMatchObject({ over: 1, over20: 1, efficiency: 1 });
    expect(score(0)).toMatchObject({ over: 0, efficiency: 0 });
  });
  it('asks the stage before every frame: bright exponential streams end just before the tolerance', () => {
    const { file: bright } = generateDose({ scenario: 'exp', mode: 'indicator', counts: 1e6, streams: 6, seed: 3 });
    const { d02, d05, d10 } = reportCell('exp', 1e6, runFile(bright, { kinetics: 'exponential' }).get(1e6)!);
    expect(d05.efficiency).toBeGreaterThan(0.92);
    expect(d02.efficiency).toBeLessThanOrEqual(d05.efficiency);
    expect(d05.efficiency).toBeLessThanOrEqual(d10.efficiency);
    expect(d05.over20).toBe(0);
  });
});
