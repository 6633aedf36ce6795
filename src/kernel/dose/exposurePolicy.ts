/** Dim while nothing happens, bright when evidence rises. */
export interface ExposurePolicy {
  /** Exposure while there is no evidence, relative to nominal, > 0. */
  readonly lo: number;
  /** Exposure while there is, relative to nominal, >= `lo`. */
  readonly hi: number;
  /** Evidence above which the exposure is raised, nats, >= 0. */
  readonly raiseAt: number;
}

/** What the stop rule leaves. */
export interface ExposureLimits {
  /** Exposure of the present frames, relative to nominal. */
  readonly present: number;
  /** Highest exposure of the next frame that keeps within the dose budget, relative to nominal; Infinity without one. */
  readonly budget: number;
  /** P(damage over tolerance after the next frame) at the present exposure; 0 when it is not watched. */
  readonly over: number;
  /** Risk the stop rule allows. */
  readonly risk: number;
}

export const EXPOSURE_STATES = { dim: 0, bright: 1, capped: 2 } as const;
export type ExposureState = (typeof EXPOSURE_STATES)[keyof typeof EXPOSURE_STATES];

/** Exposure by evidence alone: two levels lie on the same curve of delay against dose as any smooth rule that was tried. */
export const policyExposure = ({ lo, hi, raiseAt }: ExposurePolicy, evidence: number): number =>
  evidence > raiseAt ? hi : lo;

/**
 * The exposure to take next: by evidence, but no more than the stop rule leaves.
 *
 * Of the dose: what is left of the budget. Of damage: the probability is known for the present exposure only, so above half
 * of the allowed risk the exposure is not raised, and above all of it, it is the low one.
 *
 * @param evidence - statistic of a detector whose increments scale with the counts, nats.
 * @returns exposure relative to nominal, 0 when the budget is spent; `state` is `capped` when evidence alone asked for more.
 */
export function adviseExposure(
  policy: ExposurePolicy,
  evidence: number,
  { present, budget, over, risk }: ExposureLimits,
): { exposure: number; state: ExposureState } {
  const wanted = policyExposure(policy, evidence);
  const byDamage = over > risk ? policy.lo : over > 0.5 * risk ? Math.max(policy.lo, present) : Infinity;
  const exposure = Math.max(0, Math.min(wanted, budget, byDamage));
  if (exposure < wanted) return { exposure, state: EXPOSURE_STATES.capped };
  return { exposure, state: evidence > policy.raiseAt ? EXPOSURE_STATES.bright : EXPOSURE_STATES.dim };
}
