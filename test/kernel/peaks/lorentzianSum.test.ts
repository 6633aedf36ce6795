import { describe, expect, it } from 'vitest';
import { lorentzian } from '../../../src/kernel/peaks/lineshapes.ts';
import { createLorentzianSum } from '../../../src/kernel/peaks/lorentzianSum.ts';

describe('a sum of Lorentzians', () => {
  it.each([1, 3, 4, 7, 9])('of %i is what they are one by one', (count) => {
    const axis = { start: -3, step: 0.05 };
    const out = new Float64Array(200).fill(2);
    const sum = createLorentzianSum(axis, out);
    const peaks = Array.from({ length: count }, (_, k) => ({
      area: 1 + k,
      centre: 1.7 * k - 4,
      width: 0.1 + 0.03 * k,
    }));
    for (const { area, centre, width } of peaks) sum.add(area, centre, width);
    sum.finish();
    sum.finish();
    out.forEach((value, i) => {
      const x = axis.start + i * axis.step;
      const expected = peaks.reduce((all, { area, centre, width }) => all + area * lorentzian(x, centre, width), 2);
      expect(value / expected).toBeCloseTo(1, 12);
    });
  });

  it('starts afresh after it has finished', () => {
    const out = new Float64Array(50);
    const sum = createLorentzianSum({ start: 0, step: 0.1 }, out);
    sum.add(1, 2, 0.3);
    sum.finish();
    const first = out.slice();
    out.fill(0);
    sum.add(1, 2, 0.3);
    sum.finish();
    expect(out).toEqual(first);
  });
});
