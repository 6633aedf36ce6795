import { describe, expect, it } from 'vitest';
import { adviseExposure, EXPOSURE_STATES, policyExposure } from '../../../src/kernel/dose/exposurePolicy.ts';

const policy = { lo: 0.05, hi: 1, raiseAt: 0.2 };
const free = { present: 0.05, budget: Infinity, over: 0, risk: 0.05 };

describe('the exposure policy', () => {
  it('is dim up to the level and bright above', () => {
    expect([0, 0.2, 0.21, 50].map((evidence) => policyExposure(policy, evidence))).toEqual([0.05, 0.05, 1, 1]);
    expect(adviseExposure(policy, 0, free)).toEqual({ exposure: 0.05, state: EXPOSURE_STATES.dim });
    expect(adviseExposure(policy, 3, free)).toEqual({ exposure: 1, state: EXPOSURE_STATES.bright });
  });

  it('asks for no more than the budget leaves, down to nothing', () => {
    expect(adviseExposure(policy, 3, { ...free, budget: 0.4 })).toEqual({
      exposure: 0.4,
      state: EXPOSURE_STATES.capped,
    });
    expect(adviseExposure(policy, 0, { ...free, budget: -1 })).toEqual({ exposure: 0, state: EXPOSURE_STATES.capped });
    expect(adviseExposure(policy, 0, { ...free, budget: 0.4 }).state).toBe(EXPOSURE_STATES.dim);
  });

  it('raises nothing above half of the allowed risk, and dims above all of it', () => {
    expect(adviseExposure(policy, 3, { ...free, over: 0.02 }).exposure).toBe(1);
    expect(adviseExposure(policy, 3, { ...free, present: 0.3, over: 0.03 }).exposure).toBe(0.3);
    expect(adviseExposure(policy, 3, { ...free, present: 1, over: 0.03 })).toEqual({
      exposure: 1,
      state: EXPOSURE_STATES.bright,
    });
    expect(adviseExposure(policy, 3, { ...free, present: 1, over: 0.06 })).toEqual({
      exposure: 0.05,
      state: EXPOSURE_STATES.capped,
    });
  });
});
