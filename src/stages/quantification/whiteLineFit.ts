import { z } from 'zod';
import { fitCold } from '../../kernel/peaks/fitCold.ts';
import { fitPeaks } from '../../kernel/peaks/fitPeaks.ts';
import { createPeakFit } from '../../kernel/peaks/peakFit.ts';
import { robustCovariance } from '../../kernel/peaks/robustCovariance.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { channelCentres, fastAxis, meanChannelWidth } from '../../model/layout.ts';
import { takeSpectrum } from '../peaks/fitChannels.ts';
import { whiteLineModel, whiteLineSettings } from './whiteLineModel.ts';
import { reportWhiteLines } from './whiteLineReadings.ts';

/** As peaks.fit: a hundredth of a standard deviation is near enough. */
const TOLERANCE = 1e-4;
const ITERATIONS = 60;

export default defineStage({
  kind: 'quantification.whiteLineFit',
  version: 1,
  summary:
    'Fits the L3 and L2 white lines of a transition metal with a bounded splitting on a continuum of two steps; reads places, areas and their ratio, each with its error. Another recipe than quantification.whiteLines: never compare their ratios.',
  reference: 'van Aken and Liebscher, Phys. Chem. Miner. 29 (2002) 188; Kaufman, BIT 15 (1975) 49',
  input: 'frame',
  outputs: ['reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: z.strictObject(whiteLineSettings),
  example: { l3: 22, within: 6, splitting: 10, splittingWithin: 3, width: 5, region: [2, 44] },
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const [first, end] = config.region === undefined ? [0, layout.size] : channelRange(axis, config.region);
    const centres = channelCentres(axis);
    const x = centres.slice(first, end);
    const [from, to] = [x[0]!, x[x.length - 1]!];
    const { l3, splitting } = config;
    if (!(l3 > from && l3 + splitting < to))
      throw new MonitorError(
        'STAGE',
        `the lines are at ${l3} and ${l3 + splitting}, expected within ${from} to ${to} ${axis.unit}`,
        { id },
      );
    const fit = createPeakFit(whiteLineModel(config), x);
    const needed = fit.normal.use.length;
    const room = {
      values: new Float64Array(x.length),
      variances: new Float64Array(x.length),
      mask: new Uint8Array(x.length),
    };
    const isCounts = layout.noise === 'poisson';
    const units = { unit: layout.unit, axisUnit: axis.unit, step: meanChannelWidth(axis) };
    return {
      id,
      axis,
      centres,
      x,
      first,
      fit,
      needed,
      isCounts,
      isScaled: layout.noise === 'unknown',
      ...units,
      ...room,
    };
  },
  init: ({ fit }) => ({
    isWarm: 0,
    parameters: new Float64Array(fit.parameters.length),
    amplitudes: new Float64Array(fit.amplitudes.length),
  }),
  step(state, frame, emit, work) {
    const { fit, needed, isCounts, isScaled, values, variances, mask } = work;
    const isTried = takeSpectrum(frame, work) >= needed;
    let isFitted = false;
    if (isTried) {
      const options = {
        variances: isCounts ? null : variances,
        mask,
        axisShift: frame.axisShift,
        tolerance: TOLERANCE,
        iterations: ITERATIONS,
      };
      if (state.isWarm === 1) {
        fit.parameters.set(state.parameters);
        fit.amplitudes.set(state.amplitudes);
        isFitted = fitPeaks(fit, values, { ...options, warm: true }).converged;
      }
      if (!isFitted) isFitted = fitCold(fit, values, options, isScaled);
      if (isScaled && isFitted) robustCovariance(fit, values);
      state.parameters.set(fit.parameters);
      state.amplitudes.set(fit.amplitudes);
      state.isWarm = isFitted && !fit.undetermined.includes(1) ? 1 : 0;
    }
    reportWhiteLines(frame, work, isFitted, emit);
  },
});
