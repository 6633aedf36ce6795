import { nextNormal } from '../../../src/kernel/random/normal.ts';
import type { Stage } from '../../../src/model/stage.ts';
import { serialiseTransfer, type Transfer } from '../../../src/model/transferFile.ts';
import cow from '../../../src/stages/alignment/cow.ts';
import dtw from '../../../src/stages/alignment/dtw.ts';
import flatField from '../../../src/stages/calibration/flatField.ts';
import area from '../../../src/stages/normalisation/area.ts';
import emsc from '../../../src/stages/normalisation/emsc.ts';
import euclidean from '../../../src/stages/normalisation/euclidean.ts';
import maximum from '../../../src/stages/normalisation/maximum.ts';
import monitor from '../../../src/stages/normalisation/monitor.ts';
import referencePeak from '../../../src/stages/normalisation/referencePeak.ts';
import snv from '../../../src/stages/normalisation/snv.ts';
import intensity from '../../../src/stages/quantification/intensity.ts';
import apply from '../../../src/stages/transfer/apply.ts';
import { axisOf, reading, type CoverageCase } from './coverageOf.ts';

const CHANNELS = 256;
const layout = axisOf(0, 1, CHANNELS);
const x = layout.axes[0]!.coordinates;
const bump = (c: number, centre: number, sigma: number): number => Math.exp(-0.5 * ((c - centre) / sigma) ** 2);
const means = x.map((c) => 60 + 500 * bump(c, 60, 6) + 900 * bump(c, 130, 8) + 300 * bump(c, 200, 5));
/** What is summed: the small peak, and nothing of the others. */
const REGION: [number, number] = [185, 215];
const LEARN = 50;

/** The map of a slave that is half a channel off, and answers a tenth less. */
const half = 1.1 / 2;
const transfer: Transfer = {
  method: 'pds',
  slave: { name: 'energy', unit: 'eV', centres: x },
  master: { name: 'energy', unit: 'eV', centres: x },
  map: {
    kind: 'banded',
    halfWindow: 1,
    coefficients: Float64Array.from({ length: 3 * CHANNELS }, (_, k) =>
      k % 3 === 0 ? 0 : k === 3 * CHANNELS - 1 ? 0 : half,
    ),
    offset: new Float64Array(CHANNELS),
  },
  error: null,
  per: 'frame',
  standards: 5,
  madeFrom: 'the bench',
};

const after = (stage: () => Stage, more: Partial<CoverageCase> = {}): CoverageCase => ({
  layout,
  means,
  learn: LEARN,
  chain: () => [stage(), intensity.create('i', { region: REGION }) as Stage],
  read: reading('total'),
  ...more,
});

/** Sum over a window behind every stage that scales or moves channels, about its mean. */
export const SUM_CASES: readonly (readonly [string, CoverageCase])[] = [
  [
    'window sum of counts',
    {
      ...after(() => intensity.create('i', { region: REGION }) as Stage),
      chain: () => [intensity.create('i', { region: REGION }) as Stage],
    },
  ],
  ['window sum after calibration.flatField', after(() => flatField.create('n', { learn: LEARN }) as Stage)],
  ['window sum after normalisation.area', after(() => area.create('n', {}) as Stage)],
  ['window sum after normalisation.area of a region', after(() => area.create('n', { region: [50, 70] }) as Stage)],
  ['window sum after normalisation.maximum', after(() => maximum.create('n', {}) as Stage)],
  ['window sum after normalisation.euclidean', after(() => euclidean.create('n', {}) as Stage)],
  [
    'window sum after normalisation.referencePeak',
    after(() => referencePeak.create('n', { window: [48, 72] }) as Stage),
  ],
  [
    'window sum after normalisation.monitor, good to 3 %',
    after(() => monitor.create('n', { monitor: 'I0', relativeError: 0.03 }) as Stage, {
      context: (random) => ({ I0: 1 + 0.03 * nextNormal(random) }),
    }),
  ],
  ['window sum after normalisation.snv', after(() => snv.create('n', {}) as Stage)],
  ['window sum after normalisation.emsc', after(() => emsc.create('n', { order: 1, learn: LEARN }) as Stage)],
  [
    'window sum after alignment.cow',
    after(() => cow.create('n', { segmentPoints: 51, slack: 3, learn: LEARN }) as Stage),
  ],
  ['window sum after alignment.dtw', after(() => dtw.create('n', { learn: LEARN }) as Stage)],
  [
    'window sum after transfer.apply',
    after(() => apply.create('n', { file: 't.json' }, { assets: { file: serialiseTransfer(transfer) } }) as Stage),
  ],
];
