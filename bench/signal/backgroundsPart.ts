import { airpls } from '../../src/kernel/background/airpls.ts';
import { arpls } from '../../src/kernel/background/arpls.ts';
import { asls } from '../../src/kernel/background/asls.ts';
import { createPenalisedWorkspace } from '../../src/kernel/background/penalisedFit.ts';
import { emptyPowerLaw, powerLawCurve } from '../../src/kernel/background/powerLaw.ts';
import { powerLawTwoArea } from '../../src/kernel/background/powerLawTwoArea.ts';
import { shirley } from '../../src/kernel/background/shirley.ts';
import { snip } from '../../src/kernel/background/snip.ts';
import { createTougaardWorkspace, tougaard } from '../../src/kernel/background/tougaard.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import { rate } from './rate.ts';

const CHANNELS = 2048;
const SPECTRA = 8;
const TIMES = { warmMs: 300, blockMs: 3, blocks: 200 };

type Spectra = readonly Float64Array[];

/** Spectra with Poisson noise around a mean. */
function spectra(mean: (i: number) => number): Spectra {
  const random = seedXoshiro128(7, 0);
  return Array.from({ length: SPECTRA }, () =>
    Float64Array.from({ length: CHANNELS }, (_, i) => nextPoisson(random, mean(i))),
  );
}

const gaussian = (i: number, centre: number, sigma: number): number => Math.exp(-0.5 * ((i - centre) / sigma) ** 2);
const peaks = (i: number): number =>
  200 + 400 * Math.exp(-i / 900) + 900 * gaussian(i, 400, 8) + 500 * gaussian(i, 900, 12) + 300 * gaussian(i, 1500, 10);
const losses = (i: number): number => 5e12 * (400 + 0.25 * i) ** -3.4 + (i > 1100 ? 200 : 0);
const photoelectrons = (i: number): number =>
  500 + 400 * gaussian(i, 1000, 60) * 10 + 600 / (1 + Math.exp((i - 1000) / 60));

const measure = (data: Spectra, work: (spectrum: Float64Array) => void) => rate(data, work, TIMES);

/** Speed of the backgrounds on spectra of 2 048 channels. */
export function backgroundsPart(): Record<string, { spectraPerSecond: number }> {
  const out = new Float64Array(CHANNELS);
  const work = new Float64Array(CHANNELS);
  const penalised = createPenalisedWorkspace(CHANNELS);
  const lambda = 1e7;
  const withPeaks = spectra(peaks);
  const withEdge = spectra(losses);
  const ofLevel = spectra(photoelectrons);
  const window = { offset: 400, step: 0.25, first: 700, end: 1060 };
  const logEnergies = Float64Array.from({ length: CHANNELS }, (_, i) => Math.log(window.offset + i * window.step));
  const fit = emptyPowerLaw();
  const bindingEnergies = Float64Array.from({ length: CHANNELS }, (_, i) => 740 - 0.02 * i);
  const losing = createTougaardWorkspace({ bindingEnergies, b: 2866 });
  return {
    'snip, half width 40, raw': measure(withPeaks, (y) => snip(y, { halfWidth: 40, lls: false }, out)),
    'snip, half width 40, lls': measure(withPeaks, (y) => snip(y, { halfWidth: 40 }, out)),
    asls: measure(withPeaks, (y) => asls(y, { lambda, asymmetry: 0.01 }, out, penalised)),
    arpls: measure(withPeaks, (y) => arpls(y, { lambda }, out, penalised)),
    airpls: measure(withPeaks, (y) => airpls(y, { lambda }, out, penalised)),
    'power law, two areas, with its curve': measure(withEdge, (y) =>
      powerLawCurve(powerLawTwoArea(y, window, null, fit), logEnergies, out),
    ),
    shirley: measure(ofLevel, (y) => shirley(y, { bindingEnergies }, out, work)),
    tougaard: measure(ofLevel, (y) => tougaard(y, losing, out)),
  };
}
