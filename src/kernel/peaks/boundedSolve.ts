import { invertNormal } from './normalInverse.ts';

/** A small least-squares problem in normal form, and room to solve it. */
export interface BoundedProblem {
  readonly size: number;
  /** [size * size] sums of products of the columns. */
  readonly gram: Float64Array;
  /** [size] sums of products of the columns with the data. */
  readonly right: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [size] 1 = free, 0 = held at a bound: of the last solution, and where the next one starts. */
  readonly use: Uint8Array;
  readonly work: Float64Array;
  readonly inverse: Float64Array;
  readonly scale: Float64Array;
  readonly undetermined: Uint8Array;
}

export function createBoundedProblem(low: readonly number[], high: readonly number[]): BoundedProblem {
  const size = low.length;
  return {
    size,
    gram: new Float64Array(size * size),
    right: new Float64Array(size),
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    use: new Uint8Array(size).fill(1),
    work: new Float64Array(size * size),
    inverse: new Float64Array(size * size),
    scale: new Float64Array(size),
    undetermined: new Uint8Array(size),
  };
}

/**
 * Least squares within bounds: minimises a' G a / 2 - b' a over low <= a <= high, by holding what leaves its bounds and letting go what is
 * pulled back inside.
 *
 * @param problem - see {@link BoundedProblem}.
 * @param out - [size] receives the amplitudes.
 * @see Stark & Parker, Comput. Stat. 10 (1995) 129 (bounded-variable least squares).
 */
export function solveBounded(problem: BoundedProblem, out: Float64Array): Float64Array {
  const { size, gram, low, high, use, work, inverse, scale, undetermined } = problem;
  for (let k = 0; k < size; k++) {
    use[k] = low[k] === high[k] ? 0 : 1;
    if (use[k] === 0) out[k] = low[k]!;
  }
  for (let round = 0; round < 4 * size + 4; round++) {
    work.set(gram);
    invertNormal(work, use, inverse, undetermined, scale);
    let worst = -1;
    let excess = 0;
    for (let k = 0; k < size; k++) {
      if (use[k] === 0) continue;
      let sum = 0;
      for (let l = 0; l < size; l++) {
        if (use[l] === 1) sum += inverse[k * size + l]! * pull(problem, out, l);
      }
      scale[k] = sum;
    }
    for (let k = 0; k < size; k++) {
      if (use[k] === 0) continue;
      out[k] = scale[k]!;
      const beyond = Math.max(low[k]! - out[k]!, out[k]! - high[k]!) * Math.sqrt(gram[k * size + k]!);
      if (beyond > excess) {
        excess = beyond;
        worst = k;
      }
    }
    if (worst >= 0) {
      use[worst] = 0;
      out[worst] = out[worst]! < low[worst]! ? low[worst]! : high[worst]!;
      continue;
    }
    const freed = mostPulledInside(problem, out);
    if (freed < 0) break;
    use[freed] = 1;
  }
  for (let k = 0; k < size; k++) out[k] = Math.min(Math.max(out[k]!, low[k]!), high[k]!);
  return out;
}

/** The right side for a free column, less what the held ones explain. */
function pull({ size, gram, right, use }: BoundedProblem, out: Float64Array, l: number): number {
  let sum = right[l]!;
  for (let h = 0; h < size; h++) if (use[h] === 0) sum -= gram[l * size + h]! * out[h]!;
  return sum;
}

function mostPulledInside({ size, gram, right, use, low, high }: BoundedProblem, out: Float64Array): number {
  let best = -1;
  let strongest = 1e-9;
  for (let k = 0; k < size; k++) {
    const diagonal = gram[k * size + k]!;
    if (use[k] === 1 || low[k] === high[k] || !(diagonal > 0)) continue;
    let slope = right[k]!;
    for (let l = 0; l < size; l++) slope -= gram[k * size + l]! * out[l]!;
    const inward = (out[k] === low[k] ? slope : out[k] === high[k] ? -slope : 0) / Math.sqrt(diagonal);
    if (inward > strongest) {
      strongest = inward;
      best = k;
    }
  }
  return best;
}
