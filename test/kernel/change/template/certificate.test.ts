import { describe, expect, it } from 'vitest';
import { createCertificateState, updateCertificate } from '../../../../src/kernel/change/templateCertificate.ts';
import { layAll } from '../../../../src/kernel/change/templateFrame.ts';
import { countFrames } from '../../../support/templateSpectra.ts';
import { DRIFTED, monitorOf } from './monitorOf.ts';

describe('the certificate', () => {
  it.each(DRIFTED)('bets at factors of expectation 1 for every Poisson mean in the span (laid for %o)', (drift) => {
    const { state, work } = monitorOf();
    Object.assign(state.used, drift);
    layAll(state, work);
    const { certificate, reference } = work;
    const { bins, edges, bets, logs } = certificate;
    expect(bins).toBe(64);
    expect(bets).toBeGreaterThan(100);
    for (const [gain, ...amounts] of [
      [1, 0, 0, 0],
      [0.4, 0, 0, 0],
      [3, 0.3, 0.2, 0.1],
      [1, -0.2, 0.4, -0.2],
    ] as const) {
      const means = Float64Array.from({ length: bins }, (_, b) => {
        let mean = 0;
        for (let i = edges[b]!; i < edges[b + 1]!; i++) {
          mean += reference.directions[0]![i]!;
          amounts.forEach((amount, k) => (mean += amount * reference.directions[k + 1]![i]!));
        }
        return gain * mean;
      });
      expect(Math.min(...means)).toBeGreaterThan(0);
      for (let j = 0; j < bets; j++) {
        // E[prod (1 + a d)^y] = exp(sum lambda a d).
        let exponent = 0;
        let all = 0;
        for (let b = 0; b < bins; b++) {
          const part = means[b]! * Math.expm1(logs[j * bins + b]!);
          exponent += part;
          all += Math.abs(part);
        }
        expect(Math.abs(Math.exp(exponent) - 1), `bet ${j}`).toBeLessThan(1e-9 * Math.max(1, all));
      }
    }
  });

  it('sums the products over all starts', () => {
    const { state, work } = monitorOf({ memory: 50 });
    layAll(state, work);
    const { certificate } = work;
    const { bins, bets, logs, edges } = certificate;
    const wealth = createCertificateState(certificate);
    const frames = countFrames(20);
    let last = -Infinity;
    const factors = frames.map(({ values }) => {
      last = updateCertificate(wealth, certificate, values);
      return Array.from({ length: bets }, (_, j) => {
        let log = 0;
        for (let b = 0; b < bins; b++)
          for (let i = edges[b]!; i < edges[b + 1]!; i++) log += values[i]! * logs[j * bins + b]!;
        return log;
      });
    });
    // Four frames are judged at once: four starts begin with each.
    let expected = 0;
    for (let j = 0; j < bets; j++)
      for (let start = 0; start < frames.length; start += 4)
        expected += 4 * Math.exp(factors.slice(start).reduce((sum, each) => sum + each[j]!, 0));
    expect(last).toBeCloseTo(Math.log(expected / bets), 9);
  });

  it('has a mean wealth that is the number of frames, on quiet data of another gain', () => {
    const { state, work } = monitorOf();
    layAll(state, work);
    const { certificate } = work;
    // The weakest bets, whose wealth scatters little enough to be averaged: 400 runs of 40 frames.
    const brighter = { gain: 1.5 };
    let mean = 0;
    let square = 0;
    const runs = 400;
    for (let seed = 0; seed < runs; seed++) {
      const wealth = createCertificateState(certificate);
      for (const { values } of countFrames(40, () => brighter, { seed }))
        updateCertificate(wealth, certificate, values);
      let own = 0;
      for (let j = 0; j < certificate.bets; j += 3) own += wealth.wealth[j]! / (certificate.bets / 3);
      mean += own / runs;
      square += (own * own) / runs;
    }
    const error = Math.sqrt((square - mean * mean) / runs);
    expect(Math.abs(mean - 40)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(8);
  });

  it('grows under a new peak until it passes any threshold', () => {
    const { state, work } = monitorOf();
    layAll(state, work);
    const wealth = createCertificateState(work.certificate);
    let last = -Infinity;
    for (const { values } of countFrames(60, () => ({ extra: [[80, 5]] })))
      last = updateCertificate(wealth, work.certificate, values);
    expect(last).toBeGreaterThan(20);
  });

  it('is not there for values that are no counts, nor when it is not asked for', () => {
    for (const options of [{ noise: 'given' as const }, { noise: 'learned' as const }, { certified: false }]) {
      const { state, work } = monitorOf(options);
      layAll(state, work);
      const wealth = createCertificateState(work.certificate);
      expect(work.certificate.bins).toBe(0);
      expect(updateCertificate(wealth, work.certificate, new Float64Array(128))).toBe(-Infinity);
    }
  });
});
