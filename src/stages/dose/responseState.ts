import { createDamageState } from '../../kernel/dose/damage/damageAccount.ts';
import { createDirection } from '../../kernel/dose/damage/learnedDirection.ts';
import type { Frame } from '../../model/frame.ts';
import type { ResponseWork } from './responseWork.ts';

/** What is needed of a frame. */
export type Spectrum = Pick<Frame, 'values' | 'variances' | 'mask'>;

export type ResponseState = ReturnType<typeof initialResponse>;

/** An area that nothing is known of. */
export function initialResponse({ damage }: ResponseWork) {
  return {
    damage: createDamageState(damage),
    stage: '',
    unit: '1',
    generation: -1,
    dose: 0,
    /** Exposure of the last frame, for the rate of the next dose. */
    exposureUs: 0,
    rate: 0,
    /** Whether the area was said to be at its end, and to be past it. */
    isStopped: false,
    isDamaged: false,
    /** Where the next spectrum is looked for, channels. */
    shift: 0,
    expected: 0,
    /** Information on f that the frames brought, and the dose they took. */
    information: 0,
    measuredDose: 0,
    /** Of the intact reference; 0 before it is known. */
    referenceInformation: 0,
    reference: {
      isKnown: false,
      frames: 0,
      /** Received by the area when the last of them was taken, units of the prior. */
      dose: 0,
      a: 0,
      total: 0,
      sum: new Float64Array(0),
      variance: new Float64Array(0),
    },
    direction: { ...createDirection(0), cosine: 0 },
    pending: {
      stream: '',
      seq: -1,
      timeUs: 0,
      isDone: true,
      hasFrame: false,
      exposureUs: 0,
      fraction: 0,
      variance: 0,
      dose: -1,
      ofFrame: -1,
      next: -1,
      generation: -1,
      hasLesson: false,
      /** [n] or [a, a + b] what a reference can be learned from, with variances, where it came before its dose; [0] else. */
      lesson: new Float64Array(0),
      lessonVariance: new Float64Array(0),
    },
  };
}
