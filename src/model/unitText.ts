/** Parts of UCUM codes that are printed otherwise. */
const SYMBOLS: Readonly<Record<string, string>> = {
  '1': '',
  deg: '°',
  Cel: '°C',
  Ao: 'Å',
  um: 'µm',
  us: 'µs',
  Ohm: 'Ω',
};
const RAISED: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/**
 * A UCUM code as a person writes the unit.
 *
 * @param code - 'nm-2.s-1'; annotations in braces lose the braces, unknown codes stay as they are.
 * @example
 * unitText('nm-2.s-1'); // => 'nm⁻²·s⁻¹'
 */
export function unitText(code: string): string {
  return code
    .replace(/[{}[\]]/g, '')
    .split(/([/.])/)
    .map((part) => (part === '.' ? '·' : part === '/' ? part : partText(part)))
    .join('');
}

function partText(part: string): string {
  const [, base = part, exponent = ''] = /^([A-Za-z%']+)\+?(-?\d+)$/.exec(part) ?? [];
  return (SYMBOLS[base] ?? base) + exponent.replace(/./g, (digit) => RAISED[digit]);
}

/**
 * A number with its unit: no space before the degree of an angle, a no-break space before any other.
 *
 * @example
 * withUnit('27.8', 'deg'); // => '27.8°'
 */
export function withUnit(number: string, code: string): string {
  const unit = unitText(code);
  if (unit === '') return number;
  return unit === '°' ? number + unit : `${number}\u00a0${unit}`;
}
