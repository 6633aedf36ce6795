import type { Standards } from './standards.ts';
import { applyTransfer, widthOf, type TransferMap } from './transferMap.ts';

/** How well a transfer tells standards it has not seen. */
export interface TransferError {
  /** Root mean square over standards and channels, in the unit of the values. */
  readonly rms: number;
  /** [m] the same for each channel of the master. */
  readonly channels: Float64Array;
}

/**
 * Leaves out each standard in turn, learns from the others and looks how far the one left out is missed.
 *
 * @param standards - three at least, for two must be left to learn from.
 * @param learn - makes a map from standards.
 */
export function leaveOneOut({ master, slave }: Standards, learn: (others: Standards) => TransferMap): TransferError {
  const count = master.length;
  const without = (rows: readonly Float64Array[], k: number): Float64Array[] => rows.filter((_, row) => row !== k);
  const channels = new Float64Array(master[0]!.length);
  for (let k = 0; k < count; k++) {
    const map = learn({ master: without(master, k), slave: without(slave, k) });
    const scratch = new Float64Array(slave[k]!.length);
    const told = applyTransfer(slave[k]!, map, {}, scratch, new Float64Array(widthOf(map)));
    for (let j = 0; j < channels.length; j++) channels[j] = channels[j]! + (told[j]! - master[k]![j]!) ** 2 / count;
  }
  let mean = 0;
  for (let j = 0; j < channels.length; j++) mean += channels[j]! / channels.length;
  return { rms: Math.sqrt(mean), channels: channels.map(Math.sqrt) };
}
