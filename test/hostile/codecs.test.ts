import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cbor from '../../adapters/codecs/cbor.ts';
import json from '../../adapters/codecs/json.ts';
import type { Codec } from '../../src/model/adapter.ts';
import { encodeCborItem } from '../../src/wire/cborItem.ts';
import { encodeJsonItem } from '../../src/wire/jsonItem.ts';
import { createCollector, settingOf } from '../adapters/collect.ts';
import { CHANNELS, goodFrame, goodLayout, hostileCorpus } from './corpus.ts';

const forms = [
  { form: 'cbor', create: cbor.create, parse: cbor.config, encode: encodeCborItem },
  { form: 'json', create: json.create, parse: json.config, encode: encodeJsonItem },
] as const;

describe.each(forms)('the $form codec', ({ form, create, parse, encode }) => {
  const fresh = (maxBytes?: number) => {
    const codec: Codec = create(parse.parse(maxBytes === undefined ? {} : { maxBytes }), settingOf('/'));
    const { outlet, collected } = createCollector();
    const decode = (bytes: Uint8Array): void => codec.decode({ channel: 'frames/s', bytes, receivedUs: 0 }, outlet);
    decode(encode(goodLayout));
    return { decode, collected };
  };

  it.each(hostileCorpus.filter((entry) => entry[form] !== undefined))(
    'refuses $name ($reason), and goes on',
    (entry) => {
      const { decode, collected } = fresh(entry.name === 'too many bytes' ? 65_536 : undefined);
      decode(entry[form]!);
      expect(collected.rejections.map(({ reason }) => reason)).toEqual([entry.reason]);
      expect(collected.rejections[0]!.detail).not.toBe('');
      expect(collected.frames).toEqual([]);
      decode(encode(goodLayout));
      decode(encode(goodFrame));
      expect(collected.rejections).toHaveLength(1);
      expect(collected.frames).toMatchObject([{ seq: 1, stream: 's', values: new Float64Array(CHANNELS).fill(2) }]);
    },
  );

  it('takes what only looks wrong: NaN, negative and infinite values are for the ingress to judge', () => {
    const { decode, collected } = fresh();
    const values = new Float64Array(CHANNELS).fill(-1);
    values[0] = NaN;
    decode(encode({ ...goodFrame, values }));
    expect(collected.frames[0]!.values).toEqual(values);
  });

  it('takes counts that come as plain integers', () => {
    const { decode, collected } = fresh();
    decode(encode({ ...goodFrame, values: Array.from({ length: CHANNELS }, (_, i) => i) }));
    expect(collected.frames[0]!.values[7]).toBe(7);
  });

  it('a frame that shrinks with its layout under the same name is measured by the new layout', () => {
    const { decode, collected } = fresh();
    const axis = { name: 'channel', unit: '1', placement: 'centre', coordinates: Float64Array.of(0, 1, 2) };
    decode(encode({ ...goodLayout, axes: [axis] }));
    decode(encode(goodFrame));
    decode(encode({ ...goodFrame, values: Float64Array.of(1, 2, 3) }));
    expect(collected.rejections.map(({ reason }) => reason)).toEqual(['length']);
    expect(collected.frames).toMatchObject([{ values: Float64Array.of(1, 2, 3), layout: { size: 3 } }]);
  });

  it('takes only its own stream where several share a wire', () => {
    const codec = create(parse.parse({ stream: 's' }), settingOf('/', { stream: 'mine' }));
    const { outlet, collected } = createCollector();
    for (const item of [goodLayout, goodFrame, { ...goodLayout, stream: 'other' }, { ...goodFrame, stream: 'other' }])
      codec.decode({ channel: '', bytes: encode(item), receivedUs: 0 }, outlet);
    expect(collected.frames.map(({ stream }) => stream)).toEqual(['mine']);
    expect(collected.rejections).toEqual([]);
  });

  it('never throws, whatever the bytes: random ones, and a good frame with some of its bytes changed', () => {
    const { decode, collected } = fresh();
    const good = encode(goodFrame);
    const spoiled = fc
      .array(fc.record({ at: fc.nat({ max: good.length - 1 }), byte: fc.nat({ max: 255 }) }), { maxLength: 6 })
      .map((changes) => {
        const bytes = good.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), spoiled), (bytes) => decode(bytes)),
      { numRuns: 3000, seed: 7 },
    );
    expect(collected.rejections.length).toBeGreaterThan(1000);
  });
});
