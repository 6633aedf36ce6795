import { parseNumber } from './numbers.ts';
import type { DecimalMark } from './numbers.ts';
import type { HeaderTime } from './settings.ts';
import { parseOffset, parseStamp } from './time.ts';

/** The time a header states, integer microseconds; null when it states none. A plain number is seconds since `startUs`. */
export function headerTimeUs(header: string, rule: HeaderTime, startUs: number): number | null {
  const found = firstGroup(header, rule.pattern);
  if (found === null) return null;
  const seconds = parseNumber(found.trim(), '.');
  if (seconds !== null && Number.isFinite(seconds)) return startUs + Math.round(seconds * 1e6);
  return parseStamp(found, rule.dateOrder, parseOffset(rule.utcOffset));
}

/** The number a header states, times the factor; null when it states none, or one that is not finite. */
export function headerNumber(
  header: string,
  rule: { readonly pattern: RegExp; readonly factor: number },
  decimal: DecimalMark,
): number | null {
  const value = parseNumber(firstGroup(header, rule.pattern)?.trim() ?? '', decimal);
  return value === null || !Number.isFinite(value) ? null : value * rule.factor;
}

const firstGroup = (header: string, pattern: RegExp): string | null => {
  const match = pattern.exec(header);
  return match === null ? null : (match[1] ?? match[0]);
};
