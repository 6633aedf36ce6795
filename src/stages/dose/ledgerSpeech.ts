import type { Frame } from '../../model/frame.ts';
import { FRACTION_OF_LIMIT, type Emit } from '../../model/signal.ts';
import type { LedgerWork } from './ledgerWork.ts';
import { speak } from './speak.ts';

type Out = Emit<'reading' | 'detection'>;

/** Speaks of the milestones that were passed; returns how many were, ever. */
export function passMilestones(
  frame: Frame,
  fraction: number,
  passedCount: number,
  emit: Out,
  work: LedgerWork,
): number {
  let count = passedCount;
  const { milestones } = work.config;
  while (count < milestones.length && fraction >= milestones[count]!) {
    speakOfLimit(frame, fraction, milestones[count]!, emit, work.id);
    count++;
  }
  return count;
}

/** Speaks of a fraction of a limit. */
export function speakOfLimit(frame: Frame, statistic: number, threshold: number, emit: Out, detector: string): void {
  speak(frame, { detector, statistic, threshold, template: FRACTION_OF_LIMIT }, emit);
}
