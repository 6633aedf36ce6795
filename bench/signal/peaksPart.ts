import { zeroLossCentre } from '../../src/kernel/calibration/zeroLoss.ts';
import { createZeroLossWork } from '../../src/kernel/calibration/zeroLossWork.ts';
import { fitPeaks } from '../../src/kernel/peaks/fitPeaks.ts';
import { gaussian, pseudoVoigt } from '../../src/kernel/peaks/lineshapes.ts';
import { createPeakFit } from '../../src/kernel/peaks/peakFit.ts';
import { parameter, type PeakModel } from '../../src/kernel/peaks/peakModel.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { rate } from './rate.ts';

const CHANNELS = 2048;
const SPECTRA = 20;
const TIMES = { warmMs: 200, blockMs: 3, blocks: 30 };
/** As the stage asks. */
const TOLERANCE = 1e-4;

/** Two pseudo-Voigts of one width and mixing on a straight line: four parameters, four amplitudes. */
const MODEL: PeakModel = {
  parameters: [
    { name: 'c1', start: 900, low: 850, high: 950 },
    { name: 'c2', start: 1000, low: 950, high: 1050 },
    { name: 'width', start: 40, low: 10, high: 100 },
    { name: 'mixing', start: 0.4, low: 0, high: 1 },
  ],
  components: [
    ...[0, 1].map((centre) => ({
      name: `peak ${centre}`,
      low: 0,
      high: Infinity,
      lines: [
        { shape: 'pseudoVoigt', weight: 1, parameters: [parameter(centre), parameter(2), parameter(3)] },
      ] as const,
    })),
    ...[0, 1].map((power) => ({
      name: `background ${power}`,
      low: -Infinity,
      high: Infinity,
      lines: [],
      background: { power, origin: CHANNELS / 2, span: CHANNELS / 2 },
    })),
  ],
};

const measure = (data: readonly Float64Array[], work: (spectrum: Float64Array) => void) => rate(data, work, TIMES);

/** Speed of peak fits and of the zero loss on spectra of 2 048 channels. */
export function peaksPart(): Record<string, { spectraPerSecond: number }> {
  const random = seedXoshiro128(1, 0);
  const x = Float64Array.from({ length: CHANNELS }, (_, i) => i);
  const draw = (mean: (i: number) => number): Float64Array[] =>
    Array.from({ length: SPECTRA }, () => x.map((i) => nextPoisson(random, mean(i))));
  const peaks = draw(
    (i) => 100 + 0.01 * i + 20_000 * pseudoVoigt(i, 905, 45, 0.3) + 12_000 * pseudoVoigt(i, 1005, 45, 0.3),
  );
  const losses = draw((i) => 3 + 80_000 * gaussian(i, 200.3, 8));
  const fit = createPeakFit(MODEL, x);
  const variances = new Float64Array(CHANNELS);
  const ofData = (y: Float64Array): Float64Array => {
    for (let i = 0; i < CHANNELS; i++) variances[i] = Math.max(y[i]!, 1);
    return variances;
  };
  const work = createZeroLossWork(6);
  const out = { centre: NaN, standardError: NaN, channel: -1, isFlat: false, problem: null };
  return {
    'two peaks, shared width, warm, least squares': measure(peaks, (y) =>
      fitPeaks(fit, y, { variances: ofData(y), warm: true, tolerance: TOLERANCE }),
    ),
    'two peaks, shared width, warm, Poisson': measure(peaks, (y) =>
      fitPeaks(fit, y, { variances: null, warm: true, tolerance: TOLERANCE }),
    ),
    'two peaks, shared width, cold, least squares': measure(peaks, (y) =>
      fitPeaks(fit, y, { variances: ofData(y), tolerance: TOLERANCE }),
    ),
    'zero loss, Gaussian': measure(losses, (y) =>
      zeroLossCentre(y, { method: 'gaussian', x, first: 0, end: CHANNELS, work }, out),
    ),
  };
}
