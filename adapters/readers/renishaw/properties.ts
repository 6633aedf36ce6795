import type { ByteFile } from '../binary/openBytes.ts';
import { takeNumber, takeText, type NumberType } from '../binary/numbers.ts';
import type { Block } from './blocks.ts';

const NUMBERS: Readonly<Record<string, NumberType>> = {
  c: 'i8',
  '?': 'u8',
  s: 'i16',
  i: 'i32',
  w: 'i64',
  r: 'f32',
  q: 'f64',
  t: 'u64',
};
const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8, f32: 4, f64: 8 } as const;
const IS_ARRAY = 128;
const IS_PACKED = 64;
const MAX_DEPTH = 16;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Numbers of a property set, by name: what a measurement was made with. The first of each name.
 *
 * Properties are not needed to read the spectra: where they cannot be understood, what was found so far is given.
 */
export function readProperties(file: ByteFile, block: Block | undefined): ReadonlyMap<string, number> {
  const names = new Map<number, string>();
  const values = new Map<number, number>();
  if (block !== undefined && block.length >= 8 && block.length <= MAX_BYTES) {
    const view = file.view(block.offset, block.length, 'the properties');
    const end = Math.min(view.byteLength, 8 + view.getUint32(4, true));
    if (takeText(view, 0, 4) === 'PSET') collect(view, 8, end, 0, names, values);
  }
  const named = new Map<string, number>();
  for (const [key, name] of names) if (values.has(key) && !named.has(name)) named.set(name, values.get(key)!);
  return named;
}

/** @returns false when the rest cannot be understood. */
function collect(
  view: DataView,
  from: number,
  end: number,
  depth: number,
  names: Map<number, string>,
  values: Map<number, number>,
): boolean {
  let at = from;
  while (at + 8 <= end) {
    const kind = String.fromCharCode(view.getUint8(at));
    const flag = view.getUint8(at + 1);
    const key = view.getUint16(at + 2, true);
    at += 4;
    const number = NUMBERS[kind];
    if (number !== undefined && flag === 0) {
      if (at + SIZES[number] > end) return false;
      if (!values.has(key)) values.set(key, takeNumber(view, at, number));
      at += SIZES[number];
      continue;
    }
    if (number === undefined && !'ukbp'.includes(kind)) return false;
    const count = view.getUint32(at, true);
    const length = number !== undefined && flag === IS_ARRAY ? count * SIZES[number] : count;
    at += 4;
    if (at + length > end) return false;
    if (kind === 'k') names.set(key, takeText(view, at, length));
    if (kind === 'p' && flag !== IS_PACKED && depth < MAX_DEPTH)
      if (!collect(view, at, at + length, depth + 1, names, values)) return false;
    at += length;
  }
  return true;
}
