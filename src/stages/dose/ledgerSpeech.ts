import type { Frame } from '../../model/frame.ts';
import { FRACTION_OF_LIMIT, type Emit } from '../../model/signal.ts';
import type { LedgerWork } from './ledgerWork.ts';

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
    speak(frame, fraction, milestones[count]!, emit, work.id);
    count++;
  }
  return count;
}

/** A detection of a fraction of a limit. */
export function speak(
  { stream, seq, timeUs }: Frame,
  statistic: number,
  threshold: number,
  emit: Out,
  detector: string,
): void {
  emit({
    type: 'detection',
    stream,
    seq,
    timeUs,
    onsetUs: timeUs,
    detector,
    statistic,
    threshold,
    sign: 1,
    template: FRACTION_OF_LIMIT,
  });
}
