import { nextNormal } from '../../src/kernel/random/normal.ts';
import { Purpose, seedPurpose } from './randomStreams.ts';

/** A place on the sample: its dose, and how it differs from the first place. */
export interface Area {
  dose: number;
  readonly contrast: readonly [number, number];
}

/** Places by stage position, remembered so that going back finds the dose of before. */
export function createAreas(seed: number): (x: number, y: number) => Area {
  const known = new Map<string, Area>([['0,0', { dose: 0, contrast: [0, 0] }]]);
  return (x, y) => {
    const column = Math.round(x * 1000);
    const row = Math.round(y * 1000);
    const key = `${column},${row}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const place = (Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca77)) >>> 8;
    const random = seedPurpose(seed, Purpose.areas, place);
    const area: Area = { dose: 0, contrast: [nextNormal(random), nextNormal(random)] };
    known.set(key, area);
    return area;
  };
}
