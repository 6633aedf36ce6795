import { holdBaseline, isOver, releaseBaseline, updateTemplates } from '../../kernel/change/templateJudge.ts';
import { createTemplateState } from '../../kernel/change/templateMonitor.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { templateSettings, prepareTemplates } from './templateSettings.ts';

export default defineStage({
  kind: 'change.templates',
  version: 1,
  summary: 'x',
  input: 'frame',
  outputs: ['reading', 'detection', 'frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: templateSettings,
  example: { learn: 20 },
  averageRunLength: ({ falseAlarms }, period) => runLengthOf(falseAlarms, period),
  prepare: prepareTemplates,
  init: ({ templates }) => ({ templates: createTemplateState(templates), accepted: -1 }),
  step(state, frame, emit, { id, templates, thresholds }) {
    const { stream, seq, timeUs, values, variances, mask } = frame;
    const { templates: monitor } = state;
    const wasHeld = monitor.held.clock > 0;
    const statistic = updateTemplates(monitor, { timeUs, values, variances, mask }, templates, thresholds);
    if (statistic === null) return;
    const { single: threshold } = thresholds(monitor);
    emit({ type: 'reading', stream, seq, timeUs, stage: id, name: 'statistic', value: statistic, unit: '1', quality: 'valid' });
    if (wasHeld && isOver(statistic, { single: threshold, several: 0 })) releaseBaseline(monitor, templates.options.memory);
    if (statistic < threshold) return;
    holdBaseline(monitor, templates.evidence.row);
    emit({ type: 'detection', stream, seq, timeUs, onsetUs: timeUs, detector: id, statistic, threshold, sign: 0 });
  },
});
