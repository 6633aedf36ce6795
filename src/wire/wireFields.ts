import { WireError } from './wireError.ts';

/** A map as it came off the wire. */
export type WireMap = Readonly<Record<string, unknown>>;

/** Is it a map, and no array of numbers? */
export const isWireMap = (value: unknown): value is WireMap =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) === Object.prototype;

/** @throws WireError 'garbage' when it is no number. Integers beyond 2^53 are rounded. */
export function numberField(map: WireMap, key: string, otherwise?: number): number {
  const value = map[key];
  if (value === undefined && otherwise !== undefined) return otherwise;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new WireError('garbage', `${key} is ${told(value)}, expected a number`);
  return value;
}

/** @throws WireError 'garbage' when it is no whole number >= 0. */
export function countField(map: WireMap, key: string, otherwise?: number): number {
  const value = numberField(map, key, otherwise);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new WireError('garbage', `${key} is ${value}, expected a whole number from 0`);
  return value;
}

/** Rounded to whole microseconds. @throws WireError 'clock' outside [0, maxTimeUs). */
export function timeField(map: WireMap, key: string, maxTimeUs: number): number {
  const value = Math.round(numberField(map, key));
  if (!(value >= 0 && value < maxTimeUs))
    throw new WireError('clock', `${key} is ${value}, expected microseconds since 1970, below ${maxTimeUs}`);
  return value;
}

/** A live time. @throws WireError 'garbage' when negative or not finite. */
export function durationField(map: WireMap, key: string, otherwise?: number): number {
  const value = numberField(map, key, otherwise);
  if (!(value >= 0 && value < Infinity))
    throw new WireError('garbage', `${key} is ${value}, expected microseconds from 0`);
  return value;
}

/** @throws WireError 'garbage' when it is no text of 1 to 256 characters. */
export function textField(map: WireMap, key: string): string {
  const value = map[key];
  if (typeof value !== 'string' || value.length === 0 || value.length > 256)
    throw new WireError('garbage', `${key} is ${told(value)}, expected a text of 1 to 256 characters`);
  return value;
}

/** A map of numbers, such as the context. @throws WireError 'garbage' when it is not, or has more than `most` entries. */
export function numbersByName(map: WireMap, key: string, most: number): Readonly<Record<string, number>> | undefined {
  const value = map[key];
  if (value === undefined) return undefined;
  if (!isWireMap(value)) throw new WireError('garbage', `${key} is ${told(value)}, expected a map of numbers`);
  let count = 0;
  for (const name in value) {
    if (typeof value[name] !== 'number')
      throw new WireError('garbage', `${key}.${name} is ${told(value[name])}, expected a number`);
    if (++count > most) throw new WireError('garbage', `${key} has more than ${most} entries`);
  }
  return value as Readonly<Record<string, number>>;
}

/** What it is, shortly, for a message. */
export function told(value: unknown): string {
  if (value === undefined) return 'absent';
  switch (typeof value) {
    case 'string':
      return `the text '${value.slice(0, 40)}'`;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
  }
}
