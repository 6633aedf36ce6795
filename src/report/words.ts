/** Words and numbers for paper. */

/** "2026-11-27 09:31:32.4 UTC". */
export const whenText = (timeUs: number): string =>
  Number.isFinite(timeUs) ? `${new Date(timeUs / 1000).toISOString().slice(0, 21).replace('T', ' ')} UTC` : '–';

/** "09:31:32". */
export const clockOf = (timeUs: number): string => new Date(timeUs / 1000).toISOString().slice(11, 19);

/** "2 h 10 min", "48 s", "0.4 s". */
export function spanText(us: number): string {
  const s = us / 1e6;
  if (s < 10) return `${Number(s.toPrecision(2))} s`;
  if (s < 60) return `${Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

/** Four figures, thin spaces between thousands, powers of ten beyond. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa, power] = value.toExponential(3).split('e');
    return `${Number(mantissa)} × 10${superscript(Number(power))}`.replaceAll('-', '−');
  }
  const [whole = '', part] = String(
    Number(value.toPrecision(size >= 1000 ? Math.max(4, Math.ceil(Math.log10(size))) : 4)),
  )
    .replace('-', '−')
    .split('.');
  const grouped = whole.replaceAll(/(?<=\d)(?=(\d{3})+$)/g, '\u202f');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

const superscript = (power: number): string =>
  String(power).replaceAll(/[-\d]/g, (sign) => (sign === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '')));

/** A value with its error, both to the figures that the error has. */
export function measuredText(value: number, error: number | undefined, unit: string): string {
  const suffix = unitSuffix(unit);
  if (error === undefined || !Number.isFinite(error) || error <= 0) return numberText(value) + suffix;
  const power = Math.floor(Math.log10(error));
  const first = Number((error / 10 ** power).toPrecision(1));
  const places = Math.max(0, (first === 1 ? 1 : 0) - power);
  if (places > 12 || Math.abs(value) >= 1e7) return `${numberText(value)} ± ${numberText(error)}${suffix}`;
  return `${value.toFixed(places)} ± ${error.toFixed(places)}${suffix}`.replaceAll('-', '−');
}

const UNITS: Readonly<Record<string, string>> = { '1': '', deg: '°', Cel: '°C', um: 'µm', us: 'µs', e: 'e⁻' };

/** A UCUM code as people write it: "e.nm-2" as "e⁻·nm⁻²". */
export const unitWords = (unit: string): string =>
  unit
    .split('.')
    .map((part) => UNITS[part] ?? part.replaceAll(/-?\d+$/g, (power) => superscript(Number(power))))
    .join('·');

function unitSuffix(unit: string): string {
  const words = unitWords(unit);
  return words === '' || words === '°' ? words : `\u00a0${words}`;
}

/** "twoTheta" as "two theta". */
export const plain = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]/g, ' ')
    .toLowerCase();
