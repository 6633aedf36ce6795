import { z } from 'zod';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import type { Frame } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import { keepLedger } from './ledger.ts';
import { ledgerSettings } from './ledgerSettings.ts';
import { checkBudget, initialLedger, prepareLedger, type DoseSource } from './ledgerWork.ts';

const settings = z.strictObject({
  countsPerUnit: z
    .number()
    .positive()
    .describe('Calibrated yield: counts in `region` while the sample receives one `unit`.'),
  region: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('Part of the fast axis that is counted, in its unit; left out, all of it.'),
  unit: z.string().min(1).describe("Unit of the dose, as UCUM code: 'Gy', 'nm-2', 'J.cm-2'; '1' for a mere proxy."),
  maximum: z
    .number()
    .positive()
    .describe('Dose per second, charged while no channel can be used, unless more was seen; in `unit` per second.'),
  ...ledgerSettings,
});
type Settings = z.output<typeof settings>;

/** Counts per second of the region over the yield. Masked channels are taken to hold as much as the others. */
function counted({ countsPerUnit, region, maximum }: Settings, layout: Layout): DoseSource {
  const axis = fastAxis(layout);
  const length = axisLength(axis);
  const [first, end] = region === undefined ? [0, length] : channelRange(axis, region);
  const inside = (layout.size / length) * (end - first);
  const rateOf = ({ values, mask, exposureUs }: Frame): number => {
    let total = 0;
    let usable = 0;
    for (let row = 0; row < values.length; row += length)
      for (let i = row + first; i < row + end; i++) {
        if (mask?.[i] === 1) continue;
        total += values[i]!;
        usable++;
      }
    if (usable === 0 || !(exposureUs > 0)) return NaN;
    return (Math.max(0, total) * inside) / (usable * countsPerUnit * exposureUs * 1e-6);
  };
  return { rateOf, maximum, signal: null };
}

export default defineStage({
  kind: 'dose.counts',
  version: 1,
  summary:
    'Adds up the dose that the counts of the detector stand for: a second channel beside the beam current, or a proxy where nothing else is known.',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: {
    accepts: ['poisson', 'scaledPoisson'],
    gives: 'same',
    advice: 'It counts: place it before background and normalisation.',
  },
  keepsStateOverLayouts: true,
  config: settings,
  example: { countsPerUnit: 1000, unit: 'nm-2', maximum: 1e3, limit: 1e4 },
  check: (config, framePeriodUs) => checkBudget(config, config.unit, null, framePeriodUs),
  prepare: ({ id, config, layout }) =>
    prepareLedger({
      id,
      config,
      unit: config.unit,
      rateUnit: config.unit === '1' ? 's-1' : `${config.unit}.s-1`,
      scale: 1,
      source: counted(config, layout),
    }),
  init: initialLedger,
  step: keepLedger,
});
