import type { LineColumns } from './lineColumns.ts';

/** A step from 0 to 1: 1/2 + atan((x - c) / s) / pi, an absorption edge broadened by a Lorentzian of full width 2 s; parameters: centre, width = 2 s. */
export function arctanStepColumns(x: Float64Array, p: Float64Array, { value, partials }: LineColumns): void {
  const [byCentre, byWidth] = partials as [Float64Array, Float64Array];
  const centre = p[0]!;
  const scale = 2 / p[1]!;
  for (let i = 0; i < x.length; i++) {
    const q = (x[i]! - centre) * scale;
    const slope = scale / (Math.PI * (1 + q * q));
    value[i] = 0.5 + Math.atan(q) / Math.PI;
    byCentre[i] = -slope;
    byWidth[i] = (-0.5 * q * scale) / (Math.PI * (1 + q * q));
  }
}
