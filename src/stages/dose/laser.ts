import { z } from 'zod';
import { gaussianSpotArea, laserFluence, peakIrradiance } from '../../kernel/dose/laserFluence.ts';
import { defineStage } from '../../model/defineStage.ts';
import { makeReading } from '../../model/makeReading.ts';
import { isBeamOff, keepLedger } from './ledger.ts';
import { speakOfLimit } from './ledgerSpeech.ts';
import { beamQuantity, ledgerSettings } from './ledgerSettings.ts';
import { checkBudget, initialLedger, prepareLedger, proportional } from './ledgerWork.ts';

const WATTS = { W: 1, mW: 1e-3, uW: 1e-6 } as const;
const JOULES = { J: 1, mJ: 1e-3, uJ: 1e-6, nJ: 1e-9, pJ: 1e-12 } as const;
const PER_AREA = { 'J/cm2': 1, 'mJ/cm2': 1e-3 } as const;
const CM2_PER_UM2 = 1e-8;

const settings = z
  .strictObject({
    power: beamQuantity('Power on the sample, of a continuous laser.', WATTS).optional(),
    pulses: z
      .strictObject({
        energy: beamQuantity('Energy of a pulse on the sample.', JOULES),
        rateHz: z.number().positive().describe('Pulses per second.').meta({ unit: 'Hz' }),
        durationFs: z
          .number()
          .positive()
          .optional()
          .describe('Duration of a pulse; left out, peak irradiance is not said.')
          .meta({ unit: 'fs' }),
      })
      .optional()
      .describe('A pulsed laser, instead of `power`.'),
    spot: z
      .union([
        z.strictObject({ areaUm2: z.number().positive().describe('Area of an even spot.').meta({ unit: 'um2' }) }),
        z.strictObject({
          waistUm: z.number().positive().describe('Radius of a Gaussian spot, to 1/e2.').meta({ unit: 'um' }),
        }),
      ])
      .describe('The light on the sample. Of a Gaussian spot, the fluence at its peak is charged.'),
    irradianceLimit: z
      .number()
      .positive()
      .optional()
      .describe('Peak irradiance at which to speak: damage that is not linear goes by it.')
      .meta({ unit: 'W.cm-2' }),
    unit: z
      .enum(Object.keys(PER_AREA) as (keyof typeof PER_AREA)[])
      .default('J/cm2')
      .describe('Unit of the limits. The readings are in J/cm2.'),
    ...ledgerSettings,
  })
  .refine(({ power, pulses }) => (power === undefined) !== (pulses === undefined), 'expected one of power and pulses');

/** The quantity that is measured, and mean watts of one of its unit. */
function beamOf({ power, pulses }: z.output<typeof settings>) {
  if (pulses === undefined) return { quantity: power!, watts: WATTS[power!.unit], peakFactor: 1 };
  const { energy, rateHz, durationFs } = pulses;
  const peakFactor = durationFs === undefined ? NaN : 1 / (rateHz * durationFs * 1e-15);
  return { quantity: energy, watts: JOULES[energy.unit] * rateHz, peakFactor };
}

function plan(config: z.output<typeof settings>) {
  const { spot } = config;
  const areaCm2 = CM2_PER_UM2 * ('areaUm2' in spot ? spot.areaUm2 : gaussianSpotArea(spot.waistUm));
  const { quantity, watts, peakFactor } = beamOf(config);
  return { quantity, perUnit: laserFluence(watts, 1e6, areaCm2), peakFactor, areaCm2 };
}

export default defineStage({
  kind: 'dose.laser',
  version: 1,
  summary: 'Adds up the laser energy per area the sample has received, against a budget, and says the peak irradiance.',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: settings,
  example: { power: { fixed: 1, unit: 'mW' }, spot: { waistUm: 1 }, limit: 1e7 },
  check(config, framePeriodUs) {
    const { quantity, perUnit } = plan(config);
    const rate = 'fixed' in quantity ? (quantity.fixed * perUnit) / PER_AREA[config.unit] : null;
    checkBudget(config, config.unit, rate, framePeriodUs);
  },
  prepare({ id, config }) {
    const { quantity, perUnit, peakFactor, areaCm2 } = plan(config);
    const source = proportional(quantity, perUnit);
    const ledger = { id, config, unit: 'J.cm-2', rateUnit: 'J.cm-2.s-1', scale: PER_AREA[config.unit], source };
    return { ...prepareLedger(ledger), peakFactor, areaCm2, irradianceLimit: config.irradianceLimit };
  },
  init: (work) => initialLedger(work),
  step(state, frame, emit, work) {
    const { id, source, peakFactor, areaCm2, irradianceLimit } = work;
    const measured = source.rateOf(frame);
    const isOff = isBeamOff(frame, measured, work);
    const quality = isOff || measured === measured ? 'valid' : 'invalid';
    const meanW = isOff ? 0 : (quality === 'valid' ? measured : source.maximum) * areaCm2;
    const irradiance = peakIrradiance(meanW * peakFactor, areaCm2);
    if (irradiance === irradiance) {
      emit(makeReading(frame, id, { name: 'peakIrradiance', value: irradiance, unit: 'W.cm-2', quality }));
      if (irradianceLimit !== undefined && irradiance >= irradianceLimit)
        speakOfLimit(frame, irradiance / irradianceLimit, 1, emit, id);
    }
    keepLedger(state, frame, emit, work);
  },
});
