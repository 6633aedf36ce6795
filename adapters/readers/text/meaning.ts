import { axisName } from '../../hdf5/axisName.ts';
import { unitCode } from '../../hdf5/unitCode.ts';

/** Spellings of units that only text files use, in lower case. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '°2theta': 'deg',
  '°2θ': 'deg',
  '°2th.': 'deg',
  '2theta': 'deg',
  'rel. 1/cm': 'cm-1',
  '1/cm': 'cm-1',
  'cm^-1': 'cm-1',
  'cm⁻¹': 'cm-1',
  'cm-¹': 'cm-1',
  cts: '1',
  'ccd cts': '1',
  cnt: '1',
  cps: 's-1',
  'counts/s': 's-1',
  'counts per second': 's-1',
  'cts/s': 's-1',
  'c/s': 's-1',
  'counts / s': 's-1',
  mv: 'mV',
  ma: 'mA',
  bar: 'bar',
  mbar: 'mbar',
  oc: 'Cel',
  degc: 'Cel',
  'deg c': 'Cel',
  '°c': 'Cel',
  ºc: 'Cel',
  deg: 'deg',
};
/** What an axis is measured in when the file names it and no unit. */
const USUAL: Readonly<Record<string, string>> = {
  twoTheta: 'deg',
  ramanShift: 'cm-1',
  wavenumber: 'cm-1',
  wavelength: 'nm',
  bindingEnergy: 'eV',
  kineticEnergy: 'eV',
  energyLoss: 'eV',
  energy: 'eV',
};
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/raman|^shift$|rel\.? ?1\/cm/i, 'ramanShift'],
  [/bind/i, 'bindingEnergy'],
  [/kinetic/i, 'kineticEnergy'],
  [/loss/i, 'energyLoss'],
  [/wave ?numbers?$/i, 'wavenumber'],
  [/wave ?length|lambda/i, 'wavelength'],
  [/^(?:2 ?[-_]? ?(?:theta|th|θ)|two ?theta|tth|angle|°2.*|pos\.? \[°2.*)$/i, 'twoTheta'],
  [/energy|^e$/i, 'energy'],
  [/^q$/i, 'q'],
];

/** A name with its unit behind it, in brackets, after a slash, or as its last word. */
export interface Named {
  readonly name: string;
  /** As written; '' when there is none. */
  readonly unit: string;
}

export function splitUnit(label: string): Named {
  const text = label.trim().replace(/^["'#]+|["']+$/g, '');
  const bracket = /^(.*?)[\s_]*[([<]\s*([^()[\]<>]*)\s*[)\]>]?$/.exec(text);
  if (bracket !== null && bracket[1]!.trim() !== '') return { name: bracket[1]!.trim(), unit: bracket[2]!.trim() };
  const slash = /^(.*?[A-Za-z>)])\s*\/\s*([^/\s][^/]*)$/.exec(text);
  if (slash !== null) return { name: slash[1]!.trim(), unit: slash[2]!.trim() };
  const word = /^(.+?)[\s_]+(eV|keV|nm|cm-1|deg|degrees|s|ms|K|V|mV|mA|A|counts|1\/cm|A\^?-1|nm\^?-1)$/.exec(text);
  return word === null ? { name: text, unit: '' } : { name: word[1]!.trim(), unit: word[2]! };
}

/** The UCUM code of a unit as text files spell it; '1' for one that is not known. */
export const textUnit = (unit: string): string => SPELLINGS[unit.trim().toLowerCase()] ?? unitCode(unit);

/** Name and unit of an axis, from its label and, where a line of its own has it, its unit. */
export function axisOf(label: string, unit = ''): { name: string; unit: string } {
  const said = splitUnit(label);
  const plain = said.name.replaceAll('_', ' ').trim();
  const found = NAMES.find(([pattern]) => pattern.test(plain))?.[1];
  const spelled = said.unit !== '' ? said.unit : unit;
  const name = found ?? (/°2|2 ?th/i.test(spelled) ? 'twoTheta' : axisName(plain === '' ? 'x' : plain));
  const code = textUnit(spelled);
  const isBareWave = /^wave$/i.test(plain);
  if (isBareWave) return { name: 'ramanShift', unit: 'cm-1' };
  return { name, unit: code === '1' && spelled.trim() === '' ? (USUAL[name] ?? '1') : code };
}

/** Whether a label speaks of the axis of a spectrum. */
export const isAxisLabel = (label: string): boolean =>
  NAMES.some(([pattern]) => pattern.test(splitUnit(label).name.replaceAll('_', ' ').trim())) ||
  /^(wave|channel|pixels?|d|x|tof|m\/z|mass|frequency)$/i.test(splitUnit(label).name);

/** What values are, from their label and unit. */
export function quantityOf(label: string, unit = ''): { quantity: string; valueUnit: string } {
  const said = splitUnit(label);
  const spelled = said.unit !== '' ? said.unit : unit;
  const text = `${said.name} ${spelled}`;
  if (/cps|(?:counts?|cts|c) ?(?:\/|per) ?s|count ?rate/i.test(`${label} ${unit}`))
    return { quantity: 'countRate', valueUnit: 's-1' };
  if (/counts?\b|\bcts\b/i.test(text)) return { quantity: 'counts', valueUnit: '1' };
  if (/absorban|^mu|xmu|absorption/i.test(text)) return { quantity: 'absorption', valueUnit: '1' };
  if (/transmi/i.test(text)) return { quantity: 'transmittance', valueUnit: '1' };
  if (/reflect/i.test(text)) return { quantity: 'reflectance', valueUnit: '1' };
  return { quantity: 'intensity', valueUnit: spelled === '' ? '1' : textUnit(spelled) };
}

/** Whether a label speaks of the error of the values. */
export const isErrorLabel = (label: string): boolean =>
  /^(?:e|esd|e\.s\.d\.?|s\.?d\.?|std|stdev|err(?:or)?s?|sigma|uncertainty|dy|yerr|y_?err(?:or)?|e\(?y?\)?|di|delta.*|standard (?:error|deviation))$/i.test(
    splitUnit(label).name.trim(),
  );

/** The method that an axis tells of. */
export function modalityOfAxis({ name, unit }: { name: string; unit: string }): string | null {
  if (name === 'twoTheta') return 'XRD';
  if (name === 'ramanShift') return 'Raman';
  if (name === 'bindingEnergy' || name === 'kineticEnergy') return 'XPS';
  return name === 'energyLoss' && unit !== '1' ? 'EELS' : null;
}
