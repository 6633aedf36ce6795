import { createRandom, type Random } from './random.ts';
import { QUIET, type NetworkHabits } from './wire.ts';

/** Everything that can go wrong in the simulation. */
export const PROTOCOL_FAULTS = [
  'monitorStopped',
  'monitorKilled',
  'monitorForgets',
  'receiverStopped',
  'receiverKilled',
  'brokerStopped',
  'brokerKilled',
  'permitsLost',
  'permitsStalled',
  'reportsLost',
  'reportsStalled',
  'bothLost',
  'staleSource',
  'emptyFrames',
  'doseUnknown',
  'channelsDisagree',
  'budgetSpent',
  'alert',
  'stopCommand',
  'replayed',
  'secondMonitor',
  'diskFull',
] as const;
export type ProtocolFault = (typeof PROTOCOL_FAULTS)[number];

export interface PlannedFault {
  readonly kind: ProtocolFault;
  readonly fromMs: number;
  readonly forMs: number;
}

/** One trial, as data: it can be shown, repeated, and made smaller. */
export interface TrialPlan {
  readonly seed: number;
  readonly habits: NetworkHabits;
  readonly faults: readonly PlannedFault[];
  /** When somebody tries to arm. */
  readonly armsMs: readonly number[];
  /** Something holds the shutter open before the receiver starts. */
  readonly isOpenAtStart: boolean;
}

/** Faults begin and end within it, milliseconds. */
export const FAULTY_MS = 4000;
const FIRST_ARM_MS = 400;

/** The trial of a seed: every thousandth has nothing wrong with it. */
export function planTrial(seed: number): TrialPlan {
  const random = createRandom(seed, 1);
  const isRough = random.chance(0.4);
  const count = seed % 1000 === 0 ? 0 : random.whole(1, 4);
  const faults: PlannedFault[] = [];
  while (faults.length < count) faults.push(planFault(random, faults.at(-1)));
  const armsMs = Array.from({ length: random.whole(0, 4) }, () => random.between(FIRST_ARM_MS, FAULTY_MS));
  return {
    seed,
    habits: isRough && count > 0 ? roughHabits(random) : QUIET,
    faults: faults.sort((a, b) => a.fromMs - b.fromMs),
    armsMs: [FIRST_ARM_MS, ...armsMs.sort((a, b) => a - b)],
    isOpenAtStart: random.chance(0.1),
  };
}

/** Half of the later faults begin about when the one before begins or ends: faults that meet are the harder case. */
function planFault(random: Random, former: PlannedFault | undefined): PlannedFault {
  const meetsMs = former === undefined ? 0 : former.fromMs + random.pick([0, former.forMs]) + random.between(-100, 100);
  const isMeeting = former !== undefined && random.chance(0.5) && meetsMs > 0;
  const fromMs = Math.min(isMeeting ? meetsMs : random.between(0, FAULTY_MS), FAULTY_MS - 500);
  // Short ones as well as long ones: what is over before the lease is, is the harder case.
  const longestMs = random.pick([100, 500, 1500, 3500]);
  const forMs = Math.min(random.between(10, longestMs), FAULTY_MS - fromMs);
  return { kind: random.pick(PROTOCOL_FAULTS), fromMs, forMs };
}

function roughHabits(random: Random): NetworkHabits {
  return {
    delayMs: random.pick([3, 20, 80]),
    lateShare: random.pick([0, 0.05, 0.3]),
    lateMs: random.pick([100, 400, 1500]),
    lossShare: random.pick([0, 0.02, 0.1, 0.3]),
    duplicateShare: random.pick([0, 0.05, 0.3]),
  };
}
