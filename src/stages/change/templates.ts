import { dispersionOf } from '../../kernel/change/dispersion.ts';
import { expectedFrame } from '../../kernel/change/templateExpected.ts';
import { updateTemplates } from '../../kernel/change/templateJudge.ts';
import { learnedFrames } from '../../kernel/change/templateLearning.ts';
import { foundTemplate } from '../../kernel/change/templateFound.ts';
import { forgetReference } from '../../kernel/change/templateStart.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { copyHeader, hasUsableChannel } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import { acceptedAnew, acceptedReading, learningReading } from '../../model/operatorAct.ts';
import { driftReadings } from './templateDrift.ts';
import { templateSettings } from './templateSettings.ts';
import { initialTemplates, prepareTemplates } from './templateWork.ts';

export default defineStage({
  kind: 'change.templates',
  version: 3,
  summary:
    'Finds peaks and phases that come or go in a whole spectrum, at a stated false-alarm rate, blind to drift of gain, axis and background.',
  reference:
    'Xie and Siegmund, Ann. Statist. 41 (2013) 670 (several at once); Shin, Ramdas and Rinaldo, New England J. Stat. Data Sci. 2 (2023) 229 (certificate)',
  input: 'frame',
  outputs: ['reading', 'detection', 'frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: templateSettings,
  assets: ['baseline', 'phases'],
  example: { learn: 20, memory: 100 },
  averageRunLength: ({ falseAlarms, threshold }, period) =>
    threshold === undefined ? runLengthOf(falseAlarms, period) : null,
  prepare: prepareTemplates,
  init: (work) => ({ monitor: initialTemplates(work), accepted: -1 }),
  step(state, frame, emit, work) {
    const { id, templates, limit, verdict, unit, out, stated } = work;
    const { stream, seq, timeUs } = frame;
    const { monitor } = state;
    if (acceptedAnew(state, frame)) {
      forgetReference(monitor, templates);
      emit(acceptedReading(frame, id, state));
    }
    if (!hasUsableChannel(frame)) return;
    if (!updateTemplates(monitor, frame, templates, limit, verdict)) {
      emit(learningReading(frame, id, learnedFrames(monitor.learning) / templates.options.learn));
      return;
    }
    const { statistic, threshold } = verdict;
    emit(makeReading(frame, id, { name: 'statistic', value: statistic, unit: '1', quality: 'valid' }));
    emit(makeReading(frame, id, { name: 'threshold', value: threshold, unit: '1', quality: 'valid' }));
    driftReadings(monitor, templates, frame, id, unit, emit);
    const { value, error } = dispersionOf(monitor.dispersion);
    if (error < Infinity)
      emit(makeReading(frame, id, { name: 'dispersion', value, standardError: error, unit: '1', quality: 'valid' }));
    copyHeader(out, frame);
    expectedFrame(monitor, templates, out.values, out.variances!);
    emit(out);
    if (!verdict.isDetection) return;
    const { template, sign, region, onsetUs, onsetIntervalUs } = foundTemplate(monitor, templates, verdict, timeUs);
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs,
      onsetIntervalUs,
      detector: id,
      statistic,
      threshold,
      region,
      regionUnit: region && unit,
      sign,
      template,
      averageRunLength: stated,
    });
  },
});
