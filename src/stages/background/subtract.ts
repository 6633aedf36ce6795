import { copyHeader, FrameFlag, hasUsableChannel, type Frame } from '../../model/frame.ts';
import { makeReading, type ReadingParts } from '../../model/makeReading.ts';
import { addScaleError } from '../../model/scaleError.ts';
import { fitAll } from './fitAll.ts';
import type { BackgroundEmit } from './method.ts';
import type { BackgroundSettings } from './settings.ts';
import { fillSpectrum, maskOf } from './spectrum.ts';
import { followShift, type BackgroundState, type BackgroundWork } from './work.ts';

/** One frame: its background, what both kinds of errors make of it, and what lies above. */
export function stepBackground(state: BackgroundState, frame: Frame, emit: BackgroundEmit, work: BackgroundWork): void {
  const { id, method, settings, spectrum, background, output, outVariances } = work;
  const tell = (parts: ReadingParts, systematicError?: number): void =>
    emit(Object.assign(makeReading(frame, id, parts), { systematicError }));
  copyHeader(output, frame);
  const isCovered = followShift(work, frame.axisShift);
  const { region } = work.place;
  const mask = maskOf(frame, work);
  output.mask = mask;
  const unit = frame.layout.unit;
  fillSpectrum(frame, work);
  if (!isCovered || !hasUsableChannel(frame) || !fitAll(state, work)) {
    // No background was found: no channel of this frame may be used.
    output.values.fill(0);
    outVariances.fill(0);
    output.mask = work.nothing;
    emit(output);
    tell({ name: 'net', value: 0, standardError: undefined, unit, quality: 'invalid' });
    return;
  }
  const { values, variances } = spectrum;
  method.variances(spectrum, background, outVariances);
  const ofChannels = method.netVariance(spectrum, background, outVariances, region);
  let net = 0;
  for (let i = region.first; i < region.end; i++) net += values[i]! - background[i]!;
  const isCorrelated = (frame.flags & FrameFlag.correlated) !== 0;
  const netVariance = ofChannels + (frame.scaleError * net) ** 2;
  const subtracts = settings.output === 'subtracted';
  const both = settings.band === 'both';
  for (let i = 0; i < values.length; i++) {
    const isMasked = mask !== undefined && mask[i] === 1;
    output.values[i] = isMasked ? 0 : subtracts ? values[i]! - background[i]! : background[i]!;
    if (subtracts) outVariances[i] = outVariances[i]! + variances[i]!;
    if (both) outVariances[i] = outVariances[i]! + state.systematic[i]! ** 2;
  }
  // A background scales as its spectrum does: what all channels share comes back whole.
  addScaleError(output);
  emit(output);
  tell(
    // Where the background took everything from the region, its linear form leaves no variance: that is no certainty.
    {
      name: 'net',
      value: net,
      standardError: netVariance > 0 && !isCorrelated ? Math.sqrt(netVariance) : undefined,
      unit,
      quality: 'valid',
    },
    systematicOf(state, settings),
  );
  method.report?.(tell);
}

const systematicOf = ({ netSystematic }: BackgroundState, { vary }: BackgroundSettings): number | undefined =>
  vary === 0 ? undefined : netSystematic;
