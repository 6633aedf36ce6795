/**
 * Weighted sums of the products of columns with each other: sum of w c_k c_l. Two rows by four columns at a time, so that each element that is
 * read serves several sums.
 *
 * @param columns - p of [n].
 * @param weights - [n].
 * @param out - [p * p] receives all of the symmetric matrix.
 */
export function fillGram(columns: readonly Float64Array[], weights: Float64Array, out: Float64Array): void {
  const p = columns.length;
  const last = p - 1;
  const n = weights.length;
  for (let k = 0; k < p; k += 2) {
    const a = columns[k]!;
    const b = columns[Math.min(k + 1, last)]!;
    const rowA = k * p;
    const rowB = Math.min(k + 1, last) * p;
    for (let l = k; l < p; l += 4) {
      const c0 = columns[l]!;
      const c1 = columns[Math.min(l + 1, last)]!;
      const c2 = columns[Math.min(l + 2, last)]!;
      const c3 = columns[Math.min(l + 3, last)]!;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let i = 0; i < n; i++) {
        const w = weights[i]!;
        const s = w * a[i]!;
        const t = w * b[i]!;
        const x0 = c0[i]!;
        const x1 = c1[i]!;
        const x2 = c2[i]!;
        const x3 = c3[i]!;
        a0 += s * x0;
        a1 += s * x1;
        a2 += s * x2;
        a3 += s * x3;
        b0 += t * x0;
        b1 += t * x1;
        b2 += t * x2;
        b3 += t * x3;
      }
      // Beyond the last column the last one stands in, and its sum is written again.
      const l1 = Math.min(l + 1, last);
      const l2 = Math.min(l + 2, last);
      const l3 = Math.min(l + 3, last);
      out[rowA + l] = a0;
      out[rowA + l1] = a1;
      out[rowA + l2] = a2;
      out[rowA + l3] = a3;
      out[rowB + l] = b0;
      out[rowB + l1] = b1;
      out[rowB + l2] = b2;
      out[rowB + l3] = b3;
    }
  }
  for (let k = 0; k < p; k++) for (let l = 0; l < k; l++) out[k * p + l] = out[l * p + k]!;
}
