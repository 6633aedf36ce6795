/** What the numbers of an axis type of the SPC format mean. */
const AXES: Readonly<Record<number, readonly [name: string, unit: string]>> = {
  1: ['wavenumber', 'cm-1'],
  2: ['wavelength', 'um'],
  3: ['wavelength', 'nm'],
  4: ['time', 's'],
  5: ['time', 'min'],
  6: ['frequency', 'Hz'],
  7: ['frequency', 'kHz'],
  8: ['frequency', 'MHz'],
  9: ['massToCharge', '1'],
  10: ['chemicalShift', '[ppm]'],
  11: ['time', 'd'],
  12: ['time', 'a'],
  13: ['ramanShift', 'cm-1'],
  14: ['energy', 'eV'],
  18: ['angle', 'deg'],
  19: ['temperature', '[degF]'],
  20: ['temperature', 'Cel'],
  21: ['temperature', 'K'],
  23: ['time', 'ms'],
  24: ['time', 'us'],
  25: ['time', 'ns'],
  26: ['frequency', 'GHz'],
  27: ['length', 'cm'],
  28: ['length', 'm'],
  29: ['length', 'mm'],
  30: ['time', 'h'],
};
const QUANTITIES: Readonly<Record<number, string>> = {
  2: 'absorbance',
  4: 'counts',
  128: 'transmittance',
  129: 'reflectance',
};
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, ms: 1e-3, us: 1e-6, ns: 1e-9, h: 3600, d: 86_400 };

export const axisOf = (type: number): { name: string; unit: string } => {
  const [name, unit] = AXES[type] ?? ['channel', '1'];
  return { name, unit };
};
export const quantityOf = (type: number): string => QUANTITIES[type] ?? 'intensity';

/** Length of the unit of a time in seconds; null when the type is no time. */
export const secondsOf = (type: number): number | null => SECONDS[axisOf(type).unit] ?? null;
