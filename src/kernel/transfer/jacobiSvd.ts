/** Singular values s of A, largest first, with A V = U S. */
export interface SingularValues {
  /** [K] each of the length of A's columns: u_k s_k. */
  readonly scaled: readonly Float64Array[];
  /** [K][K] columns of V. */
  readonly right: readonly Float64Array[];
  /** [K]; what lies below 1e-10 of the largest is 0. */
  readonly values: Float64Array;
}

const SWEEPS = 60;
const LEAST = 1e-10;

/**
 * Singular value decomposition of a matrix of few columns, by rotating pairs of them until all are orthogonal (one-sided Jacobi): as precise
 * for small singular values as for large.
 *
 * @param columns - [K] of equal length, finite; not changed.
 * @see Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992) 1204.
 */
export function jacobiSvd(columns: readonly Float64Array[]): SingularValues {
  const K = columns.length;
  const scaled = columns.map((column) => column.slice());
  const right = columns.map((_, k) => Float64Array.from({ length: K }, (__, l) => (k === l ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let isDone = true;
    for (let p = 0; p < K; p++)
      for (let q = p + 1; q < K; q++) {
        const a = product(scaled[p]!, scaled[p]!);
        const b = product(scaled[q]!, scaled[q]!);
        const c = product(scaled[p]!, scaled[q]!);
        if (!(Math.abs(c) > 2e-16 * Math.sqrt(a * b))) continue;
        isDone = false;
        const tau = (b - a) / (2 * c);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
        const cosine = 1 / Math.hypot(1, t);
        rotate(scaled[p]!, scaled[q]!, cosine, cosine * t);
        rotate(right[p]!, right[q]!, cosine, cosine * t);
      }
    if (isDone) break;
  }
  const norms = scaled.map((column) => Math.sqrt(product(column, column)));
  const order = norms.map((_, k) => k).sort((i, j) => norms[j]! - norms[i]!);
  const largest = norms[order[0]!] ?? 0;
  return {
    scaled: order.map((k) => scaled[k]!),
    right: order.map((k) => right[k]!),
    values: Float64Array.from(order, (k) => (norms[k]! > LEAST * largest ? norms[k]! : 0)),
  };
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
