import fc from 'fast-check';
import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import auto from '../../../adapters/codecs/auto.ts';
import mqttTransport from '../../../adapters/transports/mqtt.ts';
import { encodeFrameCbor, encodeLayoutCbor } from '../../../src/wire/frameCbor.ts';
import { encodeFrameJson, encodeLayoutJson } from '../../../src/wire/frameJson.ts';
import { layoutIdOf } from '../../../src/wire/layoutId.ts';
import { imageV1, imageV2, matrix, startV1, startV2 } from '../../support/dectris.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, startMosquitto, until } from '../../support/servers.ts';
import { createCollector, settingOf } from '../collect.ts';
import { setting, useTransports } from '../transports/startTransport.ts';

const { start, afterwards } = useTransports();
const layout = channelLayout(4);
const frame = (seq: number) => testFrame(layout, seq, [1, 2, 3, 4]);
const id = layoutIdOf(layout);
const image = { width: 3, height: 2, pixels: Uint32Array.of(1, 2, 3, 4, 5, 6) };

function fresh(settings: object = {}) {
  const { outlet, collected } = createCollector();
  const codec = auto.create(auto.config.parse(settings), settingOf('/'));
  const decode = (bytes: Uint8Array | string, parts?: readonly Uint8Array[]): void =>
    codec.decode(
      { channel: '', bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, parts, receivedUs: 1e15 },
      outlet,
    );
  return { decode, collected, codec };
}

describe('the auto codec', () => {
  it('takes JSON and CBOR as they come, the layout in one and the frames in the other, and tells which', () => {
    const { decode, collected, codec } = fresh();
    expect(codec.found?.()).toBe('');
    decode(encodeLayoutJson(layout, 's'));
    decode(encodeFrameCbor(frame(1), id));
    decode(encodeFrameJson(frame(2), id));
    expect(collected.frames.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(collected.reports).toEqual(['ok: packets come as JSON', 'ok: packets come as JSON and CBOR']);
  });

  it('takes JSON behind blanks and a byte order mark', () => {
    const { decode, collected } = fresh();
    decode(`\ufeff \n${Buffer.from(encodeLayoutJson(layout, 's')).toString()}`);
    decode(`\t ${Buffer.from(encodeFrameJson(frame(1), id)).toString()}`);
    expect(collected.frames).toHaveLength(1);
    expect(collected.rejections).toEqual([]);
  });

  it('takes both streams of Dectris detectors, summed as it is told', () => {
    const first = fresh({ dectris: { project: 'x' } });
    const plain = (bytes: Uint8Array): Uint8Array => bytes;
    for (const [bytes, ...parts] of [startV1(1, { count_time: 0.01 }), imageV1(1, 0, image, '<', plain)])
      first.decode(bytes!, parts);
    expect(first.collected.frames.map(({ values }) => [...values])).toEqual([[5, 7, 9]]);
    const second = fresh({ dectris: { project: 'y' } });
    for (const bytes of [startV2(), imageV2(0, { threshold_1: matrix(image) })]) second.decode(bytes);
    expect(second.collected.frames.map(({ values }) => [...values])).toEqual([[6, 15]]);
    expect(second.collected.reports).toEqual(['ok: packets come as a Dectris stream']);
  });

  it.each([
    ['\u0089PNG\r\n\u001a\n rest', 'garbage', 'looks like a PNG image'],
    ['\u0089HDF\r\n\u001a\n rest', 'garbage', 'looks like HDF5'],
    ['1;2;3', 'garbage', 'looks like text that is not JSON'],
    ['<?xml version="1.0"?><a/>', 'garbage', 'looks like XML'],
    ['\u0007\u0000\u00ff\u0001', 'garbage', 'looks like a binary packet of an unknown kind'],
    ['\u0000\u0000\u0000\u0000', 'garbage', 'looks like nothing but zero bytes'],
    ['', 'truncated', 'is empty'],
  ])('refuses %j, and says what was seen', (text, reason, seen) => {
    const { decode, collected } = fresh();
    decode(Buffer.from(text, 'latin1'));
    expect(collected.rejections).toMatchObject([{ reason, detail: expect.stringContaining(seen) as string }]);
    decode(encodeLayoutCbor(layout, 's'));
    decode(encodeFrameCbor(frame(1), id));
    expect(collected.frames).toHaveLength(1);
  });

  it('never throws, whatever the bytes', () => {
    const { decode } = fresh();
    const heads = fc.constantFrom('', '{', '[', '{"htype":"d', '\u00a4dtype', '\u00bfdtypeeimage', '\u00a2dtypeestart');
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 60 }), (head, tail) => {
        decode(Buffer.concat([Buffer.from(head, 'latin1'), tail]));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  const hasMosquitto = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);
  it.skipIf(!hasMosquitto)('needs no properties of MQTT 5, nor believes them: an older link drops them', async () => {
    const server = await startMosquitto();
    afterwards(() => server.stop());
    const transport = (version: string) =>
      mqttTransport.create(mqttTransport.config.parse({ url: server.url, version, topics: ['frames'] }), setting);
    const links = ['3.1.1', '5'].map((version) =>
      start(transport(version), auto.create(auto.config.parse({}), setting)),
    );
    for (const { reports } of links) await until('it is up', () => reports.at(-1)!.startsWith('ok'));
    const client = await mqtt.connectAsync(server.url, { protocolVersion: 5 });
    afterwards(() => client.endAsync(true));
    const send = (bytes: Uint8Array, contentType: string) =>
      client.publishAsync('frames', Buffer.from(bytes), { qos: 1, properties: { contentType } });
    await send(encodeLayoutCbor(layout, 's'), 'application/cbor');
    await send(encodeFrameCbor(frame(1), id), 'application/json');
    await send(encodeFrameJson(frame(2), id), 'application/cbor');
    for (const { frames } of links) {
      await until('both frames', () => frames.length === 2);
      expect(frames.map(({ seq }) => seq)).toEqual([1, 2]);
    }
    await server.kill();
    await server.restart();
    for (const { reports } of links)
      await until('what was found is told again', () => reports.at(-1) === 'ok: packets come as CBOR and JSON');
  });
});
