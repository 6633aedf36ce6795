import { describe, expect, it } from 'vitest';
import { createXrdPattern } from '../../../simulators/forward/xrdPattern.ts';
import type { XrdState } from '../../../simulators/forward/xrdPattern.ts';

const ANATASE_AT_950: XrdState = {
  temperature: 950,
  amorphous: 0.1,
  anatase: 0.9,
  rutile: 0,
  anataseSize: 30,
  rutileSize: 60,
  strain: 6e-4,
  texture: 1,
  zero: 0,
  height: 0,
};
const draw = (pattern: ReturnType<typeof createXrdPattern>, state: XrdState, channels = 1024): Float64Array => {
  const out = new Float64Array(channels);
  pattern.mean(state, 10, out);
  return out;
};
const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const highest = (values: Float64Array): number => values.indexOf(Math.max(...values));

describe('the diffraction model', () => {
  it('does not depend on what it computed before', () => {
    const used = createXrdPattern(1024);
    draw(used, { ...ANATASE_AT_950, zero: 0.02, rutile: 0.4 });
    draw(used, { ...ANATASE_AT_950, temperature: 960 });
    expect(draw(used, ANATASE_AT_950)).toEqual(draw(createXrdPattern(1024), ANATASE_AT_950));
  });

  it('is linear in the volume fractions', () => {
    const pattern = createXrdPattern(1024);
    const none = draw(pattern, { ...ANATASE_AT_950, amorphous: 0, anatase: 0 });
    const one = draw(pattern, { ...ANATASE_AT_950, amorphous: 0, anatase: 0.3 });
    const two = draw(pattern, { ...ANATASE_AT_950, amorphous: 0, anatase: 0.6 });
    none.forEach((value, i) => expect(two[i] - one[i]).toBeCloseTo(one[i] - value, 9));
  });

  it('moves by the zero error, and down by a low sample', () => {
    const pattern = createXrdPattern(4096);
    const at = highest(draw(pattern, ANATASE_AT_950, 4096));
    expect(highest(draw(pattern, { ...ANATASE_AT_950, zero: 0.1 }, 4096)) - at).toBe(10);
    expect(highest(draw(pattern, { ...ANATASE_AT_950, height: 0.2 }, 4096)) - at).toBeCloseTo(-10.3, -0.5);
  });

  it('keeps its counts whatever the number of channels', () => {
    const fine = total(draw(createXrdPattern(4096), ANATASE_AT_950, 4096));
    const coarse = total(draw(createXrdPattern(512), ANATASE_AT_950, 512));
    expect(fine / coarse).toBeCloseTo(1, 2);
  });
});
