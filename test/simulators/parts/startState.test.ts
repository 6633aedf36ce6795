import { describe, expect, it } from 'vitest';
import { startState } from '../../../simulators/parts/startState.ts';

const usual = { temperature: 300, fraction: 0.1, shift: 0 };
const ranges = { temperature: [0, 3000, 'K'], fraction: [0, 1, '1'] } as const;

describe('the state a sample starts in', () => {
  it('is the usual one but for what is asked', () => {
    expect(startState(usual, ranges, { fraction: 1 })).toEqual({ temperature: 300, fraction: 1, shift: 0 });
  });

  it('cannot be impossible: the range is named', () => {
    expect(() => startState(usual, ranges, { temperature: -5 })).toThrow('temperature is -5, expected 0 to 3000 K');
    expect(() => startState(usual, ranges, { fraction: 1.2 })).toThrow('fraction is 1.2, expected 0 to 1');
    expect(() => startState(usual, ranges, { shift: NaN })).toThrow('shift is NaN, expected');
  });

  it('has only numbers that the sample knows', () => {
    expect(() => startState(usual, ranges, { fracton: 0.2 })).toThrow(
      "no state number 'fracton', did you mean 'fraction'?",
    );
  });
});
