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

const CHANNELS = 2048;
const SPECTRA = 4;
const WARM_MS = 200;
const BLOCK_MS = 3;
const BLOCKS = 100;

/** Twenty peaks that drift by up to three channels, each by itself. */
const mean = (i: number, drift: number): number => {
  let sum = 60;
  for (let k = 0; k < 20; k++) sum += 800 * Math.exp(-(((i - 100 * k - 60 - drift * Math.sin(k / 3)) / 7) ** 2));
  return sum;
};

/** The best block: on a busy machine the others tell of their neighbours. */
function rate(data: readonly Float64Array[], work: (spectrum: Float64Array) => void): { spectraPerSecond: number } {
  const run = (leastMs: number): number => {
    const startMs = performance.now();
    let count = 0;
    let spentMs = 0;
    do {
      for (const spectrum of data) work(spectrum);
      count += data.length;
      spentMs = performance.now() - startMs;
    } while (spentMs < leastMs);
    return (1000 * count) / spentMs;
  };
  run(WARM_MS);
  let best = 0;
  for (let block = 0; block < BLOCKS; block++) best = Math.max(best, run(BLOCK_MS));
  return { spectraPerSecond: Math.round(best) };
}

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
    'cow, segments of 51, slack 3, warped': rate(data, (y) => {
      cow(y, warping);
      warp(y, { positions: cowPositions(warping, positions) }, out);
    }),
    'dtw, band 40': rate(data, (y) => dtw(y, reference, path)),
    'emsc, order 2': rate(data, (y) => emsc(y, fit, {}, out)),
    'emsc, order 2, with variances': rate(data, (y) => emsc(y, fit, { variances: y, outVariances }, out)),
    'snv, with variances': rate(data, (y) => snv(y, { variances: y, outVariances }, out)),
    anscombe: rate(data, (y) => anscombe(y, {}, out)),
    'anscombe, exact unbiased inverse': rate(stabilised, (v) => inverseAnscombe(v, { inverse }, out)),
    'pds, half window 5, applied': rate(data, (y) => applyBanded(y, banded, {}, out)),
  };
}
