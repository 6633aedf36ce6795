import type { FrameHeader } from '../../model/makeReading.ts';
import type { Detection, Emit } from '../../model/signal.ts';

/** A detection of something more that began when it was noticed. */
export function speak(
  { stream, seq, timeUs }: FrameHeader,
  parts: Required<Pick<Detection, 'detector' | 'statistic' | 'threshold'>> & { readonly template: string },
  emit: Emit<'detection'>,
): void {
  const { detector, statistic, threshold, template } = parts;
  emit({ type: 'detection', stream, seq, timeUs, onsetUs: timeUs, detector, statistic, threshold, sign: 1, template });
}
