import { describe, expect, it } from 'vitest';
import {
  emptyPowerLaw,
  powerLawCurve,
  powerLawVariances,
  type PowerLaw,
  type PowerLawWindow,
} from '../../src/kernel/background/powerLaw.ts';
import { powerLawLeastSquares } from '../../src/kernel/background/powerLawLeastSquares.ts';
import { powerLawLogLog } from '../../src/kernel/background/powerLawLogLog.ts';
import { powerLawTwoArea } from '../../src/kernel/background/powerLawTwoArea.ts';
import { powerLawWindow } from '../../src/kernel/background/powerLawWindow.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

function windowOf({ inputs, params }: GoldenCase, length: number): PowerLawWindow {
  const offset = inputs['energyOffset_eV'] as number;
  const step = inputs['energyStep_eV'] as number;
  const channels = params['channels'] as [number, number] | undefined;
  return channels === undefined
    ? powerLawWindow({ offset, step, length }, params['window_eV'] as [number, number])
    : { offset, step, first: channels[0], end: channels[1] };
}

function run(golden: GoldenCase) {
  const counts = numbers(golden.inputs['y']);
  const window = windowOf(golden, counts.length);
  const method = golden.params['method'] as string;
  const fit = emptyPowerLaw();
  if (method === 'two-area') powerLawTwoArea(counts, window, null, fit);
  else if (method.startsWith('weighted log-log')) powerLawLogLog(counts, window, null, fit);
  else powerLawLeastSquares(counts, { ...window, weights: 'data' }, null, fit);
  const logEnergies = counts.map((_, i) => Math.log(window.offset + i * window.step));
  const background = powerLawCurve(fit, logEnergies, new Float64Array(counts.length));
  const variances = powerLawVariances(fit, logEnergies, background, new Float64Array(counts.length));
  return { counts, window, fit, background, backgroundSigma: variances.map(Math.sqrt) };
}

const chiSquare = (counts: Float64Array, background: ArrayLike<number>, { first, end }: PowerLawWindow): number =>
  counts.subarray(first, end).reduce((sum, y, k) => sum + (y - background[first + k]!) ** 2 / Math.max(y, 1), 0);

interface SigmaCase {
  readonly fit: PowerLaw;
  readonly window: PowerLawWindow;
  readonly background: Float64Array;
  readonly rtol: number;
}

/** The peer differentiates by differences: its variances err by some 1e-8 of the terms they are what is left of (ADR 0020). */
function expectSigma(got: Float64Array, want: Float64Array, { fit, window, background, rtol }: SigmaCase): void {
  for (let i = 0; i < want.length; i++) {
    const l = Math.log(window.offset + i * window.step);
    const terms = background[i]! ** 2 * (fit.varianceLnA + 2 * Math.abs(l * fit.covariance) + l * l * fit.varianceR);
    const allowed = 2 * rtol * want[i]! ** 2 + 2e-8 * terms;
    if (!(Math.abs(got[i]! ** 2 - want[i]! ** 2) <= allowed))
      expect.fail(`sigma of channel ${i}: got ${got[i]}, expected ${want[i]}`);
  }
}

const covarianceOf = ({ varianceLnA, covariance, varianceR }: PowerLaw) => [
  varianceLnA,
  covariance,
  covariance,
  varianceR,
];

const cases = goldenCases('eels_powerlaw');

describe('the power law agrees with hyperspy 1.7.3 (two areas), its equations (log-log) and scipy (least squares)', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { counts, window, fit, background, backgroundSigma } = run(golden);
      const { expected, tolerance } = golden;
      expect(fit.converged).toBe(true);
      expectClose([Math.exp(fit.lnA), fit.r], [expected['A'], expected['r']], tolerance);
      if ('background' in expected) expectClose(background, expected['background'], tolerance);
      if ('net' in expected)
        expectClose(
          counts.map((y, i) => y - background[i]!),
          expected['net'],
          // A difference of the curve that was compared above.
          { rtol: 0, atol: 2e-8 * Math.max(...background) },
        );
      if ('backgroundSigma' in expected) {
        expectSigma(backgroundSigma, numbers(expected['backgroundSigma']), { fit, window, background, ...tolerance });
        expectClose(covarianceOf(fit), (expected['covariance_lnA_r'] as number[][]).flat(), tolerance);
        const best = chiSquare(counts, numbers(expected['background']), window);
        expect(chiSquare(counts, background, window)).toBeLessThanOrEqual(best * (1 + 1e-8));
      }
      if ('channelIndices' in expected) {
        const { i1, i2 } = expected['channelIndices'] as Record<string, number>;
        expect([window.first, window.end - ((window.end - window.first) % 2)]).toEqual([i1, i2]);
      }
      if ('background_at_edge' in expected) {
        const edge = expected['background_at_edge'] as number;
        const at = background.findIndex((value) => Math.abs(value / edge - 1) < tolerance.rtol);
        expect(at).toBeGreaterThanOrEqual(window.end);
      }
    });
});

describe('the power law meets what has none', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns_finite: finite, throws_or_flags: either } = golden.required;
      if (finite === true) {
        const { fit, background } = run(golden);
        const { lnA, r } = fit;
        expect([lnA, r, ...covarianceOf(fit), ...background].every(Number.isFinite)).toBe(true);
        const [a, exponent] = golden.peer_outcome!.returned as [number, number];
        expectClose([Math.exp(lnA), r], [a, exponent], { rtol: 1e-6, atol: 1e-9 });
        return;
      }
      const reason = throws ?? (either as string).split(';')[0];
      expect(() => run(golden)).toThrow(expect.objectContaining({ reason }) as Error);
    });
});
