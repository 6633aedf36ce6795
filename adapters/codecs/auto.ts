import type { Codec } from '../../src/model/adapter.ts';
import { defineCodec } from '../../src/model/defineAdapter.ts';
import { decodeCborItem } from '../../src/wire/cborItem.ts';
import { decodeJsonItem } from '../../src/wire/jsonItem.ts';
import { wireCodecOf, wireCodecSettings } from '../wireCodecSettings.ts';
import { describePacket, recognise, type PacketForm } from './auto/recognise.ts';
import dectris from './dectris.ts';

const FORM_NAMES: Readonly<Record<PacketForm, string>> = {
  json: 'JSON',
  cbor: 'CBOR',
  dectris: 'a Dectris stream',
};

export default defineCodec({
  name: 'auto',
  summary: 'JSON, CBOR or a Dectris stream, told apart by the bytes of each packet.',
  config: wireCodecSettings.extend({
    dectris: dectris.config.optional().describe('How images are read, should they come from a Dectris detector.'),
  }),
  example: {},
  create({ dectris: images, ...settings }, setting) {
    // One reader for both forms of our own: the layout may come as JSON, and the frames as CBOR.
    const own = wireCodecOf(
      {
        name: 'auto',
        decodeItem: (bytes, limits) =>
          recognise(bytes) === 'json' ? decodeJsonItem(bytes, limits) : decodeCborItem(bytes, limits),
      },
      settings,
      setting,
    );
    const codecs: Record<PacketForm, Codec | undefined> = { json: own, cbor: own, dectris: undefined };
    const found = new Set<string>();
    const words = (): string => (found.size === 0 ? '' : `packets come as ${[...found].join(' and ')}`);
    return {
      name: 'auto',
      found: words,
      decode(packet, outlet) {
        const { bytes } = packet;
        const form = recognise(bytes);
        if (form === undefined) {
          const reason = bytes.length === 0 ? 'truncated' : 'garbage';
          const detail = `the packet ${describePacket(bytes)}, expected JSON, CBOR or a Dectris stream`;
          outlet.reject({ reason, detail, bytes });
          return;
        }
        if (!found.has(FORM_NAMES[form])) {
          found.add(FORM_NAMES[form]);
          outlet.report({ state: 'ok', detail: words() });
        }
        // Only who has a Dectris detector pays for one.
        codecs[form] ??= dectris.create(images ?? dectris.config.parse({ maxBytes: settings.maxBytes }), setting);
        codecs[form].decode(packet, outlet);
      },
    };
  },
});
