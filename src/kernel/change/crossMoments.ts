/** Sums over the channels of u_k u_l v. @param out - [K * K] receives them. */
export function moments2(u: readonly Float64Array[], v: Float64Array, out: Float64Array): Float64Array {
  const K = u.length;
  for (let k = 0; k < K; k++)
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let i = 0; i < v.length; i++) sum += u[k]![i]! * u[l]![i]! * v[i]!;
      out[k * K + l] = out[l * K + k] = sum;
    }
  return out;
}

/** Sums over the channels of u_k u_l u_m v. @param out - [K * K * K] receives them. */
export function moments3(u: readonly Float64Array[], v: Float64Array, out: Float64Array): Float64Array {
  const K = u.length;
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++)
      for (let m = 0; m < K; m++) {
        let sum = 0;
        for (let i = 0; i < v.length; i++) sum += u[k]![i]! * u[l]![i]! * u[m]![i]! * v[i]!;
        out[(k * K + l) * K + m] = sum;
      }
  return out;
}

/** The quadratic form of {@link moments2}: the sum over the channels of (c u)^2 v. */
export function form2(moments: Float64Array, c: Float64Array): number {
  const K = c.length;
  let sum = 0;
  for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) sum += c[k]! * c[l]! * moments[k * K + l]!;
  return sum;
}

/** The cubic form of {@link moments3}: the sum over the channels of (c u)^3 v. */
export function form3(moments: Float64Array, c: Float64Array): number {
  const K = c.length;
  let sum = 0;
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++)
      for (let m = 0; m < K; m++) sum += c[k]! * c[l]! * c[m]! * moments[(k * K + l) * K + m]!;
  return sum;
}
