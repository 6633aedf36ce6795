import type { TemplateSums } from './templateSums.ts';

/** The evidence of the present, in nats. */
export interface ScanEvidence {
  /** ln of the weighed sum of all windows' likelihoods. */
  single: number;
  /** The most of any window, several peaks together. */
  several: number;
  /** Row of the window that says most; -1 for none. */
  row: number;
  /** Row of the window in which several peaks say most; -1 for none. */
  severalRow: number;
}

/**
 * Sums the windows up. The weight 1 + h / 10 keeps short windows, of which there are many independent ones, from
 * spending the false-alarm budget; the sum over windows finds a change a few per cent earlier than their maximum.
 */
export function weighEvidence(state: TemplateSums, evidence: ScanEvidence): void {
  const { anchors, clocks, single, several } = state;
  let most = -Infinity;
  evidence.row = -1;
  evidence.several = 0;
  evidence.severalRow = -1;
  for (let a = 0; a < anchors.count; a++) {
    const row = anchors.rows[a]!;
    const h = state.clock - clocks[row]!;
    if (!(h > 0)) continue;
    const weight = Math.log1p(h / 10);
    if (single[row]! + weight > most) {
      most = single[row]! + weight;
      evidence.row = row;
    }
    if (several[row]! + weight > evidence.several) {
      evidence.several = several[row]! + weight;
      evidence.severalRow = row;
    }
  }
  evidence.single = 0;
  if (evidence.row < 0) return;
  let sum = 0;
  for (let a = 0; a < anchors.count; a++) {
    const row = anchors.rows[a]!;
    const h = state.clock - clocks[row]!;
    if (!(h > 0)) continue;
    const share = anchors.frame - anchors.starts[a]! < 8 ? 0.125 : 1;
    sum += share * (1 + h / 10) * Math.exp(single[row]! - most);
  }
  evidence.single = most + Math.log(sum);
}
