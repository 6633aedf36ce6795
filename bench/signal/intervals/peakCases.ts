import { gaussian, lorentzian, pseudoVoigt } from '../../../src/kernel/peaks/lineshapes.ts';
import type { Stage } from '../../../src/model/stage.ts';
import fit from '../../../src/stages/peaks/fit.ts';
import shift from '../../../src/stages/calibration/shift.ts';
import zeroLoss from '../../../src/stages/calibration/zeroLoss.ts';
import { axisOf, reading, type CoverageCase } from './coverageOf.ts';

const CHANNELS = 256;
const counts = axisOf(0, 1, CHANNELS);
const x = counts.axes[0]!.coordinates;

type Settings = Parameters<typeof fit.create>[1];
type Peak = Settings['peaks'][number];
const peak = (more: Partial<Peak>): Peak => ({
  name: 'A',
  shape: 'gaussian',
  position: 120,
  within: 10,
  width: 14,
  ...more,
});

/** Position, area and width of the peak A. */
function ofPeak(
  name: string,
  base: Omit<CoverageCase, 'chain' | 'read' | 'truth'>,
  settings: Settings,
  truth: { readonly position: number; readonly area: number; readonly width: number },
): [string, CoverageCase][] {
  return (['position', 'area', 'width'] as const).map((number) => [
    `${number}, ${name}`,
    {
      ...base,
      chain: () => [fit.create('f', settings) as Stage],
      read: reading(`A.${number}`),
      truth: truth[number],
    },
  ]);
}

const fwhm = 12;
/** Lines take full widths. */
const line = (area: number, at = 122.3) => x.map((c) => area * gaussian(c, at, fwhm));
const plus = (level: number, ...lines: readonly Float64Array[]) =>
  x.map((_, i) => level + lines.reduce((sum, each) => sum + each[i]!, 0));
const flat: Settings['background'] = 'constant';

/** Fits of peaks, and lines that calibrate an axis. */
export const PEAK_CASES: readonly (readonly [string, CoverageCase])[] = [
  ...ofPeak(
    'Gaussian, 10 000 counts',
    { layout: counts, means: plus(40, line(10_000)) },
    { peaks: [peak({})], background: flat },
    { position: 122.3, area: 10_000, width: fwhm },
  ),
  ...ofPeak(
    'Gaussian, 200 counts on 1 per channel',
    { layout: counts, means: plus(1, line(200)) },
    { peaks: [peak({})], background: flat },
    { position: 122.3, area: 200, width: fwhm },
  ),
  ...ofPeak(
    'two pseudo-Voigts of one shape, overlapping',
    {
      layout: counts,
      means: x.map(
        (c) => 30 + 0.1 * c + 20_000 * pseudoVoigt(c, 112, fwhm, 0.4) + 12_000 * pseudoVoigt(c, 130, fwhm, 0.4),
      ),
    },
    {
      peaks: [
        peak({ shape: 'pseudoVoigt', position: 112, within: 6 }),
        { name: 'B', position: 130, within: 6, width: fwhm, like: 'A' },
      ],
      background: 'linear',
    },
    { position: 112, area: 20_000, width: fwhm },
  ),
  ...ofPeak(
    'Lorentzian, scaled counts, least squares',
    {
      layout: axisOf(0, 1, CHANNELS, 'scaledPoisson'),
      gain: 2.5,
      means: x.map((c) => 400 + 60_000 * lorentzian(c, 122.3, fwhm)),
    },
    { peaks: [peak({ shape: 'lorentzian' })], background: flat },
    { position: 122.3, area: 150_000, width: fwhm },
  ),
  ...ofPeak(
    'Gaussian, noise unknown',
    { layout: axisOf(0, 1, CHANNELS, 'unknown'), gain: 0.01, means: plus(900, line(40_000)) },
    { peaks: [peak({})], background: flat },
    { position: 122.3, area: 400, width: fwhm },
  ),
  [
    'shift, zero loss, 30 000 electrons',
    {
      layout: counts,
      means: plus(0.5, line(30_000, 120.4)),
      chain: () => [zeroLoss.create('z', { halfWindow: 8 }) as Stage],
      read: reading('shift'),
      truth: -120.4,
    },
  ],
  [
    'shift, against a learned reference',
    {
      layout: counts,
      means: plus(40, line(8000), line(5000, 60), line(3000, 200)),
      learn: 1000,
      chain: () => [shift.create('s', { learn: 1000 }) as Stage],
      read: reading('shift'),
      truth: 0,
    },
  ],
];
