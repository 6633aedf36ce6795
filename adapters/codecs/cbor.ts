import { defineCodec } from '../../src/model/defineAdapter.ts';
import { decodeCborItem } from '../../src/wire/cborItem.ts';
import { wireCodecOf, wireCodecSettings } from '../wireCodecSettings.ts';

export default defineCodec({
  name: 'cbor',
  summary: 'Frames, layouts and slow signals as CBOR maps with typed arrays (RFC 8746).',
  config: wireCodecSettings,
  example: {},
  create: (settings, setting) => wireCodecOf({ name: 'cbor', decodeItem: decodeCborItem }, settings, setting),
});
