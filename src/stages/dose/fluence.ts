import { z } from 'zod';
import { electronFluence, gaussianProbeArea, rasterArea } from '../../kernel/dose/electronFluence.ts';
import { defineStage } from '../../model/defineStage.ts';
import { keepLedger } from './ledger.ts';
import { beamQuantity, ledgerSettings } from './ledgerSettings.ts';
import { checkBudget, initialLedger, prepareLedger, proportional } from './ledgerWork.ts';

const AMPERES = { A: 1, mA: 1e-3, uA: 1e-6, nA: 1e-9, pA: 1e-12 } as const;
/** Electrons per nm2 of one unit. */
const PER_AREA = { 'e/nm2': 1, 'e/A2': 100 } as const;

const settings = z
  .strictObject({
    current: beamQuantity('Beam current on the sample.', AMPERES),
    areaNm2: z.number().positive().optional().describe('Illuminated area of a resting beam.').meta({ unit: 'nm2' }),
    probeFwhmNm: z
      .number()
      .positive()
      .optional()
      .describe('Full width at half maximum of a resting Gaussian probe: the fluence at its peak is charged.')
      .meta({ unit: 'nm' }),
    scan: z
      .strictObject({
        points: z.number().int().positive().describe('Points of a scan that one exposure goes over.'),
        stepNm: z.number().positive().describe('From point to point.').meta({ unit: 'nm' }),
        probeNm: z.number().positive().describe('Diameter of the probe.').meta({ unit: 'nm' }),
        flyback: z
          .number()
          .min(0)
          .default(0)
          .describe('Time of fly-back and settling over that on the points; 0 where the beam is blanked meanwhile.'),
      })
      .optional()
      .describe(
        'A scanned beam: the mean over the steps, or that under the probe where the step is wider; the larger.',
      ),
    unit: z
      .enum(Object.keys(PER_AREA) as (keyof typeof PER_AREA)[])
      .default('e/nm2')
      .describe('Unit of the limits. The readings are in e/nm2.'),
    ...ledgerSettings,
  })
  .refine(
    ({ areaNm2, probeFwhmNm, scan }) => [areaNm2, probeFwhmNm, scan].filter((way) => way !== undefined).length === 1,
    'expected one of areaNm2, probeFwhmNm and scan: over what area the electrons spread',
  );
type Settings = z.output<typeof settings>;

/** Electrons per nm2 and second of one `current.unit`. */
function perUnit({ current, areaNm2, probeFwhmNm, scan }: Settings): number {
  const area =
    scan !== undefined
      ? rasterArea(scan) / (1 + scan.flyback)
      : probeFwhmNm !== undefined
        ? gaussianProbeArea(probeFwhmNm)
        : areaNm2!;
  return electronFluence(AMPERES[current.unit], 1e6, area);
}

export default defineStage({
  kind: 'dose.fluence',
  version: 2,
  summary: 'Adds up the electrons per area the sample has received, dropped frames included, against a budget.',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: settings,
  example: { current: { fixed: 10, unit: 'pA' }, areaNm2: 100, limit: 1e7 },
  check(config, framePeriodUs) {
    const { current, unit } = config;
    const rate = 'fixed' in current ? (current.fixed * perUnit(config)) / PER_AREA[unit] : null;
    checkBudget(config, unit, rate, framePeriodUs);
  },
  prepare: ({ id, config }) =>
    prepareLedger({
      id,
      config,
      unit: 'nm-2',
      rateUnit: 'nm-2.s-1',
      scale: PER_AREA[config.unit],
      source: proportional(config.current, perUnit(config)),
    }),
  init: initialLedger,
  step: keepLedger,
});
