import { z } from 'zod';
import { absorbedDose, depthMean, peakArea } from '../../kernel/dose/absorbedDose.ts';
import { defineStage } from '../../model/defineStage.ts';
import { keepLedger } from './ledger.ts';
import { beamQuantity, ledgerSettings } from './ledgerSettings.ts';
import { checkBudget, initialLedger, prepareLedger, proportional } from './ledgerWork.ts';

const GRAY = { Gy: 1, kGy: 1e3, MGy: 1e6 } as const;
const PHOTONS = { 'ph/s': 1 } as const;
const UM2_PER_CM2 = 1e8;

const extent = (what: string) => z.number().positive().describe(what).meta({ unit: 'um' });

const settings = z.strictObject({
  flux: beamQuantity('Photons per second, before `transmission`.', PHOTONS),
  energyKeV: z.number().positive().describe('Photon energy.').meta({ unit: 'keV' }),
  spot: z
    .discriminatedUnion('shape', [
      z.strictObject({ shape: z.literal('topHat'), widthUm: extent('Width.'), heightUm: extent('Height.') }),
      z.strictObject({
        shape: z.literal('gaussian'),
        widthUm: extent('Full width at half maximum.'),
        heightUm: extent('Full height at half maximum.'),
      }),
    ])
    .describe('The beam on the sample. Of a Gaussian one, the dose at its peak is charged.'),
  massAbsorptionCm2G: z
    .number()
    .positive()
    .describe('Mass energy-absorption coefficient of the sample, mu_en/rho: of absorption, not of attenuation.')
    .meta({ unit: 'cm2.g-1' }),
  transmission: z
    .array(z.number().positive().max(1))
    .default([])
    .describe('Transmission of each window and attenuator between the flux monitor and the sample.'),
  thickness: z
    .strictObject({
      um: z.number().positive().describe('Along the beam.').meta({ unit: 'um' }),
      densityGCm3: z.number().positive().describe('Density of the sample.').meta({ unit: 'g.cm-3' }),
    })
    .optional()
    .describe(
      'Of the sample: then the mean over its depth is charged. Left out, the dose at its surface, which is more.',
    ),
  unit: z
    .enum(Object.keys(GRAY) as (keyof typeof GRAY)[])
    .default('Gy')
    .describe('Unit of the limits. The readings are in Gy.'),
  ...ledgerSettings,
});

/** Gy per second of one photon per second. */
function perPhoton({
  energyKeV,
  massAbsorptionCm2G,
  spot,
  transmission,
  thickness,
}: z.output<typeof settings>): number {
  const areaUm2 = peakArea({ shape: spot.shape, width: spot.widthUm, height: spot.heightUm });
  const through = transmission.reduce((product, each) => product * each, 1);
  const surface = absorbedDose({ photonsPerCm2: (through * UM2_PER_CM2) / areaUm2, energyKeV, massAbsorptionCm2G });
  if (thickness === undefined) return surface;
  return surface * depthMean(massAbsorptionCm2G * thickness.densityGCm3 * thickness.um * 1e-4);
}

export default defineStage({
  kind: 'dose.absorbed',
  version: 1,
  summary: 'Adds up the X-ray dose the sample has absorbed, dropped frames included, against a budget.',
  reference: 'Bury et al., Protein Science 27 (2018) 217, 10.1002/pro.3302',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: settings,
  example: {
    flux: { fixed: 1e11, unit: 'ph/s' },
    energyKeV: 12.4,
    spot: { shape: 'gaussian', widthUm: 50, heightUm: 20 },
    massAbsorptionCm2G: 2.5,
    limit: 30,
    unit: 'MGy',
  },
  check(config, framePeriodUs) {
    const { flux, unit } = config;
    const rate = 'fixed' in flux ? (flux.fixed * perPhoton(config)) / GRAY[unit] : null;
    checkBudget(config, unit, rate, framePeriodUs);
  },
  prepare: ({ id, config }) =>
    prepareLedger({
      id,
      config,
      unit: 'Gy',
      rateUnit: 'Gy.s-1',
      scale: GRAY[config.unit],
      source: proportional(config.flux, perPhoton(config)),
    }),
  init: initialLedger,
  step: keepLedger,
});
