import { driftError, trackedError } from '../../kernel/change/driftTrack.ts';
import type { TemplateState, TemplateWork } from '../../kernel/change/templateMonitor.ts';
import type { Frame } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Emit } from '../../model/signal.ts';

/** Readings of gain and drift, with their standard errors. */
export function driftReadings(
  { drift }: TemplateState,
  { options, fit, directions, gains }: TemplateWork,
  frame: Frame,
  id: string,
  unit: string,
  emit: Emit<'reading'>,
): void {
  const gain = fit.coefficients[0];
  const ofGain = driftError(directions, 0, 1) * Math.sqrt(Math.max(gain, 0));
  emit(
    makeReading(frame, id, { name: 'gain', value: gain, standardError: finite(ofGain), unit: '1', quality: 'valid' }),
  );
  for (let k = 0; k < options.drifts.length; k++) {
    const name = options.drifts[k];
    const error = trackedError(driftError(directions, k + 1, gain), gains[k]);
    const its = name === 'shift' ? unit : name === 'broadening' ? `${unit}2` : '1';
    emit(
      makeReading(frame, id, { name, value: drift[name], standardError: finite(error), unit: its, quality: 'valid' }),
    );
  }
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
