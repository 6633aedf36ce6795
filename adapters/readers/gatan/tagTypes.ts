import { bytesOf, type NumberType } from '../binary/numbers.ts';

/** Simple types of a tag by their number in the file. */
const SIMPLE: Readonly<Record<number, NumberType>> = {
  2: 'i16',
  3: 'i32',
  4: 'u16',
  5: 'u32',
  6: 'f32',
  7: 'f64',
  8: 'u8',
  9: 'i8',
  10: 'u8',
  11: 'i64',
  12: 'u64',
};
const STRUCT = 15;
const STRING = 18;
const ARRAY = 20;
const MAX_DEPTH = 8;

/** What the type list in front of a tag's data says of them. */
export interface TagType {
  /** Of the number, or of the elements of an array of numbers; null for anything else. */
  readonly number: NumberType | null;
  readonly isArray: boolean;
  /** Elements of an array. */
  readonly count: number;
  readonly bytes: number;
}

/**
 * @param list - The numbers of the type list.
 * @throws RangeError when they make no type.
 */
export function tagType(list: readonly number[]): TagType {
  const simple = SIMPLE[list[0]!];
  if (simple !== undefined) return { number: simple, isArray: false, count: 1, bytes: bytesOf(simple) };
  const { bytes, count, element } = sizeAt(list, 0, 0);
  return { number: element === undefined ? null : (SIMPLE[element] ?? null), isArray: list[0] === ARRAY, count, bytes };
}

function sizeAt(
  list: readonly number[],
  at: number,
  depth: number,
): { bytes: number; count: number; element: number | undefined; next: number } {
  const kind = list[at];
  const simple = SIMPLE[kind ?? -1];
  if (simple !== undefined) return { bytes: bytesOf(simple), count: 1, element: kind, next: at + 1 };
  if (kind === STRING) {
    const length = list[at + 1] ?? NaN;
    return { bytes: length, count: length, element: undefined, next: at + 2 };
  }
  if (kind === STRUCT) {
    let bytes = 0;
    const fields = list[at + 2] ?? NaN;
    if (!(fields <= list.length)) throw new RangeError(`a structure of ${fields} fields`);
    for (let i = 0; i < fields; i++) {
      const field = SIMPLE[list[at + 4 + 2 * i] ?? -1];
      if (field === undefined) throw new RangeError(`type ${list[at + 4 + 2 * i]} in a structure`);
      bytes += bytesOf(field);
    }
    return { bytes, count: 1, element: undefined, next: at + 3 + 2 * fields };
  }
  if (kind !== ARRAY || depth === MAX_DEPTH) throw new RangeError(`type ${kind}`);
  const element = sizeAt(list, at + 1, depth + 1);
  const count = list[element.next] ?? NaN;
  return { bytes: element.bytes * count, count, element: list[at + 1], next: element.next + 1 };
}
