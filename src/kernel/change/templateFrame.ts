import { bridgeMasked } from '../array/bridgeMasked.ts';
import { effectiveTemplates } from './effectiveTemplates.ts';
import { driftError, driftReach, fitDrift, toleratedDrift, trackedError, trackingGain } from './driftTrack.ts';
import { neighbourMean } from './neighbourMean.ts';
import { layTemplates } from './templateBank.ts';
import { layCertificate } from './templateCertificate.ts';
import { layTemplateDirections } from './templateDirections.ts';
import { contrastWithoutNoise, withoutReferenceNoise } from './referenceNoise.ts';
import type { TemplateState, TemplateWork } from './templateMonitor.ts';
import { layDrift, setTemplateReference } from './templateReference.ts';
import { layWander } from './templateWander.ts';

/** Lays everything that follows from reference and drift. */
export function layAll(state: TemplateState, work: TemplateWork): void {
  const { options, bank, reference, directions, variances, weights } = work;
  const { x, noise, drifts } = options;
  const counts = noise === 'counts';
  const pitch = reference.pitch;
  if (!work.hasReference)
    setTemplateReference(reference, state.reference, { frames: state.frames, widest: work.wide / pitch, counts });
  layDrift(reference, state.used);
  layTemplates(bank, x, state.used.shift, reference.peaks);
  const expected = reference.directions[0]!;
  let mean = 0;
  for (let i = 0; i < x.length; i++) {
    variances[i] = counts ? Math.max(expected[i]!, 0) : state.variances[i]!;
    mean += variances[i]! / x.length;
  }
  neighbourMean(variances, counts || noise === 'learned' ? 0 : 1, weights);
  const floor = counts ? Math.max(1e-3 * mean, 0.2 / state.frames) : 1e-6 * mean;
  for (let i = 0; i < x.length; i++) weights[i] = Math.max(weights[i]!, floor, 1e-300);
  const frames = noise === 'counts' ? state.frames : noise === 'learned' ? state.frames : Infinity;
  const { correct, correctContrast } = referenceNoise(state.frames, work);
  layTemplateDirections(directions, bank, reference.directions, {
    variances,
    weights,
    counts,
    frames,
    correct,
    correctContrast,
  });
  work.scan.mostSkewed = [0, 0];
  for (const value of directions.skewness) {
    if (value > work.scan.mostSkewed[0]) work.scan.mostSkewed[0] = value;
    if (-value > work.scan.mostSkewed[1]) work.scan.mostSkewed[1] = -value;
  }
  for (let k = 0; k < drifts.length; k++) {
    const error = driftError(directions, k + 1, 1);
    work.gains[k] = trackingGain(error, toleratedDrift(drifts[k]!, reference));
    work.reaches[k] = driftReach(drifts[k]!, reference, trackedError(error, work.gains[k]!));
  }
  if (work.scan.isTempered) layWander(work);
  if (state.effective === 0) state.effective = effectiveTemplates(bank, directions, variances);
  const least = CERTAIN / state.frames;
  if (work.certificate.bins > 0) layCertificate(work.certificate, reference.directions, state.used.shift, least);
  work.hasReference = true;
  work.ready = true;
}

/** How the noise of the reference, learned from `frames` frames, is taken out of what is made of it. */
function referenceNoise(frames: number, { options: { drifts }, reference, variances, weights }: TemplateWork) {
  let all = 0;
  let ofPeaks = 0;
  for (let i = 0; i < variances.length; i++) {
    const noise = variances[i]! / (weights[i]! * frames);
    all += noise;
    if (reference.peaks[i]! > 0) ofPeaks += noise;
  }
  const { pitch, isSmooth } = reference;
  return {
    correct: (gram: Float64Array): void => withoutReferenceNoise(gram, drifts, all, pitch, isSmooth),
    correctContrast: (scores: Float64Array): void => contrastWithoutNoise(scores, drifts, ofPeaks, pitch, isSmooth),
  };
}

/** Least information per frame that the certificate bets on, times the frames of the reference: 10 ln A. */
const CERTAIN = 120;

/** Fits gain and drift of a frame; fills its masked channels with what is expected of them, so that they say nothing. */
export function fitFrame(work: TemplateWork, values: Float64Array, mask: Uint8Array | undefined): void {
  const { clean, directions, fit, reference } = work;
  clean.set(values);
  if (mask !== undefined) {
    const expected = reference.directions[0]!;
    let seen = 0;
    let known = 0;
    for (let i = 0; i < clean.length; i++)
      if (mask[i] === 0) {
        seen += clean[i]!;
        known += expected[i]!;
      }
    const gain = known > 0 ? seen / known : 0;
    for (let i = 0; i < clean.length; i++) if (mask[i] !== 0) clean[i] = gain * expected[i]!;
  }
  fitDrift(fit, directions, clean);
}

/** A frame with its masked channels bridged: what is learned from. */
export function bridged(values: Float64Array, mask: Uint8Array | undefined, out: Float64Array): Float64Array {
  if (mask === undefined) out.set(values);
  else bridgeMasked(values, mask, out);
  return out;
}
