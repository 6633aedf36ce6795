import type { FaultSetting } from '../scenarios/scenario.ts';
import type { Transfer } from './transfer.ts';

/** What the truth calls the faults acting on one frame. */
export function faultNames(
  faults: FaultSetting,
  isAfterOnset: boolean,
  isTripped: boolean,
  isMoved: boolean,
  transfer: Transfer,
): readonly string[] {
  const names: string[] = [];
  if (isMoved) names.push('moved');
  if (isTripped) names.push('trip');
  if (transfer.deliveryCount === 0) names.push('lost');
  if (transfer.deliveryCount === 2) names.push('twice');
  if (transfer.isLate) names.push('late');
  if (transfer.isTorn) names.push('torn');
  if (!isAfterOnset) return names;
  if (faults.isDead === true) names.push('dead');
  if (faults.isHot === true) names.push('hot');
  if (faults.isFlickering === true) names.push('flickering');
  if (faults.overexposure !== undefined) names.push('saturate');
  if (faults.cosmicHits !== undefined) names.push('cosmic');
  if (faults.isRefilled === true) names.push('refill');
  return names;
}
