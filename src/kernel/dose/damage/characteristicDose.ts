import type { DamageState } from './damageAccount.ts';
import type { Estimate } from './damageDistribution.ts';
import type { DamageWork } from './damageWork.ts';

const TAIL = 0.025;

/** Characteristic dose De of f = 1 - exp(-D / De), among the exponential hypotheses alone; Infinity when none is left. */
export function characteristicDose(state: DamageState, { kinetics }: DamageWork, out: Estimate): void {
  const { reach, hazard, cell, exponential } = kinetics;
  const [first, end] = exponential;
  const { weights } = state.grid;
  let total = 0;
  for (let i = first; i < end; i++) total += weights[i]!;
  let sum = 0;
  out.low = out.value = out.high = total > 0 ? 0 : Infinity;
  if (!(total > 0)) return;
  for (let i = first; i < end; i++) {
    const share = weights[i]! / total;
    const next = sum + share;
    if (sum < TAIL && next >= TAIL) out.low = within(TAIL, sum, share, reach[i]!, cell[i]!) / hazard;
    if (sum < 0.5 && next >= 0.5) out.value = within(0.5, sum, share, reach[i]!, cell[i]!) / hazard;
    if (sum < 1 - TAIL && next >= 1 - TAIL) out.high = within(1 - TAIL, sum, share, reach[i]!, cell[i]!) / hazard;
    sum = next;
  }
}

/** Where in its cell a quantile lies. */
function within(probability: number, below: number, share: number, reach: number, cell: number): number {
  return reach * Math.exp(cell * ((probability - below) / share - 0.5));
}
