/** Spellings of units in files, in lower case, and their UCUM codes. */
const CODES: Readonly<Record<string, string>> = {
  '': '1',
  angstrom: 'Ao',
  angstroms: 'Ao',
  å: 'Ao',
  '1/angstrom': 'Ao-1',
  'angstrom^-1': 'Ao-1',
  'angstrom-1': 'Ao-1',
  '1/å': 'Ao-1',
  'å^-1': 'Ao-1',
  'å-1': 'Ao-1',
  '1/a': 'Ao-1',
  'a^-1': 'Ao-1',
  '1/nm': 'nm-1',
  'nm^-1': 'nm-1',
  '1/cm': 'cm-1',
  'cm^-1': 'cm-1',
  degree: 'deg',
  degrees: 'deg',
  '°': 'deg',
  radian: 'rad',
  radians: 'rad',
  kelvin: 'K',
  k: 'K',
  degc: 'Cel',
  '°c': 'Cel',
  celsius: 'Cel',
  second: 's',
  seconds: 's',
  sec: 's',
  minute: 'min',
  minutes: 'min',
  hour: 'h',
  hours: 'h',
  millisecond: 'ms',
  milliseconds: 'ms',
  micron: 'um',
  microns: 'um',
  micrometer: 'um',
  µm: 'um',
  μm: 'um',
  counts: '1',
  count: '1',
  'x-rays': '1',
  electrons: '1',
  arbitrary: '1',
  'a.u.': '1',
  px: '1',
  pixel: '1',
  pixels: '1',
  dimensionless: '1',
};
const UCUM = /^(?:[kmunpM]?(?:eV|m|s|V|A|W|Hz|Pa|K|g|Ohm|C|J|bar)|deg|rad|Cel|Ao|h|min|d|%|1)(?:-?\d+)?$/;
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** The UCUM code of a unit as files spell it; '1' for one that is not known. */
export function unitCode(text: string): string {
  const plain = text.trim();
  return CODES[plain.toLowerCase()] ?? (UCUM.test(plain) ? plain : '1');
}

/** Length of a unit of time in seconds; null for any other unit. */
export const secondsOf = (code: string): number | null => SECONDS[code] ?? null;
