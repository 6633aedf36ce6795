import { slopeAlong } from './axisShift.ts';
import { frameLevel, PRIOR_FREEDOM, regularisedVariances } from './channelNoise.ts';
import { fitted, type AxisTrack, type ExpectedSpectrum } from './expectedSpectrum.ts';
import { fitExpected } from './fitExpected.ts';
import { fittedSpectrum } from './nuisanceFit.ts';
import { addReference, takeFrame } from './referenceFrames.ts';
import { testCounts, testResiduals } from './residualTest.ts';
import { gatherVariances, weigh } from './twoSampleNoise.ts';
import { createTwoSampleState, type TestedFrame, type TwoSampleState, type TwoSampleWork } from './twoSampleState.ts';

/**
 * Judges the last `window` frames against the reference: how unlike are the spectra, but for gain and what is ignored?
 *
 * The expectation is the reference, warped to the frame's axis, fitted with gain and nuisance directions by weighted
 * least squares. The residual is judged twice: by a scan of boxes of several widths, for lines, and by its
 * chi-square, for changes everywhere. The statistic is the larger, on the scale of the scan's standard deviations.
 *
 * @returns the statistic, >= 0; null while there is no reference yet. Details are left in `work`.
 */
export function updateTwoSample(state: TwoSampleState, frame: TestedFrame, work: TwoSampleWork): number | null {
  const { options } = work;
  const values = filled(state, frame, work);
  const full = takeFrame(state.frames, values, frame, options, work.align);
  const learning = options.kind === 'learned' && state.frames.referenceCount < options.frames;
  if (options.kind === 'previous') work.ready = false;
  if (options.noise === 'given') gatherVariances(state, frame, options.frames);
  if (learning) return learn(state, values, frame, work);
  return full ? judge(state, state.frames.now, options.window, frame, work) : null;
}

function learn(state: TwoSampleState, values: Float64Array, frame: TestedFrame, work: TwoSampleWork): null {
  const { options } = work;
  const { frames, track } = state;
  if (frames.referenceCount > 0) {
    work.ready = false;
    const statistic = judge(state, values, 1, frame, work);
    const mature = frames.referenceCount >= Math.min(16, Math.ceil(options.frames / 2));
    // The scan of one frame while learning has no better threshold than this: a frame that far off is not quiet.
    if (mature && statistic > 1.3 * options.threshold && state.refused < options.frames) {
      state.refused++;
      return null;
    }
    if (mature && state.refused >= options.frames) {
      Object.assign(state, createTwoSampleState(options));
    } else if (options.noise === 'learned') {
      const share = frames.referenceCount / (frames.referenceCount + 1);
      for (let i = 0; i < values.length; i++) state.squares[i]! += work.residual[i]! ** 2 * share;
      state.freedom++;
    }
  }
  state.refused = 0;
  const shift = frame.shift + track.shift;
  const stretch = frame.stretch + track.stretch;
  addReference(state.frames, values, { shift, stretch, exposureUs: frame.exposureUs }, options, work.align);
  work.ready = false;
  return null;
}

function judge(
  state: TwoSampleState,
  now: Float64Array,
  window: number,
  frame: TestedFrame,
  work: TwoSampleWork,
): number {
  const { options, expected, test, expectation, variances } = work;
  const { frames, track } = state;
  const n = now.length;
  const ratio = window / frames.referenceCount;
  follow(state, frame, work);
  if (!work.ready) {
    for (let i = 0; i < n; i++) expected.mean[i] = frames.reference[i]! / frames.referenceCount;
    if (options.noise === 'counts') for (let i = 0; i < n; i++) expected.mean[i] = Math.max(expected.mean[i]!, 0);
    slopeAlong(expected.mean, options.x, expected.slopes);
    if (options.noise === 'learned' && state.freedom > 0)
      regularisedVariances(state.squares, state.freedom, work.learned);
  }
  const steady = options.noise === 'counts' || options.noise === 'learned';
  fitExpected(expected, now, window, track, () => weigh(state, now, window, frame, work), work.ready && steady);
  work.ready = window === options.window;
  const { coefficients } = expected.fit;
  state.gain = coefficients[0]!;
  fittedSpectrum(expected.fit, expectation);
  const used = { widths: options.widths, ratio: ratio * Math.max(coefficients[0]!, 1e-6), fitted: coefficients.length };
  if (options.noise === 'counts') testCounts(now, expectation, variances, used, test);
  else {
    const { residual } = work;
    for (let i = 0; i < n; i++) residual[i] = now[i]! - expectation[i]!;
    if (options.noise === 'learned') for (let i = 0; i < n; i++) variances[i] = work.learned[i]! * window * (1 + ratio);
    if (options.noise === 'learned' && state.freedom > 0) {
      const level = frameLevel(residual, variances, work.noise) ** 2;
      for (let i = 0; i < n; i++) variances[i]! *= level;
    }
    const freedom = options.noise === 'learned' ? Math.max(state.freedom, 1) + PRIOR_FREEDOM : Infinity;
    const levelError = options.noise === 'given' ? 0 : options.noise === 'learned' ? 0.02 : 0.05;
    testResiduals(residual, variances, { freedom, levelError }, used, test);
  }
  if (options.kind === 'learned') keepTrack(track, frame, expected);
  return Math.max(test.peak.z, test.chiSquare * work.chiScale, 0);
}

/** Moves the reference when the frame's axis, as said or as tracked, has left the place the directions are made for. */
function follow(state: TwoSampleState, frame: TestedFrame, work: TwoSampleWork): void {
  const { track } = state;
  const { expected, options } = work;
  if (options.kind === 'previous') track.shift = track.stretch = 0;
  const shift = frame.shift + track.shift;
  const stretch = frame.stretch + track.stretch;
  const arm = 0.5 * expected.pitch * Math.max(options.x.length - 1, 1);
  const off = Math.abs(shift - track.usedShift) + arm * Math.abs(stretch - track.usedStretch);
  if (off <= track.reach) return;
  track.usedShift = shift;
  track.usedStretch = stretch;
  work.ready = false;
}

/** Slow filter on the fitted drift, weight 0.06 per frame: one frame's fit is too noisy to follow at few counts. */
function keepTrack(track: AxisTrack, frame: TestedFrame, expected: ExpectedSpectrum): void {
  const { ignore, x, pitch, fit } = expected;
  if (fit.coefficients[0]! <= 0) return;
  const arm = 0.5 * pitch * Math.max(x.length - 1, 1);
  if (ignore.includes('shift')) {
    const off = track.usedShift + fitted(expected, 'shift') - frame.shift - track.shift;
    track.shift += 0.06 * bounded(off, pitch);
  }
  if (ignore.includes('stretch')) {
    const off = track.usedStretch + fitted(expected, 'stretch') - frame.stretch - track.stretch;
    track.stretch += 0.06 * bounded(off, pitch / arm);
  }
}

function bounded(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

/** The frame, with masked channels filled by what was expected there last. */
function filled(state: TwoSampleState, frame: TestedFrame, work: TwoSampleWork): Float64Array {
  const { mask, values } = frame;
  if (mask === undefined) return values;
  const { clean } = work;
  const { reference, referenceCount } = state.frames;
  const scale = referenceCount === 0 ? 0 : state.gain / referenceCount;
  for (let i = 0; i < clean.length; i++) clean[i] = mask[i] === 1 ? scale * reference[i]! : values[i]!;
  return clean;
}
