import { describe, expect, it } from 'vitest';
import { fitAxisPolynomial } from '../../src/kernel/calibration/axisPolynomial.ts';
import { fitPowderAxis } from '../../src/kernel/calibration/powderAxis.ts';
import { goldenCases, itAgrees, numbersOf, ofKind, type GoldenCase } from './goldenCases.ts';

/** What the project computes for a case, under the names of the file. */
function compute({ inputs, params }: GoldenCase): Readonly<Record<string, unknown>> {
  if ('observed_2theta' in inputs) {
    const positions = numbersOf(inputs['observed_2theta']);
    const references = numbersOf(inputs['reference_2theta']);
    const errors = inputs['sigma_deg'] === undefined ? undefined : numbersOf(inputs['sigma_deg']);
    const radius = Number(params['goniometerRadius_mm'] ?? 200);
    const fit = fitPowderAxis({ positions, references, errors }, { radius });
    return {
      zero_deg: fit.zero,
      displacement_mm: fit.displacement,
      covariance: [
        [fit.covariance[0], fit.covariance[1]],
        [fit.covariance[2], fit.covariance[3]],
      ],
      correctedRms_deg: Math.hypot(...fit.residuals) / Math.sqrt(references.length),
    };
  }
  const positions = numbersOf(inputs['position']);
  const references = numbersOf(inputs['reference']);
  const fit = fitAxisPolynomial({ positions, references }, Number(params['degree'] ?? 0));
  return { coefficients: fit.coefficients, residual: fit.residuals, offset: fit.coefficients[0] };
}

const cases = goldenCases('axis_calibration');

describe('axis calibration agrees with numpy 1.24.2', () => {
  itAgrees(cases, compute);

  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      expect(() => compute(golden)).toThrow(
        expect.objectContaining({ reason: golden.required!.throws }) as unknown as Error,
      );
    });
});
