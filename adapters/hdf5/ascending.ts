import { axisLength } from '../../src/model/layout.ts';
import type { Axis } from '../../src/model/layout.ts';

/**
 * Where each channel of ascending axes lies in data whose axes may descend; null when none does.
 *
 * @param axes - As in the file, slowest first.
 * @returns [size] positions; the axes' coordinates are turned round in place.
 */
export function makeAscending(axes: readonly Axis[]): Uint32Array | null {
  const descends = axes.map(({ coordinates }) => coordinates.length > 1 && coordinates[0]! > coordinates.at(-1)!);
  if (!descends.includes(true)) return null;
  axes.forEach(({ coordinates }, k) => descends[k] && coordinates.reverse());
  const lengths = axes.map(axisLength);
  const order = new Uint32Array(lengths.reduce((product, length) => product * length, 1));
  for (let i = 0; i < order.length; i++) {
    let rest = i;
    let stride = 1;
    let at = 0;
    for (let k = lengths.length - 1; k >= 0; k--) {
      const along = rest % lengths[k]!;
      rest = Math.floor(rest / lengths[k]!);
      at += stride * (descends[k]! ? lengths[k]! - 1 - along : along);
      stride *= lengths[k]!;
    }
    order[i] = at;
  }
  return order;
}
