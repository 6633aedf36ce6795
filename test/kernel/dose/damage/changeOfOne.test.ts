import { describe, expect, it } from 'vitest';
import { changeOfOne } from '../../../../src/kernel/dose/damage/changeOfOne.ts';

describe('a change of one', () => {
  it('changes the channel that changes most by as much as it held', () => {
    const changed = changeOfOne(Float64Array.of(10, 4, 0), Float64Array.of(8, 6, 1));
    expect([...changed]).toEqual([6, 8, 2]);
  });
  it('has no direction between equal spectra', () => {
    const same = Float64Array.of(1, 2);
    expect(() => changeOfOne(same, same.slice())).toThrow(/no direction/);
  });
});
