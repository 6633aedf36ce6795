/** In which order a date is written. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const satisfies readonly DateOrder[];

const STAMP =
  /(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[\sT,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([AP]M)?\s*(Z|[+-]\d{2}:?\d{2})?/i;
const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** '+02:00' as microseconds east of Greenwich. @throws RangeError when it is no offset. */
export function parseOffset(text: string): number {
  if (/^(Z|UTC)$/i.test(text)) return 0;
  const match = OFFSET.exec(text);
  if (match === null) throw new RangeError(`'${text}' is no offset from UTC, expected Z or +hh:mm`);
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60e6;
}

/**
 * A date with a time of day, anywhere in `text`, as integer microseconds since 1970; null when there is none.
 *
 * @param offsetUs - Of the clock that wrote it, east of Greenwich; an offset in the text itself wins.
 */
export function parseStamp(text: string, order: DateOrder, offsetUs: number): number | null {
  const match = STAMP.exec(text);
  if (match === null) return null;
  const [, first, second, third, hour, minute, seconds = '0', decimals = '', half, zone] = match;
  const isYearFirst = order === 'ymd' || first!.length === 4;
  const year = Number(isYearFirst ? first : third);
  const month = Number(isYearFirst || order === 'dmy' ? second : first);
  const day = Number(isYearFirst ? third : order === 'dmy' ? first : second);
  if (month < 1 || month > 12 || day < 1 || day > 31 || Number(hour) > 23) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const utcMs = Date.UTC(year < 100 ? 2000 + year : year, month - 1, day, hours, Number(minute), Number(seconds));
  const us = Number(decimals.padEnd(6, '0').slice(0, 6));
  return utcMs * 1000 + us - (zone === undefined ? offsetUs : parseOffset(zone));
}
