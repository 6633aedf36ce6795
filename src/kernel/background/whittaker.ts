/** Room for {@link whittaker}. */
export interface WhittakerWorkspace {
  /** [n] coupling of a row, already divided by its pivot, to the next row towards the middle. */
  readonly near: Float64Array;
  /** [n] the same, to the row after that. */
  readonly far: Float64Array;
  /** [n] right side, divided by the pivot. */
  readonly right: Float64Array;
}

/** @param n - channels, >= 3. */
export function createWhittakerWorkspace(n: number): WhittakerWorkspace {
  return { near: new Float64Array(n), far: new Float64Array(n), right: new Float64Array(n) };
}

/** What {@link whittaker} needs to know. */
export interface WhittakerOptions {
  /** [n] weights, >= 0, at least two above 0. */
  readonly weights: Float64Array;
  /** Weight of the squared second differences, > 0. For the same stiffness on twice as many channels: sixteenfold. */
  readonly lambda: number;
}

/**
 * Solves (W + lambda D'D) x = right, D the second difference: the Whittaker smoother. The pentadiagonal matrix is eliminated from both
 * ends at once: two chains of divisions that do not wait for each other.
 *
 * @param right - [n], n >= 3.
 * @param options - see {@link WhittakerOptions}.
 * @param work - of {@link createWhittakerWorkspace}.
 * @param out - [n], may be `right`.
 * @returns `out`.
 * @see Eilers, Anal. Chem. 75 (2003) 3631.
 */
export function whittaker(
  right: Float64Array,
  { weights, lambda }: WhittakerOptions,
  { near, far, right: reduced }: WhittakerWorkspace,
  out: Float64Array,
): Float64Array {
  const n = right.length;
  const half = (n - 2) >> 1;
  // Of the two rows eliminated last, from either end: coupling and inverse pivot, and their right sides.
  let [u1, e1, c1, c2, r1, r2] = [0, 0, 0, 0, 0, 0];
  let [v1, f1, g1, g2, s1, s2] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < half; i++) {
    const j = n - 1 - i;
    const main = i === 0 ? lambda : i === 1 ? 5 * lambda : 6 * lambda;
    const side = i === 0 ? -2 * lambda : -4 * lambda;
    const top = 1 / (main + weights[i]! - u1 * e1 - lambda * c2);
    const bottom = 1 / (main + weights[j]! - v1 * f1 - lambda * g2);
    const topRight = right[i]! - e1 * r1 - c2 * r2;
    const bottomRight = right[j]! - f1 * s1 - g2 * s2;
    u1 = side - u1 * c1;
    v1 = side - v1 * g1;
    c2 = c1;
    g2 = g1;
    e1 = u1 * top;
    f1 = v1 * bottom;
    c1 = lambda * top;
    g1 = lambda * bottom;
    r2 = r1;
    s2 = s1;
    r1 = topRight;
    s1 = bottomRight;
    near[i] = e1;
    near[j] = f1;
    far[i] = c1;
    far[j] = g1;
    reduced[i] = topRight * top;
    reduced[j] = bottomRight * bottom;
  }
  let p = half;
  if (n % 2 === 1) {
    const main = n === 3 ? lambda : n === 5 ? 5 * lambda : 6 * lambda;
    const side = n === 3 ? -2 * lambda : -4 * lambda;
    const top = 1 / (main + weights[p]! - u1 * e1 - lambda * c2);
    const topRight = right[p]! - e1 * r1 - c2 * r2;
    u1 = side - u1 * c1;
    c2 = c1;
    e1 = u1 * top;
    c1 = lambda * top;
    r2 = r1;
    r1 = topRight;
    near[p] = e1;
    far[p] = c1;
    reduced[p] = topRight * top;
    p++;
  }
  const q = p + 1;
  const pp = diagonal(p, n) * lambda + weights[p]! - u1 * e1 - lambda * c2 - lambda * g1;
  const qq = diagonal(q, n) * lambda + weights[q]! - v1 * f1 - lambda * g2 - lambda * c1;
  const pq = (p === 0 || q === n - 1 ? -2 : -4) * lambda - u1 * c1 - v1 * g1;
  const rp = right[p]! - e1 * r1 - c2 * r2 - g1 * s1;
  const rq = right[q]! - f1 * s1 - g2 * s2 - c1 * r1;
  const determinant = pp * qq - pq * pq;
  let x1 = (rp * qq - rq * pq) / determinant;
  let x2 = (rq * pp - rp * pq) / determinant;
  let y1 = x2;
  let y2 = x1;
  out[p] = x1;
  out[q] = x2;
  let i = p - 1;
  for (let j = q + 1; j < n; j++, i--) {
    const x = reduced[i]! - near[i]! * x1 - far[i]! * x2;
    const y = reduced[j]! - near[j]! * y1 - far[j]! * y2;
    out[i] = x;
    out[j] = y;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
  }
  if (i === 0) out[0] = reduced[0]! - near[0]! * x1 - far[0]! * x2;
  return out;
}

/** Diagonal of D'D. */
function diagonal(i: number, n: number): number {
  const place = Math.min(i, n - 1 - i);
  if (place === 0) return 1;
  if (place === 1) return n === 3 ? 4 : 5;
  return 6;
}
