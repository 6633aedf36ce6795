/**
 * Half the deviance of a Poisson count: D(b + d, b) = (b + d) ln(1 + d / b) - d, >= 0.
 *
 * @param b - expected counts, > 0.
 * @param d - counts above expectation, >= -b.
 */
export function deviance(b: number, d: number): number {
  const counts = b + d;
  if (!(counts > 0)) return -d;
  const w = d / (counts + b);
  if (w > 0.05 || w < -0.05) return counts * Math.log(counts / b) - d;
  // ln((1 + w) / (1 - w)) keeps its digits here, and needs no logarithm.
  const v = w * w;
  const series = 1 + v * (1 / 3 + v * (1 / 5 + v * (1 / 7 + v * (1 / 9 + v * (1 / 11)))));
  return 2 * counts * w * series - d;
}

/** Not below {@link deviance}, without a logarithm: from ln(1 + u) <= u (6 + u) / (6 + 4 u). Exact for u -> 0 and u = -1. */
export function devianceBound(b: number, d: number): number {
  return (d * d * (3 * b + d)) / (b * (6 * b + 4 * d));
}
