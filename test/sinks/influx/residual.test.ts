import { describe, expect, it } from 'vitest';
import { makeFrame } from '../../../src/model/frame.ts';
import { foldOf } from '../../../src/sinks/influx/foldSpectrum.ts';
import { lineOf } from '../../../src/sinks/influx/lineProtocol.ts';
import { createPointMaker, type SpectrumChoice } from '../../../src/sinks/influx/pointMaker.ts';
import { createResidualMaker } from '../../../src/sinks/influx/residual.ts';
import { createSeriesBook } from '../../../src/sinks/influx/seriesBook.ts';
import { frameAt } from '../signals.ts';

/** What was expected of `frameAt(seq, means.length)`. */
const expectedAt = (seq: number, means: readonly number[], variances: readonly number[]) =>
  makeFrame({
    ...frameAt(seq, means.length),
    values: Float64Array.from(means),
    variances: Float64Array.from(variances),
  });

describe('a residual', () => {
  it('is the difference of the sums over the root of the sum of the variances, in each field', () => {
    const residuals = createResidualMaker();
    const frame = makeFrame({ ...frameAt(3, 4), values: Float64Array.of(10, 20, 30, 40) });
    residuals.keep(frame);
    // What is lent may be written over.
    frame.values.fill(0);
    const got = residuals.residualOf(expectedAt(3, [9, 18, 33, 40], [4, 5, 16, 9]), foldOf(frame.layout, 2));
    expect([...got!]).toEqual([3 / 3, -3 / 5]);
  });

  it('leaves out channels that are masked or of which nothing is expected, and says NaN where none is left', () => {
    const residuals = createResidualMaker();
    const frame = makeFrame({
      ...frameAt(3, 4),
      values: Float64Array.of(10, 20, 30, 40),
      mask: Uint8Array.of(1, 0, 0, 0),
    });
    residuals.keep(frame);
    const expected = expectedAt(3, [9, 18, 33, 40], [4, 4, 0, Infinity]);
    expect([...residuals.residualOf(expected, foldOf(frame.layout, 2))!]).toEqual([1, NaN]);
  });

  it('is none when what was expected belongs to another frame, another size, or has no variances', () => {
    const residuals = createResidualMaker();
    const fold = foldOf(frameAt(3, 4).layout, 4);
    expect(residuals.residualOf(expectedAt(3, [1, 1, 1, 1], [1, 1, 1, 1]), fold)).toBe(null);
    residuals.keep(frameAt(3, 4));
    expect(residuals.residualOf(expectedAt(4, [1, 1, 1, 1], [1, 1, 1, 1]), fold)).toBe(null);
    expect(residuals.residualOf(expectedAt(3, [1, 1], [1, 1]), fold)).toBe(null);
    expect(residuals.residualOf(frameAt(3, 4), fold)).toBe(null);
  });

  it('is written beside what was measured and expected, and spectra of no other node are', () => {
    const lines: string[] = [];
    const choice: SpectrumChoice = {
      channels: 2,
      every: 2,
      periodUs: 1,
      of: ['aligned', 'change'],
      residual: { of: 'aligned', against: 'change' },
    };
    const series = createSeriesBook({ run: 'r', instrument: 'i', modality: 'm', site: 's' });
    const add = createPointMaker(series, choice, (point) => void lines.push(lineOf(point)!));
    for (let seq = 0; seq < 4; seq++) {
      add(frameAt(seq, 2), 'xrd');
      add(frameAt(seq, 2), 'aligned');
      add(expectedAt(seq, [0, 0], [1, 4]), 'change');
    }
    const spectra = lines.filter((line) => line.startsWith('operando_spectrum')).map((line) => line.split(' ')[1]);
    const names = lines.flatMap((line) => /^operando_spectrum,detector=(\w+),.*name=(\w+)/.exec(line)?.slice(1) ?? []);
    expect(names).toEqual([
      ...['aligned', 'measured', 'change', 'expected', 'change', 'residual'],
      ...['aligned', 'measured', 'change', 'expected', 'change', 'residual'],
    ]);
    expect(spectra).toEqual([
      'seq=0,ch000=0,ch001=1',
      'seq=0,ch000=0,ch001=0',
      'seq=0,ch000=0,ch001=0.5',
      'seq=2,ch000=2,ch001=3',
      'seq=2,ch000=0,ch001=0',
      'seq=2,ch000=2,ch001=1.5',
    ]);
  });
});
