import { describe, expect, it } from 'vitest';
import { acceptedAnew, acceptedReading, isOperatorAct, OPERATOR_ACCEPT } from '../../src/model/operatorAct.ts';
import { channelLayout, testFrame } from '../support/frames.ts';

const acts = (state: { accepted: number }, ...values: (number | undefined)[]) =>
  values.map((value) => acceptedAnew(state, { context: value === undefined ? {} : { [OPERATOR_ACCEPT]: value } }));

describe('an operator who accepts a new state', () => {
  it('is heard once per act, the first included', () => {
    expect(acts({ accepted: -1 }, undefined, 1, 1, 2, 2)).toEqual([false, true, false, true, false]);
  });

  it('is not heard again where the signal is absent or a clock ran backwards', () => {
    expect(acts({ accepted: -1 }, 2, undefined, 2, 1, 2, 3)).toEqual([true, false, false, false, false, true]);
  });

  it('is still remembered by a state that was saved and read back', () => {
    const state = { accepted: -1 };
    acts(state, 4);
    expect(acts(structuredClone(state), 4, 5)).toEqual([false, true]);
  });

  it('leaves a reading with the number of the act', () => {
    const frame = testFrame(channelLayout(2), 7, [1, 2]);
    expect(acceptedReading(frame, 'change', { accepted: 3 })).toMatchObject({
      stage: 'change',
      name: 'accepted',
      value: 3,
      seq: 7,
    });
  });

  it('is told from a measurement by its name', () => {
    expect([OPERATOR_ACCEPT, 'temperature'].map(isOperatorAct)).toEqual([true, false]);
  });
});
