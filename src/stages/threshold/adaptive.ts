import { normalQuantile } from '../../kernel/change/normalTail.ts';
import { createOnsetTrack, updateOnset, type OnsetTrack } from '../../kernel/change/onset.ts';
import { createUsualLevel, learnLevel, trimLevel, type UsualLevel } from '../../kernel/threshold/usualLevel.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { ACCEPTED } from '../../model/operatorAct.ts';
import { adaptiveSettings } from './adaptiveSettings.ts';
import { createTrimmed, trimDetection, trimOptionsOf, trimReading, type Trimmed } from './adaptiveTrim.ts';

type Watched = { usual: UsualLevel; onset: OnsetTrack };

export default defineStage({
  kind: 'threshold.adaptive',
  version: 2,
  summary:
    'Finds a statistic far above its usual level, learned on the stream itself; or trims the threshold of a detector to the stream.',
  reference:
    'Robbins and Monro, Ann. Math. Stat. 22 (1951) 400; Gibbs and Candes, Adv. Neural Inf. Process. Syst. 34 (2021)',
  input: ['reading', 'detection'],
  outputs: ['reading', 'detection'],
  statistic: 'any',
  config: adaptiveSettings,
  example: { factor: 6, learn: 10 },
  averageRunLength(config, period) {
    const { falseAlarms } = config;
    const isKnown = falseAlarms !== undefined && (typeof falseAlarms.onePer !== 'number' || period !== null);
    const runLength = isKnown ? runLengthOf(falseAlarms, period) : undefined;
    if (isKnown || falseAlarms === undefined) trimOptionsOf(config, runLength);
    return runLength ?? null;
  },
  prepare({ id, config, framePeriodUs }) {
    const runLength = config.falseAlarms && runLengthOf(config.falseAlarms, framePeriodUs);
    const factor = runLength === undefined ? config.factor : normalQuantile(1 / Math.max(runLength, 2));
    const options = trimOptionsOf(config, runLength);
    const trim = options && { id, options };
    return { ...config, id, factor, runLength, trim, scratch: new Float64Array(config.learn) };
  },
  init: (): { streams: Record<string, Watched>; trimmed: Record<string, Trimmed> } => ({ streams: {}, trimmed: {} }),
  step({ streams, trimmed }, signal, emit, work) {
    const { id, learn, factor, leastRatio, memory, runLength, scratch, trim } = work;
    const maker = signal.type === 'reading' ? signal.stage : signal.detector;
    if (work.stage !== undefined && maker !== work.stage) return;
    if (signal.type === 'detection') {
      const known = trimmed[`${maker}/${signal.stream}`];
      if (trim !== undefined && known !== undefined) trimDetection(known, signal, emit, trim);
      return;
    }
    const reading = signal;
    const key = `${maker}/${reading.stream}`;
    if (reading.name === ACCEPTED) {
      // The usual level of the old state, or its trim, says nothing about that of the accepted one.
      delete streams[reading.stream];
      delete trimmed[key];
      emit({ ...reading, stage: id });
      return;
    }
    if (reading.quality === 'invalid' || !Number.isFinite(reading.value)) return;
    if (trim !== undefined && (reading.name === work.reading || reading.name === 'threshold'))
      trimReading((trimmed[key] ??= createTrimmed()), reading, emit, trim);
    if (trim !== undefined || reading.name !== work.reading) return;
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
