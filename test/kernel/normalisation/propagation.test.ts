import { describe, expect, it } from 'vitest';
import { divideByArea } from '../../../src/kernel/normalisation/area.ts';
import { emsc } from '../../../src/kernel/normalisation/emsc.ts';
import { createEmscModel } from '../../../src/kernel/normalisation/emscModel.ts';
import { createEmscWorkspace } from '../../../src/kernel/normalisation/emscWorkspace.ts';
import { divideByNorm } from '../../../src/kernel/normalisation/euclidean.ts';
import { divideByMaximum } from '../../../src/kernel/normalisation/maximum.ts';
import { divideByWeightedSum, referencePeakWeights } from '../../../src/kernel/normalisation/referencePeak.ts';
import { snv } from '../../../src/kernel/normalisation/snv.ts';

const n = 24;
const values = Float64Array.from({ length: n }, (_, i) => 20 + 4 * Math.sin(i) + 90 * Math.exp(-(((i - 11) / 3) ** 2)));
const variances = values.map((value, i) => value * (1 + 0.3 * Math.cos(3 * i)));
const mask = Uint8Array.from({ length: n }, (_, i) => (i === 4 || i === 19 ? 1 : 0));
const model = createEmscModel({
  axis: values.map((_, i) => i),
  reference: values.map((value, i) => 0.8 * value + 3 * Math.cos(i)),
  order: 2,
  interferents: [values.map((_, i) => Math.exp(-(((i - 17) / 2) ** 2)))],
  weights: values.map((_, i) => (i < 6 ? 0.5 : 1)),
});
const work = createEmscWorkspace(model);
const weights = referencePeakWeights({ first: 8, end: 15, sides: 2 }, new Float64Array(n));

interface Options {
  readonly variances?: Float64Array;
  readonly outVariances?: Float64Array;
  readonly mask?: Uint8Array;
}
type Normalise = (y: Float64Array, options: Options, out: Float64Array) => number;

const kernels: Readonly<Record<string, Normalise>> = {
  'the area': (y, options, out) => divideByArea(y, { ...options, first: 3, end: 20 }, out),
  'the maximum': (y, options, out) => divideByMaximum(y, options, out),
  'the Euclidean norm': (y, options, out) => divideByNorm(y, options, out),
  'the standard normal variate': (y, options, out) => snv(y, options, out),
  'a reference peak': (y, options, out) => divideByWeightedSum(y, { ...options, weights }, out),
  EMSC: (y, options, out) => emsc(y, work, options, out),
};

/** What every channel's change does to all results, by differences. */
function byDifferences(normalise: Normalise, options: Options): Float64Array {
  const sum = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const moved = [1, -1].map((sign) => {
      const y = values.slice();
      y[j] = y[j]! + sign * 1e-3;
      const out = new Float64Array(n);
      normalise(y, options, out);
      return out;
    });
    for (let i = 0; i < n; i++) sum[i] = sum[i]! + ((moved[0]![i]! - moved[1]![i]!) / 2e-3) ** 2 * variances[j]!;
  }
  return sum;
}

describe.each(Object.entries(kernels))('the variances after division by %s', (name, normalise) => {
  const uses = name === 'a reference peak' ? [undefined] : [undefined, mask];
  it.each(uses)('are those of all channels together, mask %#', (used) => {
    const options = used === undefined ? {} : { mask: used };
    const outVariances = new Float64Array(n);
    expect(normalise(values, { ...options, variances, outVariances }, new Float64Array(n))).toBeGreaterThan(0);
    const wanted = byDifferences(normalise, options);
    for (let i = 0; i < n; i++)
      expect(Math.abs(outVariances[i]! - wanted[i]!), `channel ${i}`).toBeLessThan(1e-5 * wanted[i]! + 1e-12);
  });
});

describe('EMSC', () => {
  it('finds the same coefficients when channels it does not need are masked', () => {
    const made = values.map((_, i) => {
      const t = (2 * (i - (n - 1) / 2)) / (n - 1);
      return 1.5 * model.reference[i]! + 7 + 3 * t - t * t;
    });
    for (const i of [4, 19]) made[i] = NaN;
    expect(emsc(made, work, { mask }, new Float64Array(n))).toBeCloseTo(1.5, 10);
    expect([...work.coefficients].map((c) => Number(c.toFixed(9)) + 0)).toEqual([1.5, 0, 7, 3, -1]);
  });

  it('flags a spectrum of which too few channels are left', () => {
    expect(emsc(values, work, { mask: new Uint8Array(n).fill(1, 3) }, new Float64Array(n))).toBe(0);
  });
});
