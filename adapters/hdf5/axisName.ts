/** What files call an axis, in lower case without dashes and blanks, and the word of the house. */
const NAMES: Readonly<Record<string, string>> = {
  dspacing: 'dSpacing',
  d: 'dSpacing',
  q: 'q',
  momentumtransfer: 'q',
  twotheta: 'twoTheta',
  '2theta': 'twoTheta',
  '2th': 'twoTheta',
  tth: 'twoTheta',
  ttheta: 'twoTheta',
  polarangle: 'twoTheta',
  bindingenergy: 'bindingEnergy',
  kineticenergy: 'kineticEnergy',
  energyloss: 'energyLoss',
  eloss: 'energyLoss',
  ramanshift: 'ramanShift',
  wavenumber: 'wavenumber',
  timeofflight: 'timeOfFlight',
  tof: 'timeOfFlight',
};
const SPECTRAL =
  /energy|loss|theta|tth|2th|angle|wave|raman|shift|dspacing|momentum|mass|tof|flight|frequency|channel|^[dqxe]$|^e_?v$/i;

/** The word of the house for an axis that a file calls so. */
export function axisName(name: string): string {
  const words = name
    .replace(/\(.*\)/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const known = NAMES[words.join('').toLowerCase()];
  if (known !== undefined) return known;
  const [first = 'channel', ...rest] = words;
  return (
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  );
}

/** Whether a name speaks of the axis of a spectrum. */
export const isSpectral = (name: string): boolean => SPECTRAL.test(name);

/** The method that an axis tells of. */
export function modalityOf(axis: string, unit: string): string | null {
  if (axis === 'twoTheta') return 'XRD';
  if (axis === 'ramanShift' || (axis === 'wavenumber' && unit === 'cm-1')) return 'Raman';
  if (axis === 'bindingEnergy') return 'XPS';
  return axis === 'energyLoss' ? 'EELS' : null;
}
