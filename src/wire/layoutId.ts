import { createHash } from 'node:crypto';
import type { Layout } from '../model/layout.ts';

const known = new WeakMap<Layout, string>();

/** Sixteen hexadecimal digits that name a layout by its content: axes number for number, quantity, unit and noise. */
export function layoutIdOf(layout: Layout): string {
  const found = known.get(layout);
  if (found !== undefined) return found;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([layout.quantity, layout.unit, layout.noise]));
  for (const { name, unit, placement, coordinates } of layout.axes) {
    hash.update(JSON.stringify([name, unit, placement, coordinates.length]));
    hash.update(littleEndian(coordinates));
  }
  const id = hash.digest('hex').slice(0, 16);
  known.set(layout, id);
  return id;
}

function littleEndian(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i]!, true);
  return new Uint8Array(view.buffer);
}
