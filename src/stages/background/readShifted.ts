/**
 * Reads a smooth curve so many channels further on, between channels by straight lines; beyond its ends it stays level.
 *
 * @param curve - [n].
 * @param channels - how far on, may be a fraction.
 * @param out - [n], not `curve`.
 */
export function readShifted(curve: Float64Array, channels: number, out: Float64Array): void {
  const last = curve.length - 1;
  for (let i = 0; i <= last; i++) {
    const at = Math.min(Math.max(i + channels, 0), last);
    const lower = Math.min(Math.floor(at), Math.max(last - 1, 0));
    const share = at - lower;
    out[i] = (1 - share) * curve[lower]! + share * curve[Math.min(lower + 1, last)]!;
  }
}
