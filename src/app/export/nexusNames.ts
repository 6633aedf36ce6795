/** Application definitions of NeXus by the modality of a pipeline file, in lower case. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  xps: 'NXxps',
  ups: 'NXxps',
  raman: 'NXraman',
  xas: 'NXxas',
  xanes: 'NXxas',
  exafs: 'NXxas',
  xrd: 'NXmonopd',
  diffraction: 'NXmonopd',
  eels: 'NXem',
  edx: 'NXem',
  eds: 'NXem',
  stem: 'NXem',
};

/** The application definition that fits best; null when none does. */
export const definitionOf = (modality: string): string | null => DEFINITIONS[modality.toLowerCase()] ?? null;

const UNITS: Readonly<Record<string, string>> = { '1': '', Cel: 'degC', '%': 'percent', '[degF]': 'degF' };

/** A UCUM code as NeXus (UDUNITS) writes it; '' for a plain number. */
export const nexusUnit = (ucum: string): string => UNITS[ucum] ?? ucum;

/** A name as NeXus allows it: letters, digits, '_', '.', '-'. */
export const nexusName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_') || '_';
