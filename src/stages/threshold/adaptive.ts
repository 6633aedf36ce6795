import { z } from 'zod';
import { normalQuantile } from '../../kernel/change/normalTail.ts';
import { createOnsetTrack, updateOnset, type OnsetTrack } from '../../kernel/change/onset.ts';
import { createUsualLevel, learnLevel, trimLevel, type UsualLevel } from '../../kernel/threshold/usualLevel.ts';
import { defineStage } from '../../model/defineStage.ts';
import { falseAlarmRate, runLengthOf } from '../../model/duration.ts';
import { ACCEPTED } from '../../model/operatorAct.ts';

type Watched = { usual: UsualLevel; onset: OnsetTrack };

export default defineStage({
  kind: 'threshold.adaptive',
  version: 1,
  summary: 'Finds a statistic far above its usual level, which it learns on the stream itself.',
  reference: 'Robbins and Monro, Ann. Math. Stat. 22 (1951) 400',
  input: 'reading',
  outputs: ['reading', 'detection'],
  statistic: 'any',
  config: z.strictObject({
    reading: z.string().default('statistic').describe('Name of the reading to watch; others pass by unseen.'),
    stage: z.string().optional().describe('Only from the stage of this id.'),
    learn: z.number().int().min(5).default(30).describe('Readings from which the usual level is learned.'),
    factor: z.number().positive().default(8).describe('Scatters above the usual level; higher is rarer.'),
    falseAlarms: falseAlarmRate.optional().describe('Instead of factor; as if the statistic were normal.'),
    leastRatio: z
      .number()
      .min(1)
      .default(1)
      .describe('Threshold over usual level at the least: for a statistic >= 0 whose scatter says little.'),
    memory: z.number().min(10).default(200).describe('Quiet readings after which the old level is mostly forgotten.'),
  }),
  example: { factor: 6, learn: 10 },
  averageRunLength: ({ falseAlarms }, period) => (falseAlarms === undefined ? null : runLengthOf(falseAlarms, period)),
  prepare({ id, config, framePeriodUs }) {
    const runLength = config.falseAlarms && runLengthOf(config.falseAlarms, framePeriodUs);
    const factor = runLength === undefined ? config.factor : normalQuantile(1 / Math.max(runLength, 2));
    return { id, ...config, factor, runLength, scratch: new Float64Array(config.learn) };
  },
  init: (): { streams: Record<string, Watched> } => ({ streams: {} }),
  step(
    { streams },
    reading,
    emit,
    { id, learn, reading: name, stage, factor, leastRatio, memory, runLength, scratch },
  ) {
    if (stage !== undefined && reading.stage !== stage) return;
    if (reading.name === ACCEPTED) {
      // The usual level of the old state says nothing about that of the accepted one.
      delete streams[reading.stream];
      emit({ ...reading, stage: id });
      return;
    }
    if (reading.name !== name) return;
    if (reading.quality === 'invalid' || !Number.isFinite(reading.value)) return;
    const { stream, seq, timeUs, value: statistic, region, regionUnit, sign = 0 } = reading;
    const { usual, onset } = (streams[stream] ??= { usual: createUsualLevel(learn), onset: createOnsetTrack() });
    if (usual.count < usual.values.length) {
      learnLevel(usual, statistic, scratch);
      const learned = usual.count / usual.values.length;
      emit({
        type: 'reading',
        stream,
        seq,
        timeUs,
        stage: id,
        name: 'learning',
        value: learned,
        unit: '1',
        quality: 'valid',
      });
      return;
    }
    const threshold = Math.max(usual.level + factor * usual.scatter, leastRatio * usual.level);
    const isLoud = statistic > threshold;
    updateOnset(onset, timeUs, statistic <= usual.level + 0.5 * (threshold - usual.level), isLoud);
    emit({
      type: 'reading',
      stream,
      seq,
      timeUs,
      stage: id,
      name: 'threshold',
      value: threshold,
      unit: reading.unit,
      quality: 'valid',
    });
    if (!isLoud) {
      // Frozen while evidence is high: a real change must not become the usual.
      trimLevel(usual, statistic, memory);
      return;
    }
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: onset.loudUs,
      onsetIntervalUs: [onset.quietUs < 0 ? onset.leftUs : onset.quietUs, onset.loudUs],
      detector: id,
      statistic,
      threshold,
      region,
      regionUnit,
      sign,
      averageRunLength: runLength,
    });
  },
});
