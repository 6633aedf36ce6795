import { describe, expect, it } from 'vitest';
import { fitPeaks } from '../../../src/kernel/peaks/fitPeaks.ts';
import { pseudoVoigt } from '../../../src/kernel/peaks/lineshapes.ts';
import { createPeakFit } from '../../../src/kernel/peaks/peakFit.ts';
import { parameter } from '../../../src/kernel/peaks/peakModel.ts';
import {
  fittedAmplitude,
  fittedPosition,
  fittedWidth,
  type FittedValue,
} from '../../../src/kernel/peaks/peakReport.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const SPECTRA = 2000;
const n = 120;
const x = Float64Array.from({ length: n }, (_, i) => i);

/** Two overlapping peaks of one width and mixing on a constant. */
const fit = createPeakFit(
  {
    parameters: [
      { name: 'c1', start: 50, low: 40, high: 58 },
      { name: 'c2', start: 68, low: 60, high: 80 },
      { name: 'width', start: 10, low: 3, high: 40 },
      { name: 'mixing', start: 0.5, low: -1, high: 2 },
    ],
    components: [
      ...[0, 1].map((centre) => ({
        name: `${centre}`,
        low: 0,
        high: Infinity,
        lines: [
          { shape: 'pseudoVoigt', weight: 1, parameters: [parameter(centre), parameter(2), parameter(3)] },
        ] as const,
      })),
      { name: 'background', low: 0, high: Infinity, lines: [], background: { power: 0, origin: 0, span: 1 } },
    ],
  },
  x,
);

describe.each([
  ['many counts', 1],
  ['a few counts per channel', 0.15],
])('95 %% intervals of a Poisson fit to %s', (_, scale) => {
  it('cover area, position and width between 93 and 97 %', () => {
    const random = seedXoshiro128(11, 0);
    const truth = { area: 6000 * scale, position: 50.4, width: 9, second: 3500 * scale };
    const mean = x.map(
      (i) =>
        40 * scale +
        truth.area * pseudoVoigt(i, truth.position, truth.width, 0.4) +
        truth.second * pseudoVoigt(i, 67, truth.width, 0.4),
    );
    const y = new Float64Array(n);
    const hits = { area: 0, position: 0, width: 0, second: 0 };
    const covers = ({ value, standardError }: FittedValue, wanted: number): number =>
      Math.abs(value - wanted) <= 1.96 * standardError ? 1 : 0;
    for (let k = 0; k < SPECTRA; k++) {
      for (let i = 0; i < n; i++) y[i] = nextPoisson(random, mean[i]!);
      const { converged } = fitPeaks(fit, y, { variances: null, warm: k > 0, tolerance: 1e-4 });
      expect(converged, `spectrum ${k}`).toBe(true);
      hits.area += covers(fittedAmplitude(fit, 0), truth.area);
      hits.second += covers(fittedAmplitude(fit, 1), truth.second);
      hits.position += covers(fittedPosition(fit, 0), truth.position);
      hits.width += covers(fittedWidth(fit, 0), truth.width);
    }
    for (const [name, count] of Object.entries(hits)) {
      expect(count / SPECTRA, name).toBeGreaterThan(0.93);
      expect(count / SPECTRA, name).toBeLessThan(0.97);
    }
  });
});
