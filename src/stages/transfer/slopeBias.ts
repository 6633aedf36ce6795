import { z } from 'zod';
import { defineStage } from '../../model/defineStage.ts';

export default defineStage({
  kind: 'transfer.slopeBias',
  version: 1,
  summary:
    'Corrects a reading of this instrument to that of another by a straight line learned from standards (operando transfer --predictions). Assumes that the two differ by gain and offset only.',
  reference: 'Bouveresse et al., Chemom. Intell. Lab. Syst. 32 (1996) 201',
  input: 'reading',
  outputs: ['reading'],
  config: z.strictObject({
    reading: z.string().min(1).describe('Name of the reading to correct; others are not handed on.'),
    stage: z.string().min(1).optional().describe('Id of the stage it comes from; left out, any.'),
    slope: z.number().describe('Reading of the other instrument per reading of this.').meta({ unit: '1' }),
    bias: z.number().default(0).describe('Added after that, in the unit of the reading.'),
    scatter: z
      .number()
      .min(0)
      .default(0)
      .describe('How far the standards lie off the line, one standard deviation, in the unit of the reading.'),
  }),
  example: { reading: 'statistic', slope: 1.02, bias: -0.1, scatter: 0.05 },
  prepare: ({ id, config }) => ({ id, ...config }),
  init: () => ({}),
  step(_state, reading, emit, { id, reading: name, stage, slope, bias, scatter }) {
    if (reading.name !== name || (stage !== undefined && reading.stage !== stage)) return;
    const { standardError, systematicError = 0 } = reading;
    emit({
      ...reading,
      stage: id,
      value: slope * reading.value + bias,
      standardError: standardError === undefined ? undefined : Math.abs(slope) * standardError,
      systematicError: Math.hypot(slope * systematicError, scatter),
    });
  },
});
