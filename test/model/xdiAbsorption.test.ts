import { describe, expect, it } from 'vitest';
import { spectrumLayout } from '../../src/model/layout.ts';
import { parseReferenceSpectrum } from '../../src/model/referenceSpectrum.ts';
import { xdiAbsorption } from '../../src/model/xdiAbsorption.ts';

const header = (...names: string[]): string => names.map((name, k) => `# Column.${k + 1}: ${name}`).join('\n');

describe('the columns of an XDI file', () => {
  it('are fluorescence over the incident beam, whatever their order', () => {
    expect(xdiAbsorption(header('energy eV', 'ifluor', 'i0'))!([7000, 30, 100])).toBe(0.3);
    expect(xdiAbsorption(header('energy eV', 'i0', 'ifluor'))!([7000, 100, 30])).toBe(0.3);
  });
  it('are the logarithm of incident over transmitted', () => {
    expect(xdiAbsorption(header('energy eV', 'itrans', 'i0'))!([7000, 100, 100 * Math.E])).toBeCloseTo(1, 12);
  });
  it('are the absorption where it is a column', () => {
    expect(xdiAbsorption(header('energy eV', 'mutrans', 'i0'))!([7000, 0.7, 100])).toBe(0.7);
  });
  it('say nothing in another text', () => {
    expect(xdiAbsorption('# position value\n1 2')).toBeNull();
    expect(xdiAbsorption(header('energy eV', 'i0'))).toBeNull();
  });
  it('make a reference spectrum on the channels of a stream', () => {
    const text = `#XDI/1.1\n${header('energy eV', 'itrans', 'i0')}\n#---\n 10 100 200\n 12 100 400\n`;
    const layout = spectrumLayout(
      { name: 'energy', unit: 'eV', coordinates: Float64Array.of(10, 11, 12) },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
    const { values, variances } = parseReferenceSpectrum(new TextEncoder().encode(text), layout, 'damaged');
    expect([...values].map((value) => value / Math.LN2)).toEqual(
      [1, 1.5, 2].map((value) => expect.closeTo(value, 12) as number),
    );
    expect(variances).toBeNull();
  });
});
