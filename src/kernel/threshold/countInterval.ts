import { fallingRoot, normalQuantile } from '../change/normalTail.ts';

/** Counts above this are treated by the cube-root normal approximation alone. */
const EXACT = 200;

/**
 * The central interval of a Poisson mean of which `count` was observed: exact (Garwood) up to 200 counts, above by
 * Wilson and Hilferty's cube root, which is then good to 1e-4.
 *
 * @param count - whole, >= 0.
 * @param confidence - in (0, 1), as 0.95.
 * @returns [low, high]; low is 0 when nothing was observed.
 * @see Garwood, Biometrika 28 (1936) 437
 * @example
 * countInterval(0, 0.95)[1].toFixed(2); // => '3.69'
 */
export function countInterval(count: number, confidence: number): readonly [low: number, high: number] {
  const tail = 0.5 * (1 - confidence);
  const z = normalQuantile(tail);
  if (count > EXACT) return [cubeRoot(count, -z), cubeRoot(count + 1, z)];
  // P(at most `k` | mean) falls with the mean.
  const atMost = (k: number, mean: number): number => {
    let term = Math.exp(-mean);
    let sum = term;
    for (let i = 1; i <= k; i++) sum += term *= mean / i;
    return sum;
  };
  const end = count + 1 + 2 * z * Math.sqrt(count + 1) + z * z;
  const low = count === 0 ? 0 : fallingRoot((mean) => atMost(count - 1, mean) - (1 - tail), 0, end);
  return [low, fallingRoot((mean) => atMost(count, mean) - tail, 0, end)];
}

/** Quantile of a gamma number of whole shape `n`, n large. */
function cubeRoot(n: number, z: number): number {
  return n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
}
