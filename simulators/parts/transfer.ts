import { nextUniform } from '../../src/kernel/random/xoshiro128.ts';
import type { FaultSetting } from '../scenarios/scenario.ts';
import { Purpose, seedPurpose } from './randomStreams.ts';

/** What happens to a frame on its way out. */
export interface Transfer {
  readonly deliveryCount: 0 | 1 | 2;
  readonly isLate: boolean;
  readonly isTorn: boolean;
}

const SAFE: Transfer = { deliveryCount: 1, isLate: false, isTorn: false };
const random = new Uint32Array(4);
/** Its own part of the frame's fault stream: flickering pixels use the other. */
const SEED_BRANCH = 0x5bd1e995;

/** Decides the fate of one frame; at most one thing happens to it. */
export function transferOf(faults: FaultSetting, seed: number, frame: number): Transfer {
  if (faults.transfer === undefined) return SAFE;
  const { lost, twice, late, torn } = faults.transfer;
  const chance = nextUniform(seedPurpose(seed ^ SEED_BRANCH, Purpose.faults, frame, random));
  if (chance < lost) return { ...SAFE, deliveryCount: 0 };
  if (chance < lost + twice) return { ...SAFE, deliveryCount: 2 };
  if (chance < lost + twice + late) return { ...SAFE, isLate: true };
  return { ...SAFE, isTorn: chance < lost + twice + late + torn };
}
