import { parseNumber } from '../../ascii/numbers.ts';
import { parseStamp } from '../../ascii/time.ts';
import type { DateOrder } from '../../ascii/time.ts';
import type { FrameNumber } from '../../../src/model/reader.ts';

const MOST_FACTS = 160;
const MOST_LENGTH = 200;
const PAIR = /^[\s#;!%*'"/]*([^=:\t,;#][^=:\t,;]{0,60}?)"?\s*(?:=|:|\t|,|;)\s*"?(.*?)"?[\s;,]*$/;
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  ms: 1e-3,
  msec: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  min: 60,
  minutes: 60,
  h: 3600,
};

const ACCUMULATIONS = /^(?:averages?|average number|accumulations?|repetitioncount|number of accumulations)\b/i;

export type Facts = Readonly<Record<string, string>>;

/** What the lines of a header say as 'key = value', with ':', tab, comma or semicolon between them as well. */
export function factsOf(lines: readonly string[]): Facts {
  const facts: Record<string, string> = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const line of lines) {
    const [, key = '', value = ''] = PAIR.exec(line.slice(0, 4 * MOST_LENGTH)) ?? [];
    if (value === '' || !/[A-Za-z]/.test(key) || count >= MOST_FACTS) continue;
    if (facts[key.trim()] !== undefined) continue;
    facts[key.trim()] = value.trim().slice(0, MOST_LENGTH);
    count++;
  }
  return { ...facts };
}

/** The value of the first fact whose key fits. */
export const factOf = (facts: Facts, key: RegExp): string | null =>
  Object.entries(facts).find(([name]) => key.test(name))?.[1] ?? null;

/** The number a fact begins with, decimal comma or point; null when there is none. */
export function leadingNumber(text: string | null): number | null {
  const found = /^[\s+=~]*([-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?)/.exec(text ?? '')?.[1];
  const value = found === undefined ? null : parseNumber(found, found.includes(',') ? ',' : '.');
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Start of the measurement as the header states it, integer microseconds; a clock without a zone is taken as UTC. */
export function startOf(facts: Facts, order: DateOrder | null = null): number | null {
  const stated = factOf(facts, /start|acquired|time[_ ]?stamp|^date|date$|measured|created/i);
  if (stated === null) return null;
  return stampIn(stated, order);
}

/** A date with a time of day; where day and month could be told apart by nothing, null without `order`. */
export function stampIn(text: string, order: DateOrder | null): number | null {
  const isYearFirst = /\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(text);
  const named = monthByName(text);
  const isDayFirst = /\b\d{1,2}\.\d{1,2}\.\d{2,4}\b/.test(text);
  const known = order ?? (isYearFirst || named !== text ? 'ymd' : isDayFirst ? 'dmy' : null);
  return known === null ? null : parseStamp(named, known, 0);
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** 'APR 25, 2011 12:35' and '25-Apr-2011 12:35' with the month as a number and the year first. */
export function monthByName(text: string): string {
  const monthAt = (word: string): number => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
  const us = /([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})/.exec(text);
  if (us !== null && monthAt(us[1]!) > 0) return text.replace(us[0], `${us[3]}-${monthAt(us[1]!)}-${us[2]}`);
  const dated = /(\d{1,2})[-\s]([A-Za-z]{3,9})[-\s](\d{4})/.exec(text);
  if (dated !== null && monthAt(dated[2]!) > 0)
    return text.replace(dated[0], `${dated[3]}-${monthAt(dated[2]!)}-${dated[1]}`);
  return text;
}

/** Live time of a frame as the header states it, all its accumulations together, microseconds. */
export function exposureOf(facts: Facts): number | null {
  const entry = Object.entries(facts).find(([key]) =>
    /exposure|exposition|int[ie]g(?:ration)?[_ .]?times?|acq(?:uisition|\.)?[_ .]?time|count(?:ing)?[_ ]?time|dwell|time per step/i.test(
      key,
    ),
  );
  const value = leadingNumber(entry?.[1] ?? null);
  if (entry === undefined || value === null || !(value > 0)) return null;
  const ownUnit = /[\d.,]\s*([a-zµ]+)\s*$/i.exec(entry[1])?.[1] ?? '';
  const keyUnit = /[([_]\s*([a-zµ]+)\s*[)\]]?\s*$/i.exec(entry[0])?.[1] ?? '';
  const unit = factOf(facts, /^integ_unit$/) ?? (SECONDS[ownUnit.toLowerCase()] === undefined ? keyUnit : ownUnit);
  const factor = SECONDS[unit.toLowerCase()];
  const accumulations = leadingNumber(factOf(facts, ACCUMULATIONS));
  return factor === undefined ? null : Math.round(value * factor * 1e6 * Math.max(1, accumulations ?? 1));
}

/** Temperature of the sample as the header states it. */
export function temperatureOf(facts: Facts): FrameNumber[] {
  for (const [key, text] of Object.entries(facts)) {
    if (!/^(?:sample[ ._]?)?temp(?:erature)?\b/i.test(key)) continue;
    const value = leadingNumber(text);
    const unit = /[([_ ](K|°?C|deg ?C)[)\]]?\s*$/i.exec(key)?.[1] ?? /^[-+\d.,eE\s]+(K|°?C|deg ?C)\b/i.exec(text)?.[1];
    if (value !== null && unit !== undefined)
      return [{ name: 'temperature', value, unit: /k/i.test(unit) ? 'K' : 'Cel' }];
  }
  return [];
}
