import type { z } from 'zod';
import { NUISANCES } from '../../kernel/change/expectedSpectrum.ts';
import { giveReference } from '../../kernel/change/givenReference.ts';
import { scanRate, scanThreshold } from '../../kernel/change/scanRate.ts';
import { createTwoSample, createTwoSampleState } from '../../kernel/change/twoSampleState.ts';
import { baselineOn, parseBaseline } from '../../model/baseline.ts';
import { runLengthOf } from '../../model/duration.ts';
import { blankFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import type { Setting } from '../../model/stage.ts';
import { NOISE, type stepSettings } from './stepSettings.ts';

/** What change.step derives from its settings, its layout and its baseline file. */
export function prepareStep({ id, config, layout, assets, framePeriodUs }: Setting<StepConfig, 'frame'>) {
  const axis = fastAxis(layout);
  const x = channelCentres(axis);
  if (x.length !== layout.size) throw new RangeError(`takes one spectrum per frame, got ${layout.axes.length} axes`);
  const { reference, window } = config;
  const learned = reference === 'learned';
  const file = assets['baseline'];
  const given = file === undefined || !learned ? null : baselineOn(parseBaseline(file), layout);
  const learn = given?.frames ?? config.learn;
  const widths = [...new Set(config.widths)].filter((width) => width <= x.length);
  const shape = { channels: x.length, widths, window };
  const noise = config.noise === 'auto' ? NOISE[layout.noise] : config.noise;
  // Learned variances make Student's t of the normal z: the first term of Cornish and Fisher.
  const heavy = (z: number) => (noise === 'learned' ? z * (1 + (z * z + 1) / (4 * (learn + 9))) : z);
  const threshold = config.threshold ?? heavy(scanThreshold(runLengthOf(config.falseAlarms, framePeriodUs), shape));
  const sampled = {
    kind: learned ? 'learned' : 'previous',
    frames: learned ? Math.min(config.learn, learn) : reference.previous,
  } as const;
  const ignore = NUISANCES.filter((name) => config.ignore.includes(name));
  const gap = learned ? 0 : reference.gap;
  const centre = 0.5 * (x[0]! + x[x.length - 1]!);
  const test = createTwoSample({ ...sampled, gap, window, x, centre, noise, ignore, widths, threshold });
  const runLength = noise === 'counts' || noise === 'given' ? 0.5 / scanRate(threshold, shape) : undefined;
  const quiet = scanThreshold(5, shape);
  return { id, x, unit: axis.unit, test, given, threshold, runLength, quiet, out: blankFrame(layout, true) };
}

type StepConfig = z.output<typeof stepSettings>;

/** The state before the first frame: without a reference, or with the given one. */
export function initialSample({ test, given }: ReturnType<typeof prepareStep>) {
  const sample = createTwoSampleState(test.options);
  if (given !== null) giveReference(sample, given, test.options.noise === 'learned');
  return sample;
}
