/** Numbers and times as the page writes them. Pure; microseconds since 1970 in, text out. */

export const MISSING = '–';
const NO_BREAK = '\u00a0';
const THIN = '\u202f';
const MINUS = '\u2212';
const TIMES = '\u00d7';
const PLUS_MINUS = '\u00b1';

/** `18 340`: narrow space from four digits; no k, no M. */
export function counts(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  return withMinus(String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN));
}

/** As {@link counts}, with three significant digits below a hundred: means and quantities that are no counts. */
export function quantity(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 99.95 || Number.isInteger(value)) return counts(value);
  return withMinus(String(Number(value.toPrecision(3))));
}

/** A slow signal: whole from a hundred, tenths from ten; a power divisible by three where it is very large or small. */
export function contextNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return MISSING;
  if (size !== 0 && (size >= 1e5 || size < 1e-2)) {
    const exponent = 3 * Math.floor(Math.log10(size) / 3);
    return `${withMinus(String(Number((value / 10 ** exponent).toPrecision(3))))} ${TIMES} 10${superscript(String(exponent))}`;
  }
  if (size >= 1e4) return counts(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : 3);
}

/** Fixed digits with a true minus sign. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return MISSING;
  const text = value.toFixed(digits);
  return withMinus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** As {@link fixed}, with a sign always, except for zero. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `+66`, `−9.1`: sign always, one decimal below ten. */
export function sigmas(value: number): string {
  return signed(value, Math.abs(value) < 9.95 ? 1 : 0);
}

/** `70 %`: whole, one decimal below ten. */
export function percent(value: number): string {
  return Number.isFinite(value) ? `${fixed(value, percentDigits(value))}${NO_BREAK}%` : MISSING;
}

/** `+71 %`, `−4.1 %`. */
export function signedPercent(value: number): string {
  return Number.isFinite(value) ? `${signed(value, percentDigits(value))}${NO_BREAK}%` : MISSING;
}

function percentDigits(value: number): number {
  return Math.abs(value) < 9.95 && value !== 0 ? 1 : 0;
}

/** `0.021 ± 0.004`: the error to one digit, two if it starts with 1; the value to the same place. */
export function withError(value: number, error: number): string {
  if (!Number.isFinite(value)) return MISSING;
  if (!(error > 0) || !Number.isFinite(error)) return withMinus(String(value));
  const digits = errorDigits(error);
  return `${toPlace(value, digits)} ${PLUS_MINUS} ${toPlace(error, digits)}`;
}

/** `0.083 +0.019 −0.016`. */
export function withInterval(value: number, up: number, down: number): string {
  const digits = errorDigits(Math.min(up, down));
  return `${toPlace(value, digits)} +${toPlace(up, digits)} ${MINUS}${toPlace(down, digits)}`;
}

/** Decimals at which an error is rounded; negative for tens and up. */
function errorDigits(error: number): number {
  const [lead = '0', exponent = '0'] = error.toExponential(1).split('e');
  return (lead.startsWith('1') ? 1 : 0) - Number(exponent);
}

function toPlace(value: number, digits: number): string {
  if (digits >= 0) return fixed(value, digits);
  const place = 10 ** -digits;
  return counts(Math.round(value / place) * place);
}

/** Two parts at most: `48 s`, `13 min 20 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return MISSING;
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}${NO_BREAK}s`;
  if (s < 3600) return twoParts(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return twoParts(Math.floor(s / 3600), 'h', Math.floor(s / 60) % 60, 'min');
  return twoParts(Math.floor(s / 86_400), 'd', Math.floor(s / 3600) % 24, 'h');
}

function twoParts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = `${large}${NO_BREAK}${largeUnit}`;
  if (small === 0) return first;
  const padded = smallUnit === 'h' ? String(small) : String(small).padStart(2, '0');
  return `${first} ${padded}${NO_BREAK}${smallUnit}`;
}

/** A duration that may be short: tenths below ten seconds. */
export function age(seconds: number): string {
  if (!Number.isFinite(seconds)) return MISSING;
  return seconds < 9.95 ? `${fixed(Math.max(0, seconds), 1)}${NO_BREAK}s` : duration(seconds);
}

/** `± 4 s`, `± 0.8 s`: half an interval. */
export function halfInterval(from: number, to: number): string {
  const seconds = (to - from) / 2e6;
  const text =
    seconds < 1.95
      ? `${fixed(seconds, seconds < 0.0095 ? 3 : seconds < 0.095 ? 2 : 1)}${NO_BREAK}s`
      : duration(seconds);
  return `${PLUS_MINUS}${NO_BREAK}${text}`;
}

/** `09:31:32`, local, 24 h. */
export function clock(timeUs: number): string {
  if (!Number.isFinite(timeUs)) return MISSING;
  const date = new Date(timeUs / 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** `16:02:11.480`. */
export function clockMs(timeUs: number): string {
  if (!Number.isFinite(timeUs)) return MISSING;
  return `${clock(timeUs)}.${String(Math.floor(timeUs / 1000) % 1000).padStart(3, '0')}`;
}

/** `23 Nov 2026`. */
export function day(timeUs: number): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const date = new Date(timeUs / 1000);
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** `UTC+1`, from minutes west of Greenwich as `Date` gives them. */
export function utcOffset(minutesWest: number): string {
  if (minutesWest === 0) return 'UTC';
  const minutes = Math.abs(minutesWest);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${minutesWest < 0 ? '+' : MINUS}${Math.floor(minutes / 60)}${rest}`;
}

/** `one per 8 h of quiet data`, from frames between false alarms and the frame period; in frames when that is not known. */
export function falseAlarms(averageRunLength: number | undefined, framePeriodUs: number | null): string {
  if (averageRunLength === undefined || !Number.isFinite(averageRunLength)) return 'not known';
  if (framePeriodUs === null) return `one per ${counts(averageRunLength)} frames of quiet data`;
  return `one per ${roughDuration((averageRunLength * framePeriodUs) / 1e6)} of quiet data`;
}

/** A rate is not known to the second: one part, or two when the first is small. */
function roughDuration(seconds: number): string {
  const step = seconds < 600 ? 1 : seconds < 36_000 ? 60 : seconds < 864_000 ? 3600 : 86_400;
  return duration(Math.round(seconds / step) * step);
}

/** Value and budget in one power of ten divisible by three: `22.6 × 10³`. Below 10 000 none. */
export function scaled(value: number, reference: number): { readonly number: string; readonly power: string } {
  const size = Math.max(Math.abs(reference), Math.abs(value));
  const exponent = size >= 1e4 ? 3 * Math.floor(Math.log10(size) / 3) : 0;
  const shown = value / 10 ** exponent;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(1, size / 10 ** exponent))));
  return {
    number: fixed(shown, Math.min(digits, exponent === 0 ? 2 : 1)),
    power: exponent === 0 ? '' : ` ${TIMES} 10${superscript(String(exponent))}`,
  };
}

export function superscript(text: string): string {
  const signs: Readonly<Record<string, string>> = { '-': '⁻', '+': '⁺' };
  return Array.from(text, (c) => signs[c] ?? '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? c).join('');
}

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}
