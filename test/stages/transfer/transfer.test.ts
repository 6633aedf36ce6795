import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cloneFrame, type Frame } from '../../../src/model/frame.ts';
import type { Reading } from '../../../src/model/signal.ts';
import { serialiseTransfer, type Transfer } from '../../../src/model/transferFile.ts';
import apply from '../../../src/stages/transfer/apply.ts';
import slopeBias from '../../../src/stages/transfer/slopeBias.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';

const centres = Float64Array.of(0, 1, 2, 3);
const axis = { name: 'channel', unit: '1', centres };
/** Each channel is twice itself and once its right neighbour, and one more per second. */
const transfer: Transfer = {
  method: 'pds',
  slave: axis,
  master: { name: 'ramanShift', unit: 'cm-1', centres: centres.map((x) => 100 + 2 * x) },
  map: {
    kind: 'banded',
    halfWindow: 1,
    coefficients: Float64Array.of(0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 0),
    offset: Float64Array.of(1, 1, 1, 1),
  },
  error: Float64Array.of(10, 10, 10, 10),
  per: 'second',
  standards: 5,
  madeFrom: 'a test',
};
const stageOf = (given: Transfer, settings: { band?: 'both' } = {}) =>
  apply.create('t', { file: 't.json', ...settings }, { assets: { file: serialiseTransfer(given) } });

function once(stage: ReturnType<typeof stageOf>, frame: Frame): Frame {
  let seen: Frame | undefined;
  stage.process(frame, (signal) => (seen = cloneFrame(signal)));
  return seen!;
}
const layout = channelLayout(4);
const counts = [10, 20, 30, 40];

describe('transfer.apply', () => {
  it('applies the map to rates, whatever the exposure, on the axis of the master', () => {
    const out = once(stageOf(transfer), testFrame(layout, 0, counts));
    // The frame lasts 0.1 s: the offset is a tenth of that per second.
    [40.1, 70.1, 100.1, 80.1].forEach((value, j) => expect(out.values[j]).toBeCloseTo(value, 9));
    // Channel j holds twice itself and its right neighbour: their variances add up to that of the sum, 2^2 10 + 3^2 (20 + 30 + 40).
    expect([...out.variances!]).toEqual([100, 210, 300, 240]);
    expect(out.layout.axes[0]).toMatchObject({ name: 'ramanShift', unit: 'cm-1' });
    expect(out.layout.noise).toBe('gaussian');
    expect(out.mask).toBeUndefined();
  });

  it('adds the error of the transfer when told to, and refuses that of a file that knows none', () => {
    const out = once(stageOf(transfer, { band: 'both' }), testFrame(layout, 0, counts));
    expect(out.variances![0]).toBeCloseTo(101, 9);
    expect(() => once(stageOf({ ...transfer, error: null }, { band: 'both' }), testFrame(layout, 0, counts))).toThrow(
      't: t.json does not know its error',
    );
  });

  it('masks what a masked channel takes part in, and no more', () => {
    const frame = testFrame(layout, 0, counts, { mask: Uint8Array.of(0, 0, 1, 0) });
    expect([...once(stageOf(transfer), frame).mask!]).toEqual([0, 1, 1, 0]);
  });

  it('masks the channels whose window reaches beyond a part of the axis', () => {
    expect([...once(stageOf(transfer), testFrame(channelLayout(3), 0, [1, 2, 3])).mask!]).toEqual([0, 0, 1]);
  });

  it('masks a frame of no exposure when the file counts per second', () => {
    expect([...once(stageOf(transfer), testFrame(layout, 0, counts, { exposureUs: 0 })).mask!]).toEqual([1, 1, 1, 1]);
  });

  it('refuses another axis, and a part of it where the map needs the whole', () => {
    expect(() => once(stageOf(transfer), testFrame(channelLayout(5), 0, [1, 2, 3, 4, 5]))).toThrow(
      'the transfer has no channel at 4 1; it has 4, from 0 to 3 1',
    );
    const whole: Transfer = {
      ...transfer,
      master: axis,
      map: { kind: 'lowRank', identity: true, from: centres, to: centres, inwards: [], outwards: [] },
    };
    expect([...once(stageOf({ ...whole, per: 'frame' }), testFrame(layout, 0, counts)).values]).toEqual(counts);
    expect(() => once(stageOf(whole), testFrame(channelLayout(3), 0, [1, 2, 3]))).toThrow(
      'needs all its 4 channels, got 3',
    );
  });

  it('refuses a file that is none, with the place', () => {
    const broken = { ...transfer, map: { ...transfer.map, offset: Float64Array.of(1, 1) } } as Transfer;
    expect(() => once(stageOf(broken), testFrame(layout, 0, counts))).toThrow(
      'wrong at map.offset: 2 numbers, expected 4',
    );
  });

  it('works with the example', () => {
    const stage = apply.create('t', apply.example, {
      assets: { file: readFileSync('examples/channel-transfer.json') },
    });
    expect(once(stage, testFrame(channelLayout(80), 0, new Float64Array(80).fill(7))).values[40]).toBeCloseTo(7, 9);
  });
});

describe('transfer.slopeBias', () => {
  const reading: Reading = {
    type: 'reading',
    stream: 's',
    seq: 3,
    timeUs: 5,
    stage: 'fit',
    name: 'content',
    value: 10,
    standardError: 0.5,
    unit: '%',
    quality: 'valid',
  };
  const corrected = (given: Reading): Reading[] => {
    const seen: Reading[] = [];
    slopeBias
      .create('c', { reading: 'content', stage: 'fit', slope: 0.9, bias: 1, scatter: 0.3 })
      .process(given, (signal) => seen.push(signal));
    return seen;
  };

  it('corrects the reading it is for, with both kinds of errors, and hands on no other', () => {
    const [out] = corrected({ ...reading, systematicError: 0.4 / 0.9 });
    expect(out).toMatchObject({ stage: 'c', name: 'content', value: 10, unit: '%', standardError: 0.45 });
    expect(out!.systematicError).toBeCloseTo(0.5, 12);
    expect(corrected({ ...reading, name: 'width' })).toEqual([]);
    expect(corrected({ ...reading, stage: 'other' })).toEqual([]);
  });
});
