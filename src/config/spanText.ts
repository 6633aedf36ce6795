const UNITS = [
  [86_400e6, 'd', 3],
  [3600e6, 'h', 1],
  [60e6, 'min', 1],
  [1e6, 's', 1],
  [1e3, 'ms', 1],
] as const;

/** A span of time in the unit that suits it: '8 h', '40 min', '2.5 s'. Two or three figures. */
export function spanText(us: number): string {
  for (const [size, unit, least] of UNITS) if (us >= least * size) return `${figure(us / size)} ${unit}`;
  return `${figure(us)} us`;
}

/** Three figures, no exponent below a million. */
export const figure = (value: number): string =>
  value < 1e6 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
