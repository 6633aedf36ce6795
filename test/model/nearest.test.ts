import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/model/nearest.ts';

describe('editDistance', () => {
  it('counts insertions, deletions, substitutions and exchanges of neighbours', () => {
    expect(editDistance('snip', 'snip')).toBe(0);
    expect(editDistance('snip', 'snips')).toBe(1);
    expect(editDistance('snip', 'nip')).toBe(1);
    expect(editDistance('snip', 'snap')).toBe(1);
    expect(editDistance('snip', 'sinp')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('is symmetric, and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
      { seed: 1 },
    );
  });
});

describe('nearest', () => {
  const kinds = ['background.snip', 'change.poissonCusum', 'change.step'];
  it('finds a misspelt name', () => expect(nearest('change.poisonCusum', kinds)).toBe('change.poissonCusum'));
  it('finds a name given without its family', () => expect(nearest('snip', kinds)).toBe('background.snip'));
  it('does not mind capitals', () => expect(nearest('Change.Step', kinds)).toBe('change.step'));
  it('keeps silent when nothing is close', () => expect(nearest('reduce.azimuthal', kinds)).toBeNull());
});
