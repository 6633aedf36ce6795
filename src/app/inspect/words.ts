import type { Range } from './range.ts';

/** A number with at most six digits. */
export const number = (value: number): string => String(Number(value.toPrecision(6)));

export const describeRange = ({ least, most }: Range, unit: string): string =>
  `${least === most ? number(least) : `${number(least)} to ${number(most)}`}${unit === '1' ? '' : ` ${unit}`}`;

/** A time of microseconds since 1970, to the second. */
export function when(timeUs: number | null): string {
  const date = new Date((timeUs ?? NaN) / 1e3);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

export const describeSpan = (us: number): string => `over ${number(us / 1e6)} s`;
