import { describe, expect, it } from 'vitest';
import { fitFrame, layAll } from '../../../../src/kernel/change/templateFrame.ts';
import { addScores } from '../../../../src/kernel/change/templateScores.ts';
import { fillPoisson } from '../../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../../src/kernel/random/xoshiro128.ts';
import { createTemplateState } from '../../../../src/kernel/change/templateMonitor.ts';
import { giveTemplateReference } from '../../../../src/kernel/change/templateStart.ts';
import { SIZE, usualMeans } from '../../../support/templateSpectra.ts';
import { directionOf, DRIFTED, monitorOf } from './monitorOf.ts';

const sumOf = (f: (i: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < SIZE; i++) sum += f(i);
  return sum;
};

describe('a direction', () => {
  it.each(DRIFTED)('says nothing of any spectrum in the span of gain, shift, slope and broadening (%o)', (drift) => {
    // Known exactly: the noise of a learned reference is another matter, below.
    const { state, work } = monitorOf({}, 1e15);
    Object.assign(state.used, drift);
    layAll(state, work);
    const spans = work.reference.directions;
    for (let j = 0; j < work.bank.count; j++) {
      const d = directionOf(work, j);
      for (const u of spans) {
        const all = sumOf((i) => Math.abs(d[i]! * u[i]!));
        expect(Math.abs(sumOf((i) => d[i]! * u[i]!)) / all, `template ${j}`).toBeLessThan(1e-9);
      }
      // Amounts do not matter: 40 % more gain, all drifts at once.
      const mean = (i: number) => spans[0]![i]! * 1.4 + spans[1]![i]! * 0.2 - spans[2]![i]! * 0.3 + spans[3]![i]! * 0.1;
      expect(Math.abs(sumOf((i) => d[i]! * mean(i)))).toBeLessThan(1e-9);
    }
  });

  it('says nothing of the truth on the average over the references that may be learned from few frames', () => {
    const frames = 30;
    const runs = 300;
    const truth = usualMeans();
    const random = seedXoshiro128(5, 0);
    const { work } = monitorOf();
    const T = work.bank.count;
    const sum = new Float64Array(T);
    const square = new Float64Array(T);
    for (let run = 0; run < runs; run++) {
      const state = createTemplateState(work);
      const learned = fillPoisson(
        random,
        truth.map((mean) => mean * frames),
        new Float64Array(SIZE),
      );
      giveTemplateReference(state, work, { frames, sum: learned, sumOfSquares: learned });
      work.hasReference = false;
      layAll(state, work);
      fitFrame(work, truth, undefined);
      addScores(state.sums, 1, work, work.clean);
      for (let j = 0; j < T; j++) {
        sum[j]! += state.sums.sums[j]! / runs;
        square[j]! += state.sums.sums[j]! ** 2 / runs;
      }
    }
    for (let j = 0; j < T; j++)
      expect(Math.abs(sum[j]!), `template ${j}`).toBeLessThan(4.5 * Math.sqrt(square[j]! / runs) + 1e-12);
  });

  it.each(DRIFTED)('has variance 1 in a reference frame, and the skewness it states (%o)', (drift) => {
    const { state, work } = monitorOf();
    Object.assign(state.used, drift);
    layAll(state, work);
    const { variances, directions } = work;
    for (let j = 0; j < work.bank.count; j++) {
      const d = directionOf(work, j);
      expect(sumOf((i) => d[i]! ** 2 * variances[i]!)).toBeCloseTo(1, 9);
      expect(directions.skewness[j]).toBeCloseTo(
        sumOf((i) => d[i]! ** 3 * variances[i]!),
        9,
      );
    }
  });

  it('has scores in drawn counts that scatter as stated, whatever gain and shift lie under them', () => {
    const { state, work } = monitorOf();
    layAll(state, work);
    const spans = work.reference.directions;
    const random = seedXoshiro128(3, 0);
    const gain = 1.3;
    const means = Float64Array.from(
      { length: SIZE },
      (_, i) => gain * (spans[0]![i]! + 0.1 * spans[1]![i]! + 0.2 * spans[2]![i]!),
    );
    const T = work.bank.count;
    const [sum, square] = [new Float64Array(T), new Float64Array(T)];
    const runs = 3000;
    for (let run = 0; run < runs; run++) {
      state.sums.sums.fill(0);
      fitFrame(work, fillPoisson(random, means, new Float64Array(SIZE)), undefined);
      addScores(state.sums, 1, work, work.clean);
      for (let j = 0; j < T; j++) {
        sum[j]! += state.sums.sums[j]! / runs;
        square[j]! += state.sums.sums[j]! ** 2 / runs;
      }
    }
    // 4.5 standard deviations: one of 100 templates beyond has a chance of a thousandth.
    for (let j = 0; j < T; j++) expect(Math.abs(sum[j]!)).toBeLessThan(4.5 * Math.sqrt(gain / runs));
    const mean = square.reduce((a, b) => a + b) / T;
    expect(mean / gain).toBeGreaterThan(0.95);
    expect(mean / gain).toBeLessThan(1.05);
  });

  it('sees the change it is made for, and most of all templates the one at that place', () => {
    const { state, work } = monitorOf();
    layAll(state, work);
    const { bank } = work;
    for (const place of [10, 40, 75, 120]) {
      const peak = (i: number) => Math.exp(-((i - place) ** 2) / (2 * 2.2 ** 2));
      const said = Array.from({ length: bank.count }, (_, j) => {
        const d = directionOf(work, j);
        return sumOf((i) => d[i]! * peak(i));
      });
      const best = said.indexOf(Math.max(...said));
      expect(Math.abs(bank.centres[best]! - place)).toBeLessThan(1.5);
    }
  });

  it('is left out, with infinite doubt, when drift alone explains it', () => {
    const { work, state } = monitorOf({
      contrast: false,
      // A line as broad as a hundred axes is a gain of the flat background.
      sets: [{ name: 'everywhere', positions: [64], fwhm: 1e5 }],
      drifts: ['shift', 'slope', 'broadening', 'offset'],
    });
    layAll(state, work);
    const last = work.bank.count - 1;
    expect(work.directions.doubt[last]).toBe(Infinity);
    expect(directionOf(work, last).every((value) => value === 0)).toBe(true);
    expect(work.directions.doubt[0]).toBeLessThan(1);
  });
});
