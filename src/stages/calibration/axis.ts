import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { copyHeader, hasSignal, makeFrame, type Frame, type MutableFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { findLines, seekLines } from './axisLines.ts';
import { calibratedLayout, fitAxis, type AxisNumber } from './axisModel.ts';
import { axisSettings, MODEL_SIZE } from './axisSettings.ts';

/** Coefficients a state has room for. */
const ROOM = 6;

export default defineStage({
  kind: 'calibration.axis',
  version: 2,
  summary:
    'Calibrates the axis from lines of known position in the first frames, or from coefficients: offset, gain and more, with errors; of a diffractometer, zero and sample height.',
  reference: 'Klug & Alexander, X-Ray Diffraction Procedures, 2nd ed. (1974)',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: axisSettings,
  example: { lines: [{ reference: 24 }], window: 15, width: 10, model: 'offset' },
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const given = config.coefficients;
    const least = MODEL_SIZE[config.model];
    const sought =
      given === undefined ? inWords(id, () => seekLines(config, channelCentres(axis), axis.unit, least)) : [];
    const output = makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: new Float64Array(0) });
    return { id, config, layout, unit: axis.unit, given, least, sought, output, isMoved: false };
  },
  init: ({ layout, given }) => {
    const coefficients = new Float64Array(ROOM);
    if (given !== undefined) coefficients.set(given.length === 1 ? [given[0]!, 1] : given);
    const sums = { sum: new Float64Array(layout.size), variances: new Float64Array(layout.size) };
    return {
      isCalibrated: given === undefined ? 0 : 1,
      learned: 0,
      coefficients,
      mask: new Uint8Array(layout.size),
      ...sums,
    };
  },
  step(state, frame, emit, work) {
    const { id, config, layout, unit, least, sought, output } = work;
    const say = ({ name, value, standardError, unit: of }: AxisNumber, isValid = true): void => {
      const error = Number.isFinite(standardError) ? standardError : undefined;
      emit(
        makeReading(frame, id, { name, value, standardError: error, unit: of, quality: isValid ? 'valid' : 'invalid' }),
      );
    };
    if (state.isCalibrated === 0) {
      if (frame.axisShift !== 0)
        throw new MonitorError('STAGE', 'got frames whose drift was measured, expected to stand before that stage', {
          id,
        });
      if (!hasSignal(frame)) return;
      add(state, frame);
      state.learned++;
      say({ name: 'learning', value: Math.min(state.learned / config.learn, 1), standardError: NaN, unit: '1' });
      if (state.learned < config.learn) return;
      const variances = layout.noise === 'poisson' ? null : state.variances;
      const found = inWords(id, () => findLines(sought, state.sum, variances, state.mask));
      const isEnough = found.positions.length >= least;
      if (isEnough) {
        const fitted = inWords(id, () => fitAxis(config, found, unit));
        for (const each of fitted.numbers) say(each);
        state.coefficients.set(fitted.coefficients);
        state.isCalibrated = 1;
      } else say({ name: 'lines', value: found.positions.length, standardError: NaN, unit: '1' }, false);
      state.learned = 0;
      for (const list of [state.sum, state.variances, state.mask]) list.fill(0);
      return;
    }
    if (!work.isMoved) output.layout = inWords(id, () => calibratedLayout(config, state.coefficients, layout));
    work.isMoved = true;
    passOn(output, frame);
    emit(output);
  },
});

/** The kernel refuses in words; they get the name of the stage. */
function inWords<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MonitorError('STAGE', error.message, { id }, { cause: error });
  }
}

function add(
  { sum, variances, mask }: { sum: Float64Array; variances: Float64Array; mask: Uint8Array },
  frame: Frame,
): void {
  for (let i = 0; i < sum.length; i++) {
    if (frame.mask?.[i] === 1) {
      mask[i] = 1;
      continue;
    }
    sum[i]! += frame.values[i]!;
    variances[i]! += frame.variances?.[i] ?? 1;
  }
}

function passOn(output: MutableFrame, frame: Frame): void {
  copyHeader(output, frame);
  output.values = frame.values;
  output.variances = frame.variances;
  output.mask = frame.mask;
}
