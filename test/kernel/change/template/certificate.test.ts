import { describe, expect, it } from 'vitest';
import { layAll } from '../../../../src/kernel/change/templateFrame.ts';
import { createCertificateState, updateCertificate } from '../../../../src/kernel/change/templateWealth.ts';
import { countFrames } from '../../../support/templateSpectra.ts';
import { DRIFTED, monitorOf } from './monitorOf.ts';

describe('the certificate', () => {
  it.each(DRIFTED)('bets at factors of expectation 1 for every Poisson mean in the span (laid for %o)', (drift) => {
    const { state, work } = monitorOf();
    Object.assign(state.used, drift);
    layAll(state, work);
    const { certificate, reference } = work;
    const { bins, edges, bets, logs } = certificate;
    expect(bins).toBe(48);
    expect(bets).toBeGreaterThan(90);
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
    const { state, work } = monitorOf();
    layAll(state, work);
    const { certificate } = work;
    const { bins, bets, logs, edges } = certificate;
    const wealth = createCertificateState(certificate);
    const frames = countFrames(40);
    const said = frames.map(({ values }) => updateCertificate(wealth, certificate, values));
    // So many frames are judged at once, and so many starts begin with each.
    const together = said.findIndex((value) => value > -Infinity) + 1;
    expect(together).toBeGreaterThan(0);
    expect(frames.length % together).toBe(0);
    const factors = frames.map(({ values }) =>
      Array.from({ length: bets }, (_, j) => {
        let log = 0;
        for (let b = 0; b < bins; b++)
          for (let i = edges[b]!; i < edges[b + 1]!; i++) log += values[i]! * logs[j * bins + b]!;
        return log;
      }),
    );
    let expected = 0;
    for (let j = 0; j < bets; j++)
      for (let start = 0; start < frames.length; start += together)
        expected += together * Math.exp(factors.slice(start).reduce((sum, each) => sum + each[j]!, 0));
    expect(said.at(-1)).toBeCloseTo(Math.log(expected / bets), 9);
  });

  it('has a mean wealth that is the number of frames, on quiet data of another gain', () => {
    // A reference known so well that the weakest bets are small: their wealth scatters little enough to be averaged.
    const { state, work } = monitorOf({}, 10_000);
    layAll(state, work);
    const { certificate } = work;
    const { bets, bins, logs } = certificate;
    const sizes = Array.from({ length: bets }, (_, j) =>
      logs.slice(j * bins, (j + 1) * bins).reduce((sum, log) => sum + log * log, 0),
    );
    const weak = [...sizes].sort((a, b) => a - b)[bets >> 2]!;
    const brighter = { gain: 1.5 };
    let mean = 0;
    let square = 0;
    const runs = 300;
    for (let seed = 0; seed < runs; seed++) {
      const wealth = createCertificateState(certificate);
      for (const { values } of countFrames(24, () => brighter, { seed }))
        updateCertificate(wealth, certificate, values);
      const own = wealth.wealth.filter((_, j) => sizes[j]! <= weak);
      const average = own.reduce((a, b) => a + b) / own.length;
      mean += average / runs;
      square += (average * average) / runs;
    }
    const error = Math.sqrt((square - mean * mean) / runs);
    expect(error).toBeLessThan(2);
    expect(Math.abs(mean - 24)).toBeLessThan(4 * error);
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
