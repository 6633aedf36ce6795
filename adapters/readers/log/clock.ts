import { parseNumber } from '../../ascii/numbers.ts';
import { parseStamp } from '../../ascii/time.ts';
import { stampIn } from '../text/headerFacts.ts';
import { splitUnit } from '../text/meaning.ts';
import type { Oddities } from '../text/oddities.ts';
import type { LogForm } from './form.ts';

const SECONDS: Readonly<Record<string, number>> = {
  ms: 1e-3,
  us: 1e-6,
  min: 60,
  mins: 60,
  minutes: 60,
  h: 3600,
  hours: 3600,
  d: 86_400,
};
/** Numbers from here on are seconds, milliseconds, microseconds, nanoseconds since 1970. */
const EPOCHS: readonly (readonly [from: number, usPerUnit: number])[] = [
  [1e17, 1e-3],
  [1e14, 1],
  [1e11, 1e3],
  [1e8, 1e6],
];

/** Reads the time of a row, integer microseconds since 1970; null when there is none. */
export function createLogClock(form: LogForm, oddities: Oddities): (fields: readonly string[]) => number | null {
  return form.time.isStamp ? stampClock(form, oddities) : countedClock(form, oddities);
}

function stampClock({ time, slashOrder, isAmbiguous }: LogForm, oddities: Oddities) {
  if (isAmbiguous) oddities.note('day and month of the dates cannot be told apart; the month is taken as the first');
  return (fields: readonly string[]): number | null => {
    const text = fields[time.at] ?? '';
    if (!/(?:Z|[+-]\d{2}:?\d{2})\s*$/.test(text)) oddities.note('the times have no zone; they are taken as UTC');
    return slashOrder === null ? stampIn(text, null) : parseStamp(text, slashOrder, 0);
  };
}

function countedClock({ time, decimal, header }: LogForm, oddities: Oddities) {
  const unit = splitUnit(time.label).unit.toLowerCase();
  const stated = header
    .filter((line) => /start|begin|date|acqui|created/i.test(line))
    .map((line) => stampIn(line, null));
  const startUs = stated.find((stamp) => stamp !== null) ?? null;
  return (fields: readonly string[]): number | null => {
    const value = parseNumber(fields[time.at] ?? '', decimal);
    if (value === null || !Number.isFinite(value)) return null;
    const epoch = EPOCHS.find(([from]) => value >= from);
    if (epoch !== undefined) return Math.round(value * epoch[1]);
    if (startUs === null) oddities.note('the file does not say when its times began; they count from 1970');
    return (startUs ?? 0) + Math.round(value * (SECONDS[unit] ?? 1) * 1e6);
  };
}
