import type { Alert } from './alert.ts';
import { isFault } from './fault.ts';
import { DAMAGE_AHEAD, DAMAGE_DONE, FRACTION_OF_LIMIT, TURNING_POINT } from './signal.ts';
import { withUnit } from './unitText.ts';

/** What a message is made of. */
export interface Told extends Pick<Alert, 'statistic' | 'threshold' | 'sign' | 'onsetUs' | 'region' | 'regionUnit'> {
  /** Of the detection; empty when it names none. */
  readonly template?: string | undefined;
}

/**
 * One sentence for a person: what changed, where, in which sense, how sure, since when. Of a budget: how much is spent.
 * Of the instrument: which fault, where, since when. Of an evolution: when it turned back, and which way it goes now.
 *
 * @param subject - 'Spectrum', 'Fe L3 white line', 'Dose'.
 * @example
 * alertMessage('Spectrum', { statistic: 14.2, threshold: 6.1, sign: 1, onsetUs: 0, region: [26.8, 27.8], regionUnit: 'deg' });
 * // => 'Spectrum changed at 26.8–27.8° (+), statistic 14.2 against 6.1, began 00:00:00 UTC'
 */
export function alertMessage(subject: string, alert: Told): string {
  const { statistic, threshold, sign, onsetUs, region, regionUnit = '1', template } = alert;
  const time = `${timeOfDay(onsetUs)} UTC`;
  if (template === FRACTION_OF_LIMIT)
    return `${subject} reached ${percent(statistic)} of its limit (threshold ${percent(threshold)}), ${time}`;
  if (template === DAMAGE_AHEAD)
    return `${subject}: the next frame would pass the tolerance with a probability of ${percent(statistic)} (threshold ${percent(threshold)}), ${time}`;
  if (template === DAMAGE_DONE)
    return `${subject}: the tolerance is passed with a probability of ${percent(statistic)} (threshold ${percent(threshold)}), ${time}`;
  const where = region === undefined ? '' : ` at ${withUnit(place(region), regionUnit)}`;
  if (isFault(template)) return `Fault: ${template}${where} since ${time}`;
  const sense = sign === 0 ? '' : sign > 0 ? ' (+)' : ' (−)';
  const evidence = `statistic ${short(statistic)} against ${short(threshold)}`;
  if (template === TURNING_POINT) return `${subject} turned back${sense}, ${evidence}, turned ${time}`;
  const form = !template || template === 'peak' ? '' : `, ${template}`;
  return `${subject} changed${where}${sense}${form}, ${evidence}, began ${time}`;
}

/**
 * The same when it is over, with the time it lasted.
 *
 * @param lastedUs - from its onset to its last detection, microseconds.
 */
export function clearedMessage(subject: string, alert: Told, lastedUs: number): string {
  const message = alertMessage(subject, alert);
  if (alert.template === FRACTION_OF_LIMIT) return `No further threshold since: ${message}`;
  return `Over ${lastedUs > 0 ? `after ${spanText(lastedUs)}` : 'in a frame'}: ${message}`;
}

/** The same when it is over because the operator accepted the new state as the reference. */
export function acceptedMessage(subject: string, alert: Told, lastedUs: number): string {
  const when = lastedUs > 0 ? ` after ${spanText(lastedUs)}` : '';
  return `New state accepted as the reference${when}: ${alertMessage(subject, alert)}`;
}

function place([from, to]: readonly [number, number]): string {
  const digits = to > from ? Math.min(Math.max(1 - Math.floor(Math.log10(to - from)), 0), 6) : 4;
  let [a, b] = [from.toFixed(digits), to.toFixed(digits)];
  if (a === b) return signed(Number(a));
  while (a.includes('.') && /[.0]$/.test(a) && a.at(-1) === b.at(-1)) [a, b] = [a.slice(0, -1), b.slice(0, -1)];
  return from < 0 || to < 0 ? `${signed(a)} to ${signed(b)}` : `${a}–${b}`;
}

const signed = (value: number | string): string => String(value).replaceAll('-', '−');
const short = (value: number): string => signed(Number(value.toPrecision(3)));
const percent = (fraction: number): string => `${short(100 * fraction)}\u00a0%`;

/** '250 ms', '40 s', '2 min 10 s', '3 h 5 min'. */
function spanText(us: number): string {
  const seconds = Math.round(us / 1e6);
  if (seconds < 1) return `${Math.max(1, Math.round(us / 1e3))}\u00a0ms`;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}\u00a0${unit}`)
    .join(' ');
}

function timeOfDay(timeUs: number): string {
  const seconds = Math.floor((((timeUs / 1e6) % 86400) + 86400) % 86400);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((x) => String(Math.floor(x)).padStart(2, '0'))
    .join(':');
}
