import { cow, createCowWorkspace } from '../../src/kernel/alignment/cow.ts';
import { cowPositions } from '../../src/kernel/alignment/cowPositions.ts';
import { dtw } from '../../src/kernel/alignment/dtw.ts';
import { createDtwWorkspace } from '../../src/kernel/alignment/dtwWorkspace.ts';
import { warp } from '../../src/kernel/alignment/warp.ts';
import { anscombe } from '../../src/kernel/normalisation/anscombe.ts';
import { createAnscombeInverse, inverseAnscombe } from '../../src/kernel/normalisation/anscombeInverse.ts';
import { emsc } from '../../src/kernel/normalisation/emsc.ts';
import { createEmscModel } from '../../src/kernel/normalisation/emscModel.ts';
import { createEmscWorkspace } from '../../src/kernel/normalisation/emscWorkspace.ts';
import { snv } from '../../src/kernel/normalisation/snv.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { applyBanded } from '../../src/kernel/transfer/bandedMap.ts';
import { rate } from './rate.ts';

const CHANNELS = 2048;
const SPECTRA = 4;
const TIMES = { warmMs: 200, blockMs: 3, blocks: 100 };

/** Twenty peaks that drift by up to three channels, each by itself. */
const mean = (i: number, drift: number): number => {
  let sum = 60;
  for (let k = 0; k < 20; k++) sum += 800 * Math.exp(-(((i - 100 * k - 60 - drift * Math.sin(k / 3)) / 7) ** 2));
  return sum;
};

const measure = (data: readonly Float64Array[], work: (spectrum: Float64Array) => void) => rate(data, work, TIMES);

/** Speed of alignment, normalisation and transfer on spectra of 2 048 channels. */
export function alignmentPart(): Record<string, { spectraPerSecond: number }> {
  const random = seedXoshiro128(7, 1);
  const data = Array.from({ length: SPECTRA }, () =>
    Float64Array.from({ length: CHANNELS }, (_, i) => nextPoisson(random, mean(i, 3))),
  );
  const reference = Float64Array.from({ length: CHANNELS }, (_, i) => mean(i, 0));
  const axis = reference.map((_, i) => i);
  const out = new Float64Array(CHANNELS);
  const outVariances = new Float64Array(CHANNELS);
  const positions = new Float64Array(CHANNELS);
  const warping = createCowWorkspace(reference, { segmentPoints: 51, slack: 3 });
  const path = createDtwWorkspace(CHANNELS, CHANNELS, 40);
  const fit = createEmscWorkspace(createEmscModel({ axis, reference, order: 2 }));
  const inverse = createAnscombeInverse();
  const stabilised = data.map((spectrum) => {
    const into = new Float64Array(CHANNELS);
    anscombe(spectrum, {}, into);
    return into;
  });
  const halfWindow = 5;
  const banded = {
    kind: 'banded',
    halfWindow,
    coefficients: new Float64Array(CHANNELS * (2 * halfWindow + 1)).fill(0.1),
    offset: new Float64Array(CHANNELS),
  } as const;
  return {
    'cow, segments of 51, slack 3, warped': measure(data, (y) => {
      cow(y, warping);
      warp(y, { positions: cowPositions(warping, positions) }, out);
    }),
    'dtw, band 40': measure(data, (y) => dtw(y, reference, path)),
    'emsc, order 2': measure(data, (y) => emsc(y, fit, {}, out)),
    'emsc, order 2, with variances': measure(data, (y) => emsc(y, fit, { variances: y, outVariances }, out)),
    'snv, with variances': measure(data, (y) => snv(y, { variances: y, outVariances }, out)),
    anscombe: measure(data, (y) => anscombe(y, {}, out)),
    'anscombe, exact unbiased inverse': measure(stabilised, (v) => inverseAnscombe(v, { inverse }, out)),
    'pds, half window 5, applied': measure(data, (y) => applyBanded(y, banded, {}, out)),
  };
}
