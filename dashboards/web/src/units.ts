import { fixed, MISSING, superscript } from './format.ts';

/** How UCUM atoms are printed, where that differs. */
const ATOMS: Readonly<Record<string, string>> = {
  '1': '',
  deg: '°',
  Cel: '°C',
  Ao: 'Å',
  um: 'µm',
  us: 'µs',
  Ohm: 'Ω',
  e: 'e⁻',
};

/** Names of axes in the field's words. */
const AXES: Readonly<Record<string, string>> = {
  twoTheta: '2θ',
  energyLoss: 'energy loss',
  ramanShift: 'Raman shift',
  dSpacing: 'd',
  bindingEnergy: 'binding energy',
};

/** A UCUM code as it is printed: 'Cel' -> '°C', 'nm-1' -> 'nm⁻¹', '{e}/nm2' -> 'e⁻/nm²'. */
export function unitText(ucum: string): string {
  return ucum
    .replace(/[{}[\]]/g, '')
    .split(/([/.])/)
    .map((part) => (part === '.' ? '·' : part === '/' ? '/' : atomText(part)))
    .join('');
}

function atomText(atom: string): string {
  const match = /^([A-Za-z%']+)([+-]?\d+)$/.exec(atom);
  if (match === null) return ATOMS[atom] ?? atom;
  const [, base = '', exponent = ''] = match;
  return (ATOMS[base] ?? base) + superscript(exponent);
}

export function axisText(name: string): string {
  return AXES[name] ?? name;
}

/** Value and unit: a no-break space between, none before the degree of an angle. */
export function withUnit(number: string, ucum: string): string {
  const unit = unitText(ucum);
  if (unit === '' || number === MISSING) return number;
  return unit === '°' ? `${number}°` : `${number}\u00a0${unit}`;
}

/** A place on the axis in a sentence: `30.9° 2θ`, `641 eV`. */
export function placeText(value: number, digits: number, axis: { axisName: string; axisUnit: string }): string {
  const text = withUnit(fixed(value, digits), axis.axisUnit);
  return axis.axisName === 'twoTheta' ? `${text} 2θ` : text;
}

/** `30.45–31.35`. */
export function rangeText(from: number, to: number, digits: number): string {
  return `${fixed(from, digits)}–${fixed(to, digits)}`;
}

/** Decimals that tell apart what is `width` wide. */
export function digitsFor(width: number): number {
  return Math.min(6, Math.max(0, -Math.floor(Math.log10(Math.abs(width) || 1))));
}

/** Electron fluence is stored per nm² and printed per Å²; large absorbed doses in kGy and MGy. */
export function doseScale(
  unit: string,
  reference: number,
  modality: string,
): { readonly factor: number; readonly unit: string } {
  const isElectrons = /^\{?e[^/]*\/nm2$/.test(unit) || (unit === 'nm-2' && /EELS|TEM/.test(modality));
  if (isElectrons) return { factor: 0.01, unit: 'e⁻/Å²' };
  if (unit === 'Gy' && reference >= 1e6) return { factor: 1e-6, unit: 'MGy' };
  if (unit === 'Gy' && reference >= 1e4) return { factor: 1e-3, unit: 'kGy' };
  return { factor: 1, unit: unitText(unit) };
}

/** 'regionScan' -> 'Region scan': names of stages and slow signals as words. */
export function plainWords(name: string): string {
  const words = name
    .replace(/[_.-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
