import { z } from 'zod';
import { defineStage } from '../../model/defineStage.ts';
import { keepLedger } from './ledger.ts';
import { beamQuantity, ledgerSettings } from './ledgerSettings.ts';
import { checkBudget, initialLedger, prepareLedger, proportional } from './ledgerWork.ts';

const FRACTION = { '1': 1, '%': 0.01 } as const;
const SECONDS = { s: 1, min: 60, h: 3600 } as const;

const settings = z
  .strictObject({
    fraction: beamQuantity(
      'Beam on the sample over the full beam: opening of an attenuator, duty cycle of a chopper, ring current over nominal.',
      FRACTION,
    ).default({ fixed: 1, unit: '1' }),
    unit: z
      .enum(Object.keys(SECONDS) as (keyof typeof SECONDS)[])
      .default('s')
      .describe('Unit of `limit`. The readings are in s.'),
    ...ledgerSettings,
  })
  .refine(
    ({ fraction }) => !('fixed' in fraction) || fraction.fixed * FRACTION[fraction.unit] <= 1,
    'expected a fraction of the beam of at most 1',
  );

export default defineStage({
  kind: 'dose.exposureTime',
  version: 1,
  summary: 'Adds up the time the sample was under the beam, times the fraction of it, where its flux is not known.',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: settings,
  example: { limit: 20, unit: 'min' },
  check(config, framePeriodUs) {
    const { fraction, unit } = config;
    const rate = 'fixed' in fraction ? (fraction.fixed * FRACTION[fraction.unit]) / SECONDS[unit] : null;
    checkBudget(config, unit, rate, framePeriodUs);
  },
  prepare({ id, config }) {
    const source = proportional(config.fraction, FRACTION[config.fraction.unit]);
    return prepareLedger({ id, config, unit: 's', rateUnit: '1', scale: SECONDS[config.unit], source });
  },
  init: initialLedger,
  step: keepLedger,
});
