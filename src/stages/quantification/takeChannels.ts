import type { Frame } from '../../model/frame.ts';

/** Brings each channel back to where it is without drift, and marks what must not be summed: outside, masked, or off the axis. */
export function takeChannels(
  { values, mask }: Frame,
  by: number,
  {
    length,
    outside,
    moved,
    bad,
  }: { readonly length: number; readonly outside: Uint8Array; readonly moved: Float64Array; readonly bad: Uint8Array },
): void {
  bad.set(outside);
  for (let i = 0; i < bad.length; i++) {
    const from = i + by;
    const isOnAxis = Math.floor(from / length) === Math.floor(i / length);
    moved[i] = isOnAxis ? values[from]! : 0;
    if (!isOnAxis || mask?.[from] === 1) bad[i] = 1;
  }
}
