import { DEAD, FLICKERING, HOT, type ChannelState } from '../../kernel/quality/channelState.ts';
import type { Fault } from '../../model/fault.ts';
import type { FoundFault } from './faultDetection.ts';

/**
 * One report for each way in which channels are broken, at the channel that was found last.
 *
 * @param isAbsorbance - of values that are high where the detector reads little.
 */
export function reportChannels(
  { newest, strength }: ChannelState,
  isAbsorbance: boolean,
  more: Pick<FoundFault, 'threshold' | 'averageRunLength'>,
  report: (fault: Fault, found: FoundFault) => void,
): void {
  const names: readonly (readonly [number, Fault])[] = [
    [isAbsorbance ? HOT : DEAD, 'dead channel'],
    [isAbsorbance ? DEAD : HOT, 'hot channel'],
    [FLICKERING, 'flickering channel'],
  ];
  for (const [fault, name] of names) {
    const channel = newest[fault]!;
    if (channel >= 0) report(name, { ...more, channels: [channel, channel], statistic: strength[fault]! });
  }
}
