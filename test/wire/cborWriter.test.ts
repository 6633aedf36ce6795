import { decode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFrame, type Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { SlowSample } from '../../src/model/signal.ts';
import { decodeCborItem, encodeCborItem } from '../../src/wire/cborItem.ts';
import { CborWriter, createCborTarget, encodedText } from '../../src/wire/cborWriter.ts';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { frameForm, slowForm } from '../../src/wire/wireForm.ts';
import { createWireReader } from '../../src/wire/wireReader.ts';
import { frameMostBytes, slowMostBytes } from '../../src/wire/writeFrame.ts';
import { countBuffers } from '../laws/allocations.ts';

const EDGES = [0, -0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 1e300];
const edges = [...EDGES, ...EDGES.map((value) => -value), -25, NaN, Infinity, -Infinity, 5e-324, 0.5, -0.1];
const anyNumber = fc.oneof(fc.constantFrom(...edges), fc.double(), fc.maxSafeInteger());
const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__');
const durationUs = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const layout = spectrumLayout(
  { name: 'energy', unit: 'eV', coordinates: Float64Array.of(1, 2, 4, 8) },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const numbers = fc.array(anyNumber, { minLength: 4, maxLength: 4 }).map((values) => Float64Array.from(values));
const names = fc.uniqueArray(anyName, { maxLength: 30 });
const frames: fc.Arbitrary<Frame> = fc
  .record({
    stream: anyName,
    seq: fc.maxSafeInteger().map(Math.abs),
    timeUs: fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 51),
    exposureUs: durationUs,
    unseenExposureUs: durationUs,
    axisShift: anyNumber.map((value) => (Number.isNaN(value) ? 0 : value + 0)),
    flags: fc.nat({ max: 31 }),
    values: numbers,
    variances: fc.option(numbers, { nil: undefined }),
    mask: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    context: names.chain((keys) =>
      fc.tuple(...keys.map(() => anyNumber)).map((found) => Object.fromEntries(keys.map((key, i) => [key, found[i]!]))),
    ),
    ageUs: anyNumber,
  })
  .map(({ ageUs, ...parts }) =>
    makeFrame({
      ...parts,
      layout,
      contextAgeUs: Object.fromEntries(Object.keys(parts.context).map((key, i) => [key, ageUs + i])),
    }),
  );

describe('a frame written in place', () => {
  it('is the map that the general encoder makes of its form', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = encodeFrameCbor(frame, layoutIdOf(layout));
        expect(decodeCborItem(bytes)).toEqual(decodeCborItem(encodeCborItem(frameForm(frame, layoutIdOf(layout)))));
        expect(bytes.length).toBeLessThanOrEqual(frameMostBytes(frame));
      }),
    );
  });

  it('is read back exactly, context and ages to the last bit', () => {
    const reader = createWireReader();
    fc.assert(
      fc.property(frames, (frame) => {
        reader.read(decodeCborItem(encodeLayoutCbor(layout, frame.stream)), '');
        expect(reader.read(decodeCborItem(encodeFrameCbor(frame, layoutIdOf(layout))), '')).toEqual(frame);
      }),
    );
  });
});

describe('a slow sample written in place', () => {
  it('is the map that the general encoder makes of its form', () => {
    const samples: fc.Arbitrary<SlowSample> = fc.record({
      type: fc.constant('slow'),
      name: anyText,
      timeUs: anyNumber,
      value: anyNumber,
      unit: anyText,
    });
    fc.assert(
      fc.property(samples, (sample) => {
        const bytes = encodeSlowCbor(sample);
        expect(decodeCborItem(bytes)).toEqual(decodeCborItem(encodeCborItem(slowForm(sample))));
        expect(bytes.length).toBeLessThanOrEqual(slowMostBytes(sample));
      }),
    );
  });
});

describe('a CBOR writer', () => {
  const writer = new CborWriter();
  const target = createCborTarget(4096);
  const written = (write: () => void): Uint8Array => {
    writer.aim(target, 5);
    write();
    return new Uint8Array(target.bytes.subarray(5, writer.at));
  };

  it('writes every number so that the same bits are read', () => {
    for (const value of edges) expect(decode(written(() => writer.number(value)))).toBe(value);
    fc.assert(fc.property(anyNumber, (value) => Object.is(decode(written(() => writer.number(value))), value)));
  });

  it('writes integers as short as the general encoder', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...edges), fc.maxSafeInteger()), (value) => {
        fc.pre(Number.isSafeInteger(value) && !Object.is(value, -0));
        expect(written(() => writer.number(value))).toEqual(encodeCborItem(value));
      }),
    );
  });

  it('writes texts of any length and script, known or new', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const expected = encodeCborItem(text);
        expect(written(() => writer.text(text))).toEqual(expected);
        expect(written(() => writer.word(text))).toEqual(expected);
        expect(written(() => writer.word(text))).toEqual(expected);
        expect(encodedText(text)).toEqual(expected);
      }),
    );
  });

  it('forgets texts when there are too many, and writes them all the same', () => {
    for (let i = 0; i < 10_000; i++)
      expect(decode(written(() => writer.word(`word ${i % 6000}`)))).toBe(`word ${i % 6000}`);
  });

  it('makes no array buffer for a text that it knows', () => {
    written(() => writer.word('temperature'));
    const write = () => {
      writer.aim(target, 0);
      writer.word('temperature');
      writer.number(0.25);
    };
    expect(countBuffers(write)).toBe(0);
  });
});
