import type { Alert } from './alert.ts';

/**
 * One sentence for a person: what changed, where, in which sense, how sure, since when.
 *
 * @param subject - 'Spectrum', 'Fe L3 white line'.
 * @example
 * alertMessage('Spectrum', { statistic: 14.2, threshold: 6.1, sign: 1, onsetUs: 0 });
 * // => 'Spectrum changed (+), statistic 14.2 against 6.1, began 00:00:00 UTC'
 */
export function alertMessage(
  subject: string,
  alert: Pick<Alert, 'statistic' | 'threshold' | 'sign' | 'onsetUs' | 'region' | 'regionUnit'>,
): string {
  const { statistic, threshold, sign, onsetUs, region, regionUnit } = alert;
  const unit = regionUnit === undefined ? '' : ` ${regionUnit}`;
  const sense = sign === 0 ? '' : sign > 0 ? ' (+)' : ' (-)';
  const where = region === undefined ? '' : ` at ${place(region)}${unit}`;
  return `${subject} changed${where}${sense}, statistic ${short(statistic)} against ${short(threshold)}, began ${timeOfDay(onsetUs)} UTC`;
}

function place([from, to]: readonly [number, number]): string {
  const digits = to > from ? Math.min(Math.max(1 - Math.floor(Math.log10(to - from)), 0), 6) : 4;
  const [a, b] = [Number(from.toFixed(digits)), Number(to.toFixed(digits))];
  return a === b ? String(a) : `${a} to ${b}`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function timeOfDay(timeUs: number): string {
  const seconds = Math.floor((((timeUs / 1e6) % 86400) + 86400) % 86400);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((x) => String(Math.floor(x)).padStart(2, '0'))
    .join(':');
}
