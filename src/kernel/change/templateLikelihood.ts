import { cumulantLikelihood } from './cumulantLikelihood.ts';
import type { ScanTemplates } from './templateScan.ts';
import type { TemplateSums } from './templateSums.ts';

/** The most any one template says of a window, exactly. */
export function judgeSingle(
  state: TemplateSums,
  { excess, skewness, mostSkewed, doubt, dispersion, up, down }: ScanTemplates,
  row: number,
  first: number,
  variance: number,
  lean: number,
): void {
  // A fall of a skewed score counts more than its square, at most twice: who could still win is computed exactly.
  const largest = Math.abs(excess[first]!);
  const u = (Math.abs(lean) * largest) / variance;
  const right = mostSkewed[lean > 0 ? 0 : 1];
  const left = mostSkewed[lean > 0 ? 1 : 0];
  const rise = (2 * variance) / (1 + Math.min(1, left * u));
  const fall = (2 * variance) / (1 + Math.min(1, right * u));
  let best = 0;
  let winner = -1;
  if (largest > 0 && (excess[first]! > 0 ? up : down)) {
    best = cumulantLikelihood(excess[first]!, variance, skewness[first]! * lean, doubt[first]!);
    winner = first;
  }
  // Where no skewness could change the order, the largest has won.
  if (u * Math.max(right, left) < 0.05 && winner >= 0) {
    state.single[row] = best / dispersion;
    state.winners[row] = excess[winner]! > 0 ? winner + 1 : -winner - 1;
    return;
  }
  let leastRise = up ? rise * best : Infinity;
  let leastFall = down ? fall * best : Infinity;
  // One bound for both signs first: a branch on the sign of noise is never predicted.
  let least = Math.min(leastRise, leastFall);
  for (let j = 0; j < excess.length; j++) {
    const d = excess[j]!;
    if (d * d <= least) continue;
    if (d * d <= (d > 0 ? leastRise : leastFall) || j === first) continue;
    const likelihood = cumulantLikelihood(d, variance, skewness[j]! * lean, doubt[j]!);
    if (likelihood <= best) continue;
    best = likelihood;
    winner = j;
    leastRise = up ? rise * best : Infinity;
    leastFall = down ? fall * best : Infinity;
    least = Math.min(leastRise, leastFall);
  }
  state.single[row] = best / dispersion;
  state.winners[row] = winner < 0 ? 0 : excess[winner]! > 0 ? winner + 1 : -winner - 1;
}

/**
 * Likelihood of a sparse mixture: each block holds a change with a small probability (Xie and Siegmund 2013). Only blocks
 * that say more than their neighbours count, since one peak speaks in two of them.
 */
export function judgeSeveral(
  state: TemplateSums,
  { excess, skewness, doubt, blocks, said, dispersion, up, down }: ScanTemplates,
  row: number,
  variance: number,
  lean: number,
): void {
  const count = blocks.length - 1;
  for (let b = 0; b < count; b++) {
    let most = 0;
    let winner = -1;
    for (let j = blocks[b]!; j < blocks[b + 1]!; j++) {
      const square = excess[j]! * excess[j]!;
      if (square > most) {
        most = square;
        winner = j;
      }
    }
    said[b] = 0;
    // Below 1 nat a block adds next to nothing.
    if (most < 2 * variance || !(excess[winner]! > 0 ? up : down)) continue;
    said[b] = cumulantLikelihood(excess[winner]!, variance, skewness[winner]! * lean, doubt[winner]!) / dispersion;
  }
  let sum = 0;
  for (let b = 0; b < count; b++) {
    const own = said[b]!;
    if (own === 0 || (b > 0 && said[b - 1]! > own) || (b + 1 < count && said[b + 1]! >= own)) continue;
    // Of a change beyond doubt the exponential would overflow.
    sum += own > BEYOND_DOUBT ? own - Math.log(SPARSE * count) : Math.log1p(Math.expm1(own) / (SPARSE * count));
  }
  state.several[row] = sum;
}

/** Prior odds against a change in a block, per block. */
const SPARSE = 2;
/** Nats. */
const BEYOND_DOUBT = 100;
