import { eDetectorRatios, updateEDetector } from '../../kernel/change/eDetector.ts';
import { HOLD } from '../../kernel/change/focusSides.ts';
import type { FocusConfig } from './focusSettings.ts';

/** Bets on each side. */
const RATIOS = 6;
/** Part of the false alarms that is the certificate's; the rest is the likelihood ratio's. */
export const CERTIFIED_SHARE = 0.02;

/** What the certificate keeps: plain data. */
export type FocusCertificate = {
  /** [n] of {@link eDetectorRatios}, laid when the rate is known. */
  ratios: Float64Array;
  evidence: Float64Array;
  /** Whether the rate is known, and the counts are as Poisson's: else the bets would not be fair. */
  isFair: boolean;
  /** Evidence at which it speaks: the frames to its own false alarm. */
  runLength: number;
};

/** Whether false alarms are shared out at all. */
export const isCertified = ({ certificate, expected, threshold, noise }: FocusConfig): boolean =>
  certificate && expected !== undefined && threshold === undefined && noise !== 'given' && noise !== 'learned';

export function createFocusCertificate(config: FocusConfig): FocusCertificate {
  const size = !isCertified(config) ? 0 : config.sides === 'both' ? 2 * RATIOS : RATIOS;
  return { ratios: new Float64Array(size), evidence: new Float64Array(size), isFair: false, runLength: Infinity };
}

/** Lays the bets. @param rate - counts per frame. @param runLength - frames until an alarm of the certificate. */
export function layFocusCertificate(
  certificate: FocusCertificate,
  rate: number,
  runLength: number,
  sides: FocusConfig['sides'],
): void {
  const { ratios } = certificate;
  if (sides !== 'down') ratios.set(eDetectorRatios(rate, runLength, 1, RATIOS));
  if (sides !== 'up') ratios.set(eDetectorRatios(rate, runLength, -1, RATIOS), ratios.length - RATIOS);
  certificate.runLength = runLength;
  certificate.isFair = true;
}

/**
 * Takes a frame into the certificate.
 *
 * @returns its evidence on the scale of the statistic, whose threshold it reaches as it reaches its own; 0 while it is below
 * by more than a change that is on may fall.
 */
export function certify(certificate: FocusCertificate, counts: number, expected: number, threshold: number): number {
  if (!certificate.isFair) return 0;
  const evidence = Math.log(updateEDetector(certificate, counts, expected, certificate.ratios) / certificate.runLength);
  return evidence >= -HOLD ? threshold + evidence : 0;
}

/** Forgets all evidence. */
export function resetFocusCertificate(certificate: FocusCertificate): void {
  certificate.evidence.fill(0);
}
