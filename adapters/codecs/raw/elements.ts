/** Types of numbers in binary data. */
export const ELEMENTS = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
] as const;
export type Element = (typeof ELEMENTS)[number];

/** Bytes of one number. */
export const widthOf = (element: Element): number => Number(/\d+$/.exec(element)![0]) / 8;

/** The tag of RFC 8746 for an array of them: 0b010_f_s_e_ll. */
export function tagOf(element: Element, endianness: 'little' | 'big'): number {
  const size = Math.log2(widthOf(element));
  const isFloat = element.startsWith('float');
  const isSigned = element.startsWith('int');
  const isLittle = endianness === 'little' && (size > 0 || isSigned);
  return 64 + (isFloat ? 16 : 0) + (isSigned ? 8 : 0) + (isLittle ? 4 : 0) + (isFloat ? size - 1 : size);
}
