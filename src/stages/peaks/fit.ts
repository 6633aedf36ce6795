import { fitPeaks } from '../../kernel/peaks/fitPeaks.ts';
import { fitCold } from '../../kernel/peaks/fitCold.ts';
import { createPeakFit } from '../../kernel/peaks/peakFit.ts';
import { robustCovariance } from '../../kernel/peaks/robustCovariance.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { buildPeakModel } from './fitModel.ts';
import { takeSpectrum } from './fitChannels.ts';
import { report } from './fitReadings.ts';
import { fitSettings } from './fitSettings.ts';
import { shapedPeaks } from './shapedPeaks.ts';

/** Of a stream: a hundredth of a standard deviation is near enough. */
const TOLERANCE = 1e-4;

export default defineStage({
  kind: 'peaks.fit',
  version: 2,
  summary:
    'Fits peaks to each spectrum, from where the last fit ended: position, area and width of each with its error, and what a bound or the data left open.',
  reference:
    'Kaufman, BIT 15 (1975) 49 (variable projection); Cash, Astrophys. J. 228 (1979) 939 (likelihood of counts)',
  input: 'frame',
  outputs: ['reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: fitSettings,
  example: { peaks: [{ name: 'A', shape: 'gaussian', position: 24, within: 6, width: 10 }], background: 'constant' },
  presets: {
    // What the detector makes of a line; its natural width is a hundredth of that.
    EDX: { shape: 'gaussian' },
    // White lines as the constrained recipe fits them.
    EELS: { shape: 'gaussian' },
    // Lifetime and instrument, neither of which can be left out.
    XPS: { shape: 'pseudoVoigt' },
    XRD: { shape: 'pseudoVoigt' },
    // Lifetime, where the slit is narrower than the band.
    Raman: { shape: 'lorentzian' },
  },
  check: (config) => void shapedPeaks(config),
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const [first, end] = config.region === undefined ? [0, layout.size] : channelRange(axis, config.region);
    const centres = channelCentres(axis);
    const x = centres.slice(first, end);
    const [from, to] = [x[0]!, x[x.length - 1]!];
    for (const { name, position } of config.peaks)
      if (!(position >= from && position <= to))
        throw new MonitorError('STAGE', `'${name}' is at ${position}, expected within ${from} to ${to} ${axis.unit}`, {
          id,
        });
    const fit = createPeakFit(buildPeakModel(config, [from, to]), x);
    const needed = fit.normal.use.length;
    if (x.length < needed)
      throw new MonitorError(
        'STAGE',
        `fits ${needed} numbers to the ${x.length} channels of ${from} to ${to} ${axis.unit}, expected as many channels at least`,
        { id },
      );
    const isCounts = layout.noise === 'poisson' && config.likelihood === 'auto';
    const place = { id, unit: layout.unit, axisUnit: axis.unit, isCounts, isScaled: layout.noise === 'unknown' };
    return {
      ...place,
      fit,
      axis,
      centres,
      x,
      first,
      needed,
      names: config.peaks.map(({ name }) => name),
      iterations: config.iterations,
      values: new Float64Array(x.length),
      variances: new Float64Array(x.length),
      mask: new Uint8Array(x.length),
    };
  },
  init: ({ fit }) => ({
    isWarm: 0,
    parameters: new Float64Array(fit.parameters.length),
    amplitudes: new Float64Array(fit.amplitudes.length),
  }),
  step(state, frame, emit, work) {
    const { id, fit, needed, iterations, isCounts, isScaled, values, variances, mask } = work;
    const { axisShift, stream, seq } = frame;
    const usable = takeSpectrum(frame, work);
    let isFitted = false;
    if (usable >= needed) {
      const options = { variances: isCounts ? null : variances, mask, axisShift, tolerance: TOLERANCE, iterations };
      try {
        if (state.isWarm === 1) {
          fit.parameters.set(state.parameters);
          fit.amplitudes.set(state.amplitudes);
          // A peak that is lost may have moved out of reach of where it was.
          isFitted = fitPeaks(fit, values, { ...options, warm: true }).converged && !fit.undetermined.includes(1);
        }
        if (!isFitted) isFitted = fitCold(fit, values, options, isScaled);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new MonitorError('STAGE', error.message, { id, stream, seq }, { cause: error });
      }
      if (isScaled && isFitted) robustCovariance(fit, values);
      state.parameters.set(fit.parameters);
      state.amplitudes.set(fit.amplitudes);
      state.isWarm = isFitted && !fit.undetermined.includes(1) ? 1 : 0;
    }
    report(frame, work, isFitted, usable >= needed, emit);
  },
});
