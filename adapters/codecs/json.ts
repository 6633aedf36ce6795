import { defineCodec } from '../../src/model/defineAdapter.ts';
import { decodeJsonItem } from '../../src/wire/jsonItem.ts';
import { wireCodecOf, wireCodecSettings } from '../wireCodecSettings.ts';

export default defineCodec({
  name: 'json',
  summary: 'Frames, layouts and slow signals as JSON objects with plain arrays; null is a missing value.',
  config: wireCodecSettings,
  example: {},
  create: (settings, setting) => wireCodecOf({ name: 'json', decodeItem: decodeJsonItem }, settings, setting),
});
