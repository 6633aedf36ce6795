import { describe, expect, it } from 'vitest';
import { baselineOn, parseBaseline, serialiseBaseline, type Baseline } from '../../src/model/baseline.ts';
import { spectrumLayout } from '../../src/model/layout.ts';

const centres = Float64Array.from({ length: 6 }, (_, i) => 20 + 0.1 * i);
const baseline: Baseline = {
  axis: { unit: 'deg', centres },
  noise: 'poisson',
  frames: 4,
  exposureUs: 400_000,
  sum: Float64Array.from([1, 2, 3, 4, 5, 6]),
  sumOfSquares: Float64Array.from([1, 4, 9, 16, 25, 36]),
  madeFrom: 'runs/quiet, frames 0 to 3',
};
const bytesOf = (change: (data: Record<string, unknown>) => void): Uint8Array => {
  const data = JSON.parse(new TextDecoder().decode(serialiseBaseline(baseline))) as Record<string, unknown>;
  change(data);
  return new TextEncoder().encode(JSON.stringify(data));
};
const layoutOf = (coordinates: Float64Array, unit = 'deg') =>
  spectrumLayout({ name: 'twoTheta', unit, coordinates }, { quantity: 'counts', unit: '1', noise: 'poisson' });

describe('a baseline file', () => {
  it('comes back number for number', () => {
    expect(parseBaseline(serialiseBaseline(baseline))).toEqual(baseline);
  });

  it.each([
    [(data: Record<string, unknown>) => (data['format'] = 'operando-baseline/2'), /wrong at format/],
    [(data: Record<string, unknown>) => (data['frames'] = 0), /wrong at frames/],
    [(data: Record<string, unknown>) => (data['sum'] = [1, 2]), /wrong at sum: 2 numbers, expected 6/],
    [(data: Record<string, unknown>) => (data['sum'] = [1, 2, null, 4, 5, 6]), /wrong at sum\.2/],
    [(data: Record<string, unknown>) => (data['axis'] = { unit: 'deg', centres: [1, 2, 2, 4, 5, 6] }), /centres\.2/],
    [(data: Record<string, unknown>) => (data['noise'] = 'pink'), /wrong at noise/],
    [(data: Record<string, unknown>) => delete data['sumOfSquares'], /wrong at sumOfSquares/],
  ])('names the place that is wrong (%#)', (change, place) => {
    expect(() => parseBaseline(bytesOf(change))).toThrow(place);
  });

  it('is refused when it is no JSON', () => {
    expect(() => parseBaseline(new TextEncoder().encode('format: x'))).toThrow(/not JSON/);
  });

  it('gives the part that a region of it covers', () => {
    const part = baselineOn(baseline, layoutOf(centres.slice(2, 5)));
    expect([...part.sum]).toEqual([3, 4, 5]);
    expect([...part.sumOfSquares]).toEqual([9, 16, 25]);
    expect(part.axis.centres).toEqual(centres.slice(2, 5));
  });

  it('serves a layout given by edges', () => {
    const coordinates = Float64Array.from({ length: 7 }, (_, i) => 19.95 + 0.1 * i);
    const layout = spectrumLayout(
      { name: 'twoTheta', unit: 'deg', placement: 'edge', coordinates },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
    expect(baselineOn(baseline, layout).sum).toEqual(baseline.sum);
  });

  it.each([
    ['another unit', layoutOf(centres, 'nm-1'), /in deg, the frames over one in nm-1/],
    ['a channel it does not have', layoutOf(Float64Array.from([20.4, 20.5, 20.6])), /no channel at 20\.6 deg/],
    ['other places', layoutOf(Float64Array.from([20.05, 20.15])), /no channel at 20\.05 deg.*from 20 to 20\.5 deg/],
  ])('is refused for a layout with %s', (_, layout, reason) => {
    expect(() => baselineOn(baseline, layout)).toThrow(reason);
  });
});
