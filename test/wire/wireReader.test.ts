import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneFrame, makeFrame } from '../../src/model/frame.ts';
import type { Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import { decodeCborItem } from '../../src/wire/cborItem.ts';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../src/wire/frameCbor.ts';
import { encodeFrameJson, encodeLayoutJson, encodeSlowJson } from '../../src/wire/frameJson.ts';
import { decodeJsonItem } from '../../src/wire/jsonItem.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { createWireReader } from '../../src/wire/wireReader.ts';

const layout = spectrumLayout(
  { name: 'twoTheta', unit: 'deg', coordinates: Float64Array.of(10, 11, 12.5) },
  { quantity: 'counts', unit: '1', noise: 'poisson' },
);
const forms = [
  ['CBOR', decodeCborItem, encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor],
  ['JSON', decodeJsonItem, encodeFrameJson, encodeLayoutJson, encodeSlowJson],
] as const;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const frames: fc.Arbitrary<Frame> = fc
  .record({
    seq: fc.nat(),
    timeUs: fc.nat({ max: 2 ** 51 }),
    exposureUs: fc.nat(),
    unseenExposureUs: fc.nat(),
    axisShift: finite,
    flags: fc.nat({ max: 31 }),
    values: fc.array(finite, { minLength: 3, maxLength: 3 }),
    variances: fc.option(fc.array(finite, { minLength: 3, maxLength: 3 }), { nil: undefined }),
    mask: fc.option(fc.array(fc.nat({ max: 1 }), { minLength: 3, maxLength: 3 }), { nil: undefined }),
    temperature: finite,
    ageUs: fc.nat(),
  })
  .map(({ temperature, ageUs, values, variances, mask, ...rest }) =>
    makeFrame({
      ...rest,
      stream: 'xrd',
      layout,
      values: Float64Array.from(values),
      variances: variances && Float64Array.from(variances),
      mask: mask && Uint8Array.from(mask),
      context: { temperature },
      contextAgeUs: { temperature: ageUs },
    }),
  );

describe.each(forms)('the wire format in %s', (_, decode, encodeFrame, encodeLayout, encodeSlow) => {
  it('gives back every field of a frame exactly', () => {
    const reader = createWireReader();
    expect(reader.read(decode(encodeLayout(layout, 'xrd')), '')).toBeNull();
    fc.assert(
      fc.property(frames, (frame) => {
        expect(reader.read(decode(encodeFrame(frame, layoutIdOf(layout))), '')).toEqual(frame);
      }),
    );
  });

  it('lends one frame and one array per stream and layout', () => {
    const reader = createWireReader({ stream: 'mine' });
    const frame = makeFrame({
      stream: 'xrd',
      seq: 1,
      timeUs: 2,
      exposureUs: 3,
      layout,
      values: Float64Array.of(1, 2, 3),
    });
    reader.read(decode(encodeLayout(layout, 'xrd')), '');
    const first = reader.read(decode(encodeFrame(frame, layoutIdOf(layout))), '') as Frame;
    reader.read(decode(encodeLayout(layout, 'xrd')), '');
    const next = cloneFrame(frame);
    next.values[0] = 7;
    const second = reader.read(decode(encodeFrame(next, layoutIdOf(layout))), '') as Frame;
    expect(second.values).toBe(first.values);
    expect(second.layout).toBe(first.layout);
    expect([second.values[0], second.stream]).toEqual([7, 'mine']);
  });

  it('names a slow signal after its channel when it does not name itself', () => {
    const sample = { type: 'slow', name: 'temperature', timeUs: 5, value: 300.25, unit: 'K' } as const;
    const reader = createWireReader();
    expect(reader.read(decode(encodeSlow(sample)), 'x')).toEqual(sample);
    expect(reader.read({ timeUs: 5, value: 300.25, unit: 'K' }, 'a/signals/temperature')).toEqual(sample);
  });

  it('declared noise wins over what the wire says', () => {
    const reader = createWireReader({ noise: 'unknown' });
    reader.read(decode(encodeLayout(layout, 'xrd')), '');
    const frame = makeFrame({
      stream: 'xrd',
      seq: 1,
      timeUs: 2,
      exposureUs: 3,
      layout,
      values: Float64Array.of(1, 2, 3),
    });
    expect((reader.read(decode(encodeFrame(frame, layoutIdOf(layout))), '') as Frame).layout.noise).toBe('unknown');
  });
});

describe('layoutIdOf', () => {
  it('is the same for equal layouts and another for any difference', () => {
    const twin = { ...layout, axes: [{ ...layout.axes[0]!, coordinates: Float64Array.of(10, 11, 12.5) }] };
    const others = [
      { ...layout, unit: 's-1' },
      { ...layout, noise: 'unknown' as const },
      { ...layout, axes: [{ ...layout.axes[0]!, coordinates: Float64Array.of(10, 11, 12.500001) }] },
      { ...layout, axes: [{ ...layout.axes[0]!, name: 'q' }] },
    ];
    expect(layoutIdOf(layout)).toMatch(/^[0-9a-f]{16}$/);
    expect(layoutIdOf(twin)).toBe(layoutIdOf(layout));
    expect(new Set([layout, ...others].map(layoutIdOf)).size).toBe(5);
  });
});

describe('a frame of 1024 channels', () => {
  it('is decoded without allocating an array of its own', () => {
    const wide = spectrumLayout(
      { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: 1024 }, (_, i) => i) },
      { quantity: 'counts', unit: '1', noise: 'poisson' },
    );
    const frame = makeFrame({
      stream: 'a',
      seq: 1,
      timeUs: 2,
      exposureUs: 3,
      layout: wide,
      values: new Float64Array(1024),
    });
    const bytes = encodeFrameCbor(frame, layoutIdOf(wide));
    const reader = createWireReader();
    reader.read(decodeCborItem(encodeLayoutCbor(wide, 'a')), '');
    reader.read(decodeCborItem(bytes), '');
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 200; i++) reader.read(decodeCborItem(bytes), '');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8192);
  });
});
