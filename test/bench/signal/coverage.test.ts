import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../../bench/signal/intervals/coverageOf.ts';
import { EDGE_CASES } from '../../../bench/signal/intervals/edgeCases.ts';
import { PEAK_CASES } from '../../../bench/signal/intervals/peakCases.ts';
import { SUM_CASES } from '../../../bench/signal/intervals/sumCases.ts';

/** Too wide on purpose, or for want of better: the highest channel of many scatters less than any one of them. */
const WIDE = /normalisation\.(maximum|emsc)$|above (airpls|snip)$/;
/** The weights of arPLS follow the noise, which its band does not know of. */
const NARROW = /above arpls$/;
/** Whose path follows the noise: it says so, and gives a sum no error. */
const NONE = /alignment\.dtw$/;

describe('the 95 percent interval of', () => {
  it.each([...PEAK_CASES, ...EDGE_CASES, ...SUM_CASES])(
    '%s holds the truth in 93 to 97 of 100 spectra',
    (name, each) => {
      const { covered, spectra } = coverageOf(each, 2000, 11);
      if (NONE.test(name)) {
        expect(covered).toBeNull();
        return;
      }
      expect(spectra).toBe(2000);
      expect(covered).toBeGreaterThan(NARROW.test(name) ? 0.92 : 0.93);
      expect(covered).toBeLessThan(WIDE.test(name) ? 0.99 : 0.97);
    },
  );
});
