import type { z } from 'zod';
import { createTemplateState, createTemplateWork, type TemplateState } from '../../kernel/change/templateMonitor.ts';
import type { TemplateVerdict } from '../../kernel/change/templateJudge.ts';
import { DRIFTS } from '../../kernel/change/templateReference.ts';
import { giveTemplateReference } from '../../kernel/change/templateStart.ts';
import { baselineOn, parseBaseline } from '../../model/baseline.ts';
import { runLengthOf } from '../../model/duration.ts';
import { blankFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { parseLineList } from '../../model/lineList.ts';
import type { Setting } from '../../model/stage.ts';
import type { templateSettings } from './templateSettings.ts';

/** The noise model of `noise: auto`, by the noise of the layout. */
const NOISE = { poisson: 'counts', scaledPoisson: 'given', gaussian: 'given', unknown: 'learned' } as const;
/** Windows longer than this many times the baseline would be compared with noise. */
const MOST_MEMORY = 10;

/** What change.templates derives from its settings, its layout and its files. */
export function prepareTemplates({ id, config, layout, assets, framePeriodUs }: Setting<TemplateConfig, 'frame'>) {
  const axis = fastAxis(layout);
  const x = channelCentres(axis);
  if (x.length !== layout.size) throw new RangeError(`takes one spectrum per frame, got ${layout.axes.length} axes`);
  const pitch = x.length < 2 ? 1 : (x[x.length - 1] - x[0]) / (x.length - 1);
  const fwhm = config.fwhm ?? [5 * pitch, 8 * pitch];
  const narrow = fwhm.length > 0 ? Math.min(...fwhm) : 5 * pitch;
  const listed = assets['phases'] === undefined ? [] : parseLineList(assets['phases']);
  const sets = [...config.lines, ...listed].map((set) => ({
    ...set,
    fwhm: ('fwhm' in set ? set.fwhm : undefined) ?? narrow,
  }));
  const baseline = assets['baseline'] === undefined ? null : baselineOn(parseBaseline(assets['baseline']), layout);
  const learn = baseline?.frames ?? config.learn;
  if (config.memory > MOST_MEMORY * learn)
    throw new RangeError(
      `memory is ${config.memory} frames, but a baseline of ${learn} frames supports windows of ${MOST_MEMORY * learn} at most: ` +
        'beyond that its own noise is most of the comparison. Learn longer, give a baseline file, or lower the memory',
    );
  const templates = createTemplateWork({
    x,
    fwhm,
    sets,
    contrast: config.contrast && x.length > 8,
    noise: config.noise === 'auto' ? NOISE[layout.noise] : config.noise,
    drifts: DRIFTS.filter((name) => config.ignore.includes(name)),
    learn: config.learn,
    memory: config.memory,
    up: config.sides !== 'down',
    down: config.sides !== 'up',
    tolerance: config.tolerance,
    fixedPattern: config.fixedPattern,
    certified: config.certificate && config.fixedPattern === 0,
  });
  const stated = config.threshold === undefined ? runLengthOf(config.falseAlarms, framePeriodUs) : undefined;
  const limit = config.threshold === undefined ? { runLength: stated ?? 0 } : { threshold: config.threshold };
  const verdict: TemplateVerdict = { statistic: 0, threshold: 0, isDetection: false, by: 'single' };
  return { id, unit: axis.unit, templates, baseline, limit, stated, verdict, out: blankFrame(layout, true) };
}

type TemplateConfig = z.output<typeof templateSettings>;

/** The state before the first frame: without a reference, or with the given one. */
export function initialTemplates({ templates, baseline }: ReturnType<typeof prepareTemplates>): TemplateState {
  const state = createTemplateState(templates);
  if (baseline !== null) giveTemplateReference(state, templates, baseline);
  return state;
}
