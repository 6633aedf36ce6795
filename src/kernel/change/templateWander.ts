import type { TemplateWork } from './templateMonitor.ts';

/**
 * What may move each score per frame without meaning: the peaks under it that wander together; and the sensitivity of its
 * channels, each for itself, that stays where it is while the axis drifts, so that it is in both the frame and its reference.
 */
export function layWander({
  bank,
  directions,
  reference,
  scan,
  options: { tolerance, fixedPattern },
}: TemplateWork): void {
  const { count, first, length, offsets } = bank;
  const expected = reference.directions[0]!;
  for (let j = 0; j < count; j++) {
    let ofPeaks = 0;
    let ofChannels = 0;
    for (let i = 0; i < length[j]!; i++) {
      const local = directions.local[offsets[j]! + i]!;
      ofPeaks += local * reference.peaks[first[j]! + i]!;
      ofChannels += (local * expected[first[j]! + i]!) ** 2;
    }
    scan.wander[j] = Math.hypot(tolerance * ofPeaks, fixedPattern * Math.sqrt(2 * ofChannels));
  }
}
