import type { LineColumns } from './lineColumns.ts';

/**
 * Doniach-Sunjic line of a metal: cos(pi a / 2 + (1 - a) atan q) / (1 + q^2)^((1 - a) / 2) / (pi s^(1 - a)) with q = (c - x) / s, its tail
 * on the high side for an asymmetry a > 0, on the low side for a < 0 (mirrored, with |a|). Its area diverges; scaled so that at asymmetry 0 it
 * is the Lorentzian of area 1.
 *
 * @param width - full width at half maximum of the Lorentzian it is at asymmetry 0, unit of x, > 0.
 * @param asymmetry - in (-1, 1); 0.05 to 0.2 for most metals.
 * @see Doniach & Sunjic, J. Phys. C 3 (1970) 285.
 */
export function doniachSunjic(x: number, centre: number, width: number, asymmetry: number): number {
  const a = Math.abs(asymmetry);
  const s = 0.5 * width;
  const q = ((asymmetry < 0 ? 1 : -1) * (x - centre)) / s;
  const phase = 0.5 * Math.PI * a + (1 - a) * Math.atan(q);
  return (Math.cos(phase) * (1 + q * q) ** (0.5 * (a - 1)) * s ** (a - 1)) / Math.PI;
}

/** Doniach-Sunjic line over the channels; parameters: centre, width, asymmetry. */
export function doniachSunjicColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth, byAsymmetry] = partials as [Float64Array, Float64Array, Float64Array];
  const [centre, width, asymmetry] = p as unknown as [number, number, number];
  const a = Math.abs(asymmetry);
  const sign = asymmetry < 0 ? 1 : -1;
  const s = 0.5 * width;
  const scale = s ** (a - 1) / Math.PI;
  const logScale = Math.log(s);
  for (let i = 0; i < x.length; i++) {
    const q = (sign * (x[i]! - centre)) / s;
    const angle = Math.atan(q);
    const grown = 1 + q * q;
    const phase = 0.5 * Math.PI * a + (1 - a) * angle;
    const modulus = scale * grown ** (0.5 * (a - 1));
    const f = modulus * Math.cos(phase);
    const slope = ((a - 1) * modulus * Math.sin(phase + angle)) / Math.sqrt(grown);
    value[i] = f;
    byCentre[i] = (-sign * slope) / s;
    byWidth[i] = (0.5 * ((a - 1) * f - q * slope)) / s;
    byAsymmetry[i] =
      -sign * (f * (logScale + 0.5 * Math.log(grown)) - modulus * Math.sin(phase) * (0.5 * Math.PI - angle));
  }
}
