import type { TemplateState } from './templateMonitor.ts';
import { resetWindows } from './templateSums.ts';
import { resetCertificate } from './templateWealth.ts';

/** Of an onset that has not been looked for yet. */
export const UNKNOWN = -1;

/** Holds the baseline as it was before the window that won. */
export function hold({ sums, held, certificate }: TemplateState, row: number): void {
  resetCertificate(certificate);
  if (row < 0) return;
  const T = sums.sums.length;
  held.clock = sums.clocks[row]!;
  held.sums.set(sums.starts.subarray(row * T, (row + 1) * T));
  held.longest = sums.anchors.frame - sums.anchors.starts[sums.anchors.rows.indexOf(row)]!;
  held.grows = true;
  held.most = 0;
  held.onsetUs = UNKNOWN;
}

/** The change is over: the evidence begins anew, on the baseline that was held. */
export function release({ sums, held, certificate }: TemplateState, memory: number): void {
  sums.sums.set(held.sums);
  sums.clock = held.clock;
  held.clock = 0;
  resetWindows(sums, memory);
  resetCertificate(certificate);
}
